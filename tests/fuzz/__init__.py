"""Whatever is sent, written or handed over: no crash, no hang, nothing that blocks the next."""
