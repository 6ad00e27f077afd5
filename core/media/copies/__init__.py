"""Copies of a film for its judges: without anything that names its author, lighter, or playable in every browser."""
