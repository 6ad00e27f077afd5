"""What a fixture wrote straight into the tables, told to the ledger as the desk would have told it."""

from core.store import registry
from core.store.engine import Unit


def registered(unit: Unit) -> None:
    """Write down the contest, its works, its people and their seats."""
    kept = registry.kept(unit.connection)
    opened = {name: told for name, told in kept.contest.items() if name not in registry.CLOSINGS}
    _told(unit, "contest.opened", opened)
    for code, (title, author, unit_, sha256, milliseconds) in kept.works.items():
        film = {"sha256": sha256, "milliseconds": milliseconds}
        _told(unit, "entry.added", {"entry": code, "title": title, "author": author, "unit": unit_, **film})
    for username, (name, roles, *_) in kept.people.items():
        _told(unit, "account.added", {"username": username, "name": name, "roles": roles})
    for judge, codes in kept.seats.items():
        _told(unit, "judge.seated", {"judge": judge, "entries": sorted(codes)})


def _told(unit: Unit, event: str, payload: dict[str, object]) -> None:
    unit.record(at=0, actor="system", event=event, payload=payload)
