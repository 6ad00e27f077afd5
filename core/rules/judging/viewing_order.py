"""The order in which a judge is shown the works: their own, and anyone can find it again from the public seed."""

from collections.abc import Iterable
from hashlib import sha256

from core.rules.ids import EntryId, JudgeId


def viewing_order(seed: str, judge: JudgeId, entries: Iterable[EntryId]) -> tuple[EntryId, ...]:
    """The works by the SHA-256 of "seed|judge|entry"."""
    return tuple(sorted(entries, key=lambda entry: sha256(f"{seed}|{judge}|{entry}".encode()).digest()))
