"""Replays a recorded group conversation: one file per format, `formats` to tell them apart, `run` to play them."""
