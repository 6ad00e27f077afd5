"""Verification of the whole database against the ledger."""
