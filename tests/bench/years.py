"""Tickets of many years, straight into the tables: what happened to each, whom it was told, who joined it."""

# ruff: noqa: E501 (statements are read by their columns)
import sqlite3
from pathlib import Path

from tests.bench.county import ACCOUNT, START

NEIGHBOURS = 200  # people of a grid
A_DAY = 1.15  # tickets of one grid
OPEN = 3  # tickets of a grid that are still open: the newest
ANSWERING = 8  # tickets of a grid that were settled in the last days
WORDS_KEPT = 730  # days

FILLED = ("people", "identities", "tickets", "ticket_events", "letters", "pointers", "followers", "marks")

PEOPLE = """
INSERT INTO people (id, name) SELECT :people + n, '邻居' || (n % 200) FROM numbers WHERE n < :neighbours;
INSERT INTO identities (person_id, channel, external_id)
SELECT :people + n, 'telegram', CAST(1000000 + n AS TEXT) FROM numbers WHERE n < :neighbours;
"""
PAST = """
CREATE TEMP TABLE past AS SELECT
    n + 1 AS id, :count - 1 - n AS age, chat.id AS chat, chat.unit_id AS unit, post.person_id AS member, home.id AS home,
    strftime('%Y-%m-%d %H:%M:%S.000000', :now - (:count - n) * :gap, 'unixepoch') AS at,
    :people + (n % :grids) * 200 + (n * 7919) % 200 AS reporter, (:count - n) * :gap > :kept AS erased,
    CASE WHEN :count - n <= :grids * :open THEN 'open'
         WHEN :count - n <= :grids * (:open + :answering) THEN 'settled'
         WHEN n % 20 = 0 THEN 'void' WHEN n % 20 = 1 THEN 'merged'
         WHEN n % 20 < 9 THEN 'silent' ELSE 'confirmed' END AS state
FROM numbers
JOIN grids ON grids.grid = n % :grids
JOIN chats AS chat ON chat.id = grids.chat
JOIN posts AS post ON post.unit_id = chat.unit_id AND post.role = 'grid_member'
JOIN identities AS account ON account.person_id = post.person_id
JOIN chats AS home ON home.external_id = account.external_id
WHERE n < :count;
CREATE UNIQUE INDEX temp.past_id ON past (id);
"""
TICKETS = """
INSERT INTO tickets (id, number, state, unit_id, chat_id, reporter_id, assignee_id, first_id, text, thing, category,
    private, place, place_key, verdict, opened_at, clock_at, called_at, respond_term, settle_term, respond_due_at,
    responded_at, due_at, next_at, rung, reminded, late, reopened, erase_at, note, settled_at, card_id, merged_into_id)
SELECT id, id, state, unit, chat, CASE WHEN erased THEN NULL ELSE reporter END, member, member,
    CASE WHEN erased THEN '' ELSE (id % 90) || '号楼' || (id % 4 + 1) || '单元楼道灯坏了三天了没人修' END,
    CASE WHEN erased THEN '' ELSE '路灯不亮' END, '民生诉求', 0,
    CASE WHEN erased THEN '' ELSE (id % 90) || '号楼' || (id % 4 + 1) || '单元' END,
    CASE WHEN erased THEN '' ELSE (id % 90) || '-' || (id % 4 + 1) END, '{"decision": "open", "score": 1.4}',
    at, at, at, '4h', '3d 18:00', datetime(at, '+4 hours') || '.000000',
    CASE WHEN state = 'open' THEN NULL ELSE datetime(at, '+2 hours') || '.000000' END,
    datetime(at, '+3 days') || '.000000', CASE WHEN state IN ('open', 'settled') THEN datetime(:now, 'unixepoch', '+2 days') || '.000000' END,
    0, 0, 0, 0, CASE WHEN state = 'open' THEN NULL ELSE datetime(at, '+732 days') || '.000000' END,
    CASE WHEN state = 'open' OR erased THEN '' ELSE '已经修好了，换了新的灯泡' END,
    CASE WHEN state IN ('settled', 'silent', 'confirmed') THEN datetime(at, '+1 days') || '.000000' END, :letters + id * 5 + 1,
    CASE WHEN state = 'merged' THEN id - :grids END
FROM past;
"""
EVENT = """
INSERT INTO ticket_events (ticket_id, kind, state, by_id, at, note, data, chain)
SELECT id, '{kind}', {state}, {by}, datetime(at, '{later}') || '.000000', '', '{data}', '0123456789abcdef0123456789abcdef'
FROM past WHERE {who};
"""
EVENTS = (
    ("opened", "'open'", "CASE WHEN erased THEN NULL ELSE reporter END", "+0 hours", '{"by_hand": false}', "1"),
    ("joined", "'open'", "CASE WHEN erased THEN NULL ELSE reporter END", "+1 hours", "{}", "id % 5 = 0"),
    ("take", "'taken'", "member", "+2 hours", "{}", "state <> 'open'"),
    ("merged", "'merged'", "member", "+3 hours", "{}", "state = 'merged'"),
    ("void", "'void'", "member", "+3 hours", "{}", "state = 'void'"),
    ("settle", "'settled'", "member", "+1 days", '{"level": "网格"}', "state IN ('settled', 'silent', 'confirmed')"),
    ("silence", "'silent'", "NULL", "+8 days", "{}", "state = 'silent'"),
    ("confirm", "'confirmed'", "NULL", "+26 hours", "{}", "state = 'confirmed'"),
)
LETTERS = """
INSERT INTO letters (id, chat_id, ticket_id, kind, priority, body, silent, dedupe, state, written_at, due_at, sent_at,
    message_id, tries, uncertain, error, edits_id)
SELECT :letters + id * 5 + kinds.n, CASE WHEN kinds.n = 0 THEN home ELSE chat END, id,
    CASE WHEN kinds.n IN (2, 3) THEN 'edit' WHEN kinds.n = 4 THEN 'reply' ELSE 'ping' END,
    CASE WHEN kinds.n IN (2, 3) THEN 25 WHEN kinds.n = 4 THEN 20 ELSE 10 END,
    CASE WHEN erased THEN '{"segments": [], "buttons": [], "files": []}' ELSE :body END, 0,
    CASE kinds.n WHEN 0 THEN 'ping:' || id || ':0:' || home WHEN 1 THEN 'card:' || id END, 'sent',
    datetime(at, '+' || kinds.n || ' hours') || '.000000', datetime(at, '+' || kinds.n || ' hours') || '.000000',
    datetime(at, '+' || kinds.n || ' hours') || '.000000',
    CASE WHEN kinds.n NOT IN (2, 3) THEN 'b' || (:letters + id * 5 + kinds.n) END, 1, 0, '',
    CASE WHEN kinds.n IN (2, 3) THEN :letters + id * 5 + 1 END
FROM past JOIN (SELECT 0 AS n UNION SELECT 1 UNION SELECT 2 UNION SELECT 3 UNION SELECT 4) AS kinds
WHERE kinds.n < 2 OR state <> 'open' ORDER BY id, kinds.n;
"""
REST = """
INSERT INTO pointers (chat_id, message_id, ticket_id, kind) SELECT chat, 'r' || id, id, 'report' FROM past WHERE NOT erased;
INSERT INTO pointers (chat_id, message_id, ticket_id, kind)
SELECT chat, 'b' || (:letters + id * 5 + 1), id, 'card' FROM past WHERE NOT erased;
INSERT INTO followers (ticket_id, person_id, chat_id, household, mark, at)
SELECT id, CASE WHEN erased THEN NULL ELSE :people + (id % :grids) * 200 + (id * 7927) % 200 END, chat, 'h' || id % 50,
    'm' || id % 50, datetime(at, '+1 hours') || '.000000' FROM past WHERE id % 5 = 0;
INSERT INTO marks (ticket_id, round, person_id, grade, at)
SELECT id, 0, CASE WHEN erased THEN NULL ELSE reporter END, 'good', datetime(at, '+26 hours') || '.000000'
FROM past WHERE state = 'confirmed';
UPDATE counters SET value = :count WHERE name = 'ticket';
INSERT INTO counters (name, value) SELECT 'ticket', :count WHERE NOT EXISTS (SELECT 1 FROM counters WHERE name = 'ticket');
"""
BODY = '{"segments": [["t", "第12件，记下了：3号楼2单元 楼道灯，由网格员老王处理，周四18:00前回话", false]], "buttons": [], "files": []}'


