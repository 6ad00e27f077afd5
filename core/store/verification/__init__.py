"""Whether the database is as it was written."""
