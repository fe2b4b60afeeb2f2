"""`gridbot ledger`: every matter a row, for those who must keep a book of them (R14, R18)."""
