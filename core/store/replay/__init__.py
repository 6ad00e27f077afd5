"""Replays the ledger: computes the tables from its rows, to compare them with the stored tables."""
