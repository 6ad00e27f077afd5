"""Runs programs on untrusted files as subprocesses with limits. Imports nothing else of the project."""
