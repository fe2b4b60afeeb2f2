"""The indexes that serve a million tickets: laid anew by migration 0004, whatever lies there."""

from sqlalchemy.engine import Connection

SERVING = {
    "ix_tickets_unit_state": "tickets (unit_id, state, opened_at)",
    "ix_tickets_chat_state": "tickets (chat_id, state, opened_at)",
    "ix_tickets_unit_settled": "tickets (unit_id, settled_at) WHERE settled_at IS NOT NULL",
    "ix_tickets_chat_settled": "tickets (chat_id, settled_at) WHERE settled_at IS NOT NULL",
    "ix_tickets_next_at": "tickets (next_at) WHERE next_at IS NOT NULL",
    "ix_tickets_tell_at": "tickets (tell_at) WHERE tell_at IS NOT NULL",
    "ix_tickets_merged_into_id": "tickets (merged_into_id) WHERE merged_into_id IS NOT NULL",
    "ix_tickets_first_id": "tickets (first_id) WHERE first_id IS NOT NULL",
    "ix_ticket_files_by_id": "ticket_files (by_id) WHERE by_id IS NOT NULL",
    "ix_tickets_about_id": "tickets (about_id) WHERE about_id IS NOT NULL",
    "ix_tickets_proxy_id": "tickets (proxy_id) WHERE proxy_id IS NOT NULL",
    "ix_tickets_erase_at": "tickets (erase_at, state) WHERE thing <> ''",
    "ix_ticket_events_by_at": "ticket_events (by_id, at)",
    "ix_letters_chat_written": "letters (chat_id, written_at)",
    "ix_letters_chat_message": "letters (chat_id, message_id) WHERE message_id IS NOT NULL",
    "ix_letters_ticket_id": "letters (ticket_id) WHERE ticket_id IS NOT NULL",
    "ix_letters_edits_id": "letters (edits_id) WHERE edits_id IS NOT NULL",
    "ix_letters_folded_id": "letters (folded_id) WHERE folded_id IS NOT NULL",
    "ix_letters_loose": "letters (written_at) WHERE ticket_id IS NULL AND kind IN ('ping', 'reply', 'toast', 'edit')",
    "ix_asks_unanswered": "asks (chat_id) WHERE answer IS NULL",
}
BEFORE = {
    "ix_tickets_unit_state": "tickets (unit_id, state)",
    "ix_tickets_chat_id": "tickets (chat_id)",
    "ix_tickets_next_at": "tickets (next_at)",
    "ix_tickets_tell_at": "tickets (tell_at)",
    "ix_tickets_merged_into_id": "tickets (merged_into_id)",
    "ix_tickets_erase_at": "tickets (erase_at)",
    "ix_ticket_events_by_id": "ticket_events (by_id)",
    "ix_letters_ticket_id": "letters (ticket_id)",
    "ix_letters_edits_id": "letters (edits_id)",
    "ix_letters_folded_id": "letters (folded_id)",
}


def lay_indexes(connection: Connection) -> None:
    _lay(connection, BEFORE, SERVING)


def lay_old_indexes(connection: Connection) -> None:
    _lay(connection, SERVING, BEFORE)


def _lay(connection: Connection, gone: dict[str, str], laid: dict[str, str]) -> None:
    for name in dict.fromkeys((*gone, *laid)):
        connection.exec_driver_sql(f"DROP INDEX IF EXISTS {name}")
    for name, where in laid.items():
        connection.exec_driver_sql(f"CREATE INDEX {name} ON {where}")
