"""A contest into an empty database, and works into the contest."""
