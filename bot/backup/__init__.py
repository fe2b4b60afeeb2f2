"""gridbot backup and gridbot restore: a copy of the whole database, and the way back."""
