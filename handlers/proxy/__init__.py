"""代报: a matter that came by another channel, or that somebody enters for a person without a phone (R14, R33)."""
