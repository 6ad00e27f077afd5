"""Verify, back up, restore, database roles, health. For whoever holds the machine."""
