"""gridbot doctor: is the database whole? It reads only, beside the running program too."""
