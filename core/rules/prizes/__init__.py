"""Giving prizes by places and by interaction counts: prize kinds, prize slots and allocation."""
