"""gridbot demo: a grid group in the browser, with the real bot behind it."""
