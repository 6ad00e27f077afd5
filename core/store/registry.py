"""What a result rests on beside the marks: the contest, works, people, seats, counts, decisions. Once as the ledger's events
amount to, once as the tables say.
"""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from core.rules.words import Sentence
from core.store import tables as t
from core.store.accounts import all_accounts
from core.store.ledger import Row

Told = dict[str, Any]
CLOSINGS = ("judging_closed_at", "interactions_frozen_at", "awards_confirmed_at")
COUNTS = ("reactions", "comments", "shares", "views")


@dataclass(slots=True)
class Registry:
    """Everything by its name. Two registries are equal where everything in them is."""

    contest: dict[str, object] = field(default_factory=dict)
    works: dict[str, tuple[object, ...]] = field(default_factory=dict)  # title, author, unit, sha256, milliseconds
    people: dict[str, tuple[object, ...]] = field(default_factory=dict)  # name, roles, active, waits
    seats: dict[str, set[str]] = field(default_factory=dict)  # judge -> works
    counts: dict[str, list[tuple[object, ...]]] = field(default_factory=dict)  # work -> readings as they were entered
    freezes: dict[str, tuple[object, ...]] = field(default_factory=dict)  # by, at; opened again by, at, why
    decisions: dict[str, tuple[object, ...]] = field(default_factory=dict)  # …, the last: does it stand

    def apply(self, row: Row) -> None:
        """Take one event in. Raises KeyError, TypeError or ValueError where its payload is not of its shape."""
        if row.event in _TAKEN:
            _TAKEN[row.event](self, json.loads(row.payload), row)

    def opened(self, told: Told, _row: Row) -> None:
        """The contest's own row; what an earlier release did not write down is not asked for."""
        self.contest = {name: told[name] for name in ("rule_card", "seed", "demo", "toml_sha256") if name in told}
        self.contest |= dict.fromkeys(CLOSINGS, False)

    def closed(self, _told: Told, row: Row) -> None:
        """A closing; the awards' confirmation closes the other two as well."""
        named = {"judging.closed": CLOSINGS[:1], "interactions.frozen": CLOSINGS[1:2], "awards.confirmed": CLOSINGS}
        self.contest |= dict.fromkeys(named[row.event], True)

    def frozen(self, told: Told, row: Row) -> None:
        """The interactions are frozen, for the first time or again."""
        self.closed(told, row)
        self.freezes[str(len(self.freezes) + 1)] = (row.actor, row.at, None, None, None)

    def reopened(self, told: Told, row: Row) -> None:
        """The interactions that were frozen last are open again."""
        self.contest["interactions_frozen_at"] = False
        last = str(len(self.freezes))
        self.freezes[last] = (*self.freezes[last][:2], row.actor, row.at, told["reason"])

    def work(self, told: Told, _row: Row) -> None:
        """A work and its film."""
        names = ("title", "author", "unit", "sha256", "milliseconds")
        self.works[told["entry"]] = tuple(told[name] for name in names)

    def film(self, told: Told, _row: Row) -> None:
        """Another film of a work."""
        self.works[told["entry"]] = (*self.works[told["entry"]][:3], told["sha256"], told["milliseconds"])

    def person(self, told: Told, _row: Row) -> None:
        """An account."""
        self.people[told["username"]] = (told["name"], tuple(told["roles"]), True, "waits" in told)

    def roles(self, told: Told, _row: Row) -> None:
        """The roles an account has now."""
        name, _, active, waits = self.people[told["username"]]
        self.people[told["username"]] = (name, tuple(told["roles"]), active, waits or "waits" in told)

    def standing(self, told: Told, row: Row) -> None:
        """An account is closed or opened again."""
        name, roles, _, waits = self.people[told["username"]]
        self.people[told["username"]] = (name, roles, row.event == "account.reactivated", waits or "waits" in told)

    def waiting(self, told: Told, row: Row) -> None:
        """An account waits to be confirmed after its password was given anew, or is confirmed."""
        *rest, waits = self.people[told["username"]]
        confirmed = row.event == "account.confirmed"
        self.people[told["username"]] = (*rest, not confirmed and (waits or "waits" in told))

    def seat(self, told: Told, _row: Row) -> None:
        """Works a judge sits before."""
        self.seats.setdefault(told["judge"], set()).update(told["entries"])

    def unseat(self, told: Told, _row: Row) -> None:
        """Works a judge who never sealed a sheet leaves with their account."""
        self.seats[told["judge"]].difference_update(told["entries"])

    def reading(self, told: Told, row: Row) -> None:
        """A work's interactions as somebody entered them."""
        read = (told["taken_at"], *(told[name] for name in COUNTS), row.actor)
        self.counts.setdefault(told["entry"], []).append(read)

    def decision(self, told: Told, row: Row) -> None:
        """What the committee decided."""
        entries = tuple(told["entries"])
        made = (told["prize"], told["kind"], entries, told["quantity"], told["reason"], row.actor, True)
        self.decisions[str(told["decision"])] = made

    def revoked(self, told: Told, _row: Row) -> None:
        """A decision taken back."""
        self.decisions[str(told["decision"])] = (*self.decisions[str(told["decision"])][:-1], False)


