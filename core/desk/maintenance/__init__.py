"""Verification, backup, restore, database roles, erasure and health checks. For whoever runs the server."""
