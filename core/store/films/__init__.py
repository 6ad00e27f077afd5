"""Queries on what belongs to a film and not to a work: copies, fingerprints, pairs."""
