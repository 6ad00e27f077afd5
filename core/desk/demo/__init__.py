"""The demonstration contest."""
