"""Limits: counted on the working-time calendar, paused, extended, and looked at when four fifths are gone."""
