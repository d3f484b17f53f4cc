"""Journeys: one story each, through real processes and a real browser."""