def fill(file: Path, grids: int, count: int) -> None:
    """`count` tickets that came evenly over the years before now; indexes are laid when all is written."""
    database = sqlite3.connect(file, isolation_level=None)
    for pragma in ("synchronous = OFF", "journal_mode = OFF", "temp_store = MEMORY", "cache_size = -400000"):
        database.execute(f"PRAGMA {pragma}")
    laid = _indexes(database)
    for name, _ in laid:
        database.execute(f"DROP INDEX {name}")
    _write(database, grids, count)
    for _, made in laid:
        database.execute(made)
    database.execute("PRAGMA journal_mode = WAL")
    database.close()


def _indexes(database: sqlite3.Connection) -> list[tuple[str, str]]:
    marks = ", ".join("?" * len(FILLED))
    found = f"SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name IN ({marks})"
    return database.execute(found, FILLED).fetchall()


def _write(database: sqlite3.Connection, grids: int, count: int) -> None:
    values = {
        "people": 1_000_000,
        "letters": 1_000_000,
        "neighbours": grids * NEIGHBOURS,
        "count": count,
        "grids": grids,
        "now": int(START.timestamp()),
        "gap": 86_400 / A_DAY / grids,
        "kept": WORDS_KEPT * 86_400,
        "open": OPEN,
        "answering": ANSWERING,
        "body": BODY,
    }
    most = max(count, values["neighbours"])
    database.execute("CREATE TEMP TABLE numbers (n INTEGER PRIMARY KEY)")
    counted = "WITH RECURSIVE up(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM up WHERE n + 1 < ?) INSERT INTO numbers SELECT n FROM up"
    database.execute(counted, (most,))
    groups = "SELECT id FROM chats WHERE kind = 'residents' AND unit_id IS NOT NULL ORDER BY id"
    database.execute(f"CREATE TEMP TABLE grids AS SELECT row_number() OVER () - 1 AS grid, id AS chat FROM ({groups})")
    database.execute("BEGIN")
    events = [
        EVENT.format(kind=kind, state=state, by=by, later=later, data=data, who=who)
        for kind, state, by, later, data, who in EVENTS
    ]
    for script in (PEOPLE, PAST, TICKETS, *events, LETTERS, REST):
        for statement in script.split(";"):
            if statement.strip():
                database.execute(statement, values)
    database.execute("COMMIT")


__all__ = ["ACCOUNT", "fill"]
