"""The marking sheet."""
