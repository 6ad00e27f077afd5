"""The awards: preview, decisions and files."""
