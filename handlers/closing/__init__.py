"""How a matter ends: the closing note, the line that asks for an answer, marks, silence, and what comes back."""
