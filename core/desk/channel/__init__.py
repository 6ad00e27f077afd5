"""Readings of interaction counts: entered by one person, confirmed by another."""
