"""The crash rig: the real program is killed again and again, and afterwards everything is counted.

`python -m tests.faults --kills 300 --seed 7`; docs/development.md says how to read its table.
"""
