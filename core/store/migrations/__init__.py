"""The database's revisions, one direction only: forward."""
