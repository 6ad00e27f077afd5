"""Queries that read and write the contest's tables, one module per subject."""
