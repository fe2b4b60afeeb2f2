"""config.toml: what it may hold, how it is read, and every mistake in it named with its cure."""
