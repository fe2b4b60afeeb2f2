"""One small good recording of each format, to be damaged."""

import json

SAID = ("3号楼2单元水管漏水", "好的收到", "没人管吗")
LINES = [
    {"conv": "a", "seq": n, "id": f"a{n}", "sender": f"u{n}", "role": "resident", "text": t} for n, t in enumerate(SAID)
]
TELEGRAM = {
    "name": "群",
    "type": "private_supergroup",
    "id": 1,
    "messages": [
        {
            "id": n,
            "type": "message",
            "date": f"2026-03-02T09:0{n}:00",
            "from": "王阿姨",
            "from_id": f"user{n}",
            "text": t,
        }
        for n, t in enumerate(SAID)
    ],
}
CHATLAB = {
    "chatlab": {"version": "0.0.2"},
    "meta": {"name": "群", "platform": "wechat", "type": "group", "groupId": "g"},
    "members": [{"platformId": "u1", "accountName": "王阿姨"}],
    "messages": [
        {"sender": "u1", "accountName": "王阿姨", "timestamp": 1772413200 + n, "type": 0, "content": t}
        for n, t in enumerate(SAID)
    ],
}
QUOTE = "<refermsg><svrid>7</svrid><content>漏水</content></refermsg>"
APP = f"<msg><appmsg><title>没人管吗</title><type>57</type>{QUOTE}</appmsg></msg>"
PLACE = '<msg><location x="39.9" y="116.4" label="3号楼"/></msg>'
OLD = ["localId,TalkerId,Type,SubType,IsSender,CreateTime,Status,StrContent,StrTime,Remark,NickName,Sender"]
OLD += [
    f'{n},2,{kind},{sub},0,177241320{n},,"{content.replace(chr(34), chr(34) * 2)}",2026-03-02,王阿姨,王阿姨,wxid_{n}'
    for n, (kind, sub, content) in enumerate(((1, 0, SAID[0]), (49, 57, APP), (48, 0, PLACE)), 1)
]
TXT = "".join(f"2026-03-02 09:0{n}:00 王阿姨\n{t}\n\n" for n, t in enumerate(SAID))

RECORDINGS = {
    "json_lines": "\n".join(json.dumps(row, ensure_ascii=False) for row in LINES).encode(),
    "telegram": json.dumps(TELEGRAM, ensure_ascii=False, indent=1).encode(),
    "chatlab": json.dumps(CHATLAB, ensure_ascii=False, indent=1).encode(),
    "wechat_csv": "\n".join(OLD).encode(),
    "wechat_txt": TXT.encode(),
}
