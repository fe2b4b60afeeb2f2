"""What an operator can see of a running bot: its health, its figures, its log. Nothing here names a neighbour."""
