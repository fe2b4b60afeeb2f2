"""What an operator must know: how the bot is, what troubles stand, and how long it was away."""
