"""Fingerprints of films, from one decoding, and their comparison: a copy is found although it was altered."""
