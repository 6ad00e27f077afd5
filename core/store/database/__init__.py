"""Connections to SQLite and PostgreSQL: URLs, settings, locks, errors."""
