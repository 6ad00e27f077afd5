"""Passwords everybody tries first, folded and without spaces or marks: what a block-list is for (ASVS 6.2.4)."""

from pathlib import Path

COMMON = frozenset(Path(__file__).with_suffix(".txt").read_text(encoding="utf-8").split())
