"""The order in which works are shown to a judge. Each judge has their own; anyone can recompute it from the public seed."""

from collections.abc import Iterable
from hashlib import sha256

from core.rules.ids import EntryId, JudgeId


def viewing_order(seed: str, judge: JudgeId, entries: Iterable[EntryId]) -> tuple[EntryId, ...]:
    """The works sorted by the SHA-256 of "seed|judge|entry"."""
    return tuple(sorted(entries, key=lambda entry: sha256(f"{seed}|{judge}|{entry}".encode()).digest()))
