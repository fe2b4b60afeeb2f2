"""Rehearsal (演练): who would be called when, and what would be said, if nobody answered."""
