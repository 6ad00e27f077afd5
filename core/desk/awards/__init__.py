"""The awards: preview, decisions, files."""
