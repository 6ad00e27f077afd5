"""The one row of table `contest`: the contest file, the rule card, and the times of each stage."""

from dataclasses import dataclass

import sqlalchemy as sa

from core.store.tables import contest


@dataclass(frozen=True, slots=True)
class ContestRow:
    """The stored contest; times in UTC milliseconds, None until the stage is reached."""

    toml: str
    rule_card: str
    rule_card_version: int
    seed: str
    is_demo: bool
    opened_at: int
    frozen_at: int | None
    judging_closed_at: int | None
    interactions_frozen_at: int | None
    awards_confirmed_at: int | None
    published_at: int | None


def contest_row(connection: sa.Connection) -> ContestRow | None:
    """The contest of this database, or None before it is opened."""
    row = connection.execute(sa.select(*(contest.c[name] for name in ContestRow.__dataclass_fields__))).first()
    if row is None:
        return None
    return ContestRow(**{**row._asdict(), "is_demo": bool(row.is_demo)})
