"""Accounts, sessions and personal texts in the database."""
