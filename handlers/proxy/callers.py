"""Who a matter is entered for: a name with a title (王奶奶), by age (老王), in full, or kin of whoever enters it."""

import re

TITLED = re.compile(
    "(?:[老小大二三四五六七八九]"
    "|[王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖萧田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石"
    "廖贾夏韦付傅方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤常温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟"
    "殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳欧管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆"
    "农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池"
    "查麻苑迟邝][\u4e00-\u9fff]{0,2})"
    "(?:奶奶|爷爷|婆婆|阿婆|阿公|阿姨|叔叔|伯伯|大伯|大爷|大妈|大娘|大叔|大婶|大姐|大哥|大嫂|师傅|老师|医生|先生|女士"
    "|小姐|太太|老太|老伯|姨|叔|婶|伯|爷|姐|哥|嫂)"
)
AGED = re.compile("[老小阿][王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕]")
KIN = re.compile(
    "我?(?:的)?(?:爷爷|奶奶|外公|外婆|姥爷|姥姥|爸爸|妈妈|父亲|母亲|公公|婆婆|岳父|岳母|老伴|邻居)|我[爸妈爷奶]"
)
IN_FULL = re.compile(
    "(?!张贴|杨树|周[边围末]|胡乱|孙[子女]|陈旧|李子|吴家)[王李张刘陈杨赵周吴徐孙胡朱郭][\u4e00-\u9fff]{2}"
)
BESIDE_A_PHONE = re.compile("[\u4e00-\u9fff·]{1,4}|[A-Za-z][A-Za-z .'-]{1,30}")
LABEL = re.compile("^(?:反映人|来电人|姓名|名字|联系人)")
PHONE_LABEL = re.compile("(?:联系电话|联系方式|手机号码?|电话号码?|电话|手机)[是为]?[:：\\s]*$")
PHONE = re.compile(
    r"(?<![0-9])(?:(?:\+?86[ -]?)?1[3-9][0-9][ -]?[0-9]{4}[ -]?[0-9]{4}|0[0-9]{2,3}[ -]?[0-9]{7,8})(?![0-9])"
)
LOCAL_PHONE = re.compile("[2-8][0-9]{6,7}")
WIDE = str.maketrans("０１２３４５６７８９－　", "0123456789- ")


def is_named(word: str) -> bool:
    """Does the word by itself say who it is?"""
    return any(pattern.fullmatch(word) for pattern in (TITLED, AGED, KIN))


def may_be_name(word: str) -> bool:
    """A full name without a title: 张秀兰. Other words look like it, so the reading must find nothing in it."""
    return bool(IN_FULL.fullmatch(word))


def unlabelled(word: str) -> str:
    """反映人王奶奶 -> 王奶奶."""
    return LABEL.sub("", word).strip(":： ")


def is_labelled(word: str) -> bool:
    return bool(LABEL.match(word)) and bool(BESIDE_A_PHONE.fullmatch(unlabelled(word)))


def find_phone(text: str) -> tuple[str, str, str] | None:
    """(before, number, after) of the first telephone number; its label goes."""
    flat = text.translate(WIDE)
    found = PHONE.search(flat)
    if found is None:
        words = re.finditer(r"[^\s,，、:：;；]+", flat)
        found = next((m for m in words if LOCAL_PHONE.fullmatch(m[0])), None)
    if found is None:
        return None
    before = PHONE_LABEL.sub("", text[: found.start()])
    return before, re.sub("[ -]", "", found[0]), text[found.end() :]
