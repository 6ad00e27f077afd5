"""Opening a contest in an empty database, and importing works."""
