"""A model of a city's day, driven through the real inbox, heartbeat and postman on a clock of its own."""