_TAKEN: dict[str, Callable[[Registry, Told, Row], None]] = {
    "contest.opened": Registry.opened,
    "judging.closed": Registry.closed,
    "interactions.frozen": Registry.frozen,
    "interactions.reopened": Registry.reopened,
    "awards.confirmed": Registry.closed,
    "entry.added": Registry.work,
    "entry.film_replaced": Registry.film,
    "account.added": Registry.person,
    "account.roles_set": Registry.roles,
    "account.deactivated": Registry.standing,
    "account.reactivated": Registry.standing,
    "account.password_reset": Registry.waiting,
    "account.link_used": Registry.waiting,
    "account.confirmed": Registry.waiting,
    "judge.seated": Registry.seat,
    "judge.unseated": Registry.unseat,
    "reading.entered": Registry.reading,
    "decision.made": Registry.decision,
    "decision.revoked": Registry.revoked,
}
_SAYS = {
    "contest": Sentence("Cuộc thi, mục {what}: khác với sổ cái."),
    "works": Sentence("Tác phẩm {what}: tên, tác giả, đơn vị hoặc phim khác với sổ cái."),
    "people": Sentence("Tài khoản {what}: tên, vai trò hoặc trạng thái khác với sổ cái."),
    "seats": Sentence("Danh sách chấm của giám khảo {what}: khác với sổ cái."),
    "counts": Sentence("Số liệu tương tác của tác phẩm {what}: khác với sổ cái."),
    "freezes": Sentence("Lần chốt tương tác thứ {what}: khác với sổ cái."),
    "decisions": Sentence("Quyết định số {what} của Ban Tổ chức: khác với sổ cái."),
}


def differing(told: Registry, kept: Registry) -> list[Sentence]:
    """One sentence for each name under which the ledger and the tables say something else."""
    if told.contest and "toml_sha256" not in told.contest:  # opened by a release that did not write it down
        kept.contest.pop("toml_sha256", None)
    return [
        Sentence(says.text, {"what": name})
        for part, says in _SAYS.items()
        for name in _unlike(getattr(told, part), getattr(kept, part))
    ]


def kept(connection: sa.Connection) -> Registry:
    """What the tables say."""
    return Registry(
        contest=_contest(connection),
        works=_works(connection),
        people={
            a.username: (a.name, tuple(sorted(a.roles)), a.active, not a.confirmed) for a in all_accounts(connection)
        },
        seats=_seats(connection),
        counts=_counts(connection),
        freezes=_freezes(connection),
        decisions=_decisions(connection),
    )


def digest(toml: str) -> str:
    """SHA-256 of the contest's file, in hex, as the ledger holds it."""
    return hashlib.sha256(toml.encode()).hexdigest()


def _contest(connection: sa.Connection) -> dict[str, object]:
    row = connection.execute(sa.select(t.contest)).mappings().first()
    if row is None:
        return {}
    own = {
        "rule_card": row["rule_card"],
        "seed": row["seed"],
        "demo": row["is_demo"],
        "toml_sha256": digest(row["toml"]),
    }
    return own | {name: row[name] is not None for name in CLOSINGS}


def _works(connection: sa.Connection) -> dict[str, tuple[object, ...]]:
    e = t.entry.c
    asked = sa.select(e.code, e.title, e.author, e.unit, e.sha256, e.milliseconds)
    return {code: tuple(rest) for code, *rest in connection.execute(asked)}


def _seats(connection: sa.Connection) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    seats = t.assignment.join(t.account).join(t.entry)
    for judge, code in connection.execute(sa.select(t.account.c.username, t.entry.c.code).select_from(seats)):
        found.setdefault(judge, set()).add(code)
    return found


def _counts(connection: sa.Connection) -> dict[str, list[tuple[object, ...]]]:
    r, found = t.reading.c, dict[str, list[tuple[object, ...]]]()
    read = (r.taken_at, *(r[name] for name in COUNTS), t.account.c.username)
    readings = t.reading.join(t.entry).join(t.account)
    asked = sa.select(t.entry.c.code, *read).select_from(readings).order_by(r.id)
    for code, *rest in connection.execute(asked):
        found.setdefault(code, []).append(tuple(rest))
    return found


def _freezes(connection: sa.Connection) -> dict[str, tuple[object, ...]]:
    f, by, again = t.interactions_freeze.c, t.account.alias("by"), t.account.alias("again")
    made = t.interactions_freeze.join(by, by.c.id == f.frozen_by).outerjoin(again, again.c.id == f.reopened_by)
    what = (by.c.username, f.frozen_at, again.c.username, f.reopened_at, f.reason)
    rows = connection.execute(sa.select(*what).select_from(made).order_by(f.id))
    return {str(number): tuple(row) for number, row in enumerate(rows, 1)}


def _decisions(connection: sa.Connection) -> dict[str, tuple[object, ...]]:
    d = t.decision.c
    what = (d.id, d.prize, d.kind, d.entries, d.quantity, d.reason, t.account.c.username, d.revoked_at.is_(None))
    made = connection.execute(sa.select(*what).select_from(t.decision.join(t.account)))
    return {
        str(number): (prize, kind, tuple(json.loads(entries)), *rest, bool(stands))
        for number, prize, kind, entries, *rest, stands in made
    }


def _unlike(told: dict[str, object], kept: dict[str, object]) -> list[str]:
    return sorted(name for name in {**told, **kept} if (told.get(name) or None) != (kept.get(name) or None))
