"""The program: doors, loops, wiring, the understanding of text."""

__version__ = "0.1.0"
