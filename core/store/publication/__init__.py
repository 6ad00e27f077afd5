"""Queries on the publication of the result."""
