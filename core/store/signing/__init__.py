"""Checkpoints: Merkle roots over the result chain, signed."""
