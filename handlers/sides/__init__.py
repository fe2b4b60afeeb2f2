"""Private matters with two sides: each speaks with the member alone, neither reads the other nor hears their name."""
