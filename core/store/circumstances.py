"""The one row that says what contest the database holds and how far it has come."""

from dataclasses import dataclass

import sqlalchemy as sa

from core.store.tables import contest, contest_secret


@dataclass(frozen=True, slots=True)
class ContestRow:
    """The contest as it lies in the database; times in UTC milliseconds."""

    toml: str
    rule_card: str
    seed: str
    is_demo: bool
    opened_at: int
    frozen_at: int | None
    judging_closed_at: int | None
    interactions_frozen_at: int | None
    awards_confirmed_at: int | None
    published_at: int | None
    panel_salt: str  # "" where the database lacks it: `verify` names that


def contest_row(connection: sa.Connection) -> ContestRow | None:
    """The contest of this database, or None while none was opened."""
    own = (contest.c[name] for name in ContestRow.__dataclass_fields__ if name in contest.c)
    salt = sa.func.coalesce(contest_secret.c.panel_salt, "").label("panel_salt")
    joined = contest.outerjoin(contest_secret, contest_secret.c.id == contest.c.id)
    row = connection.execute(sa.select(*own, salt).select_from(joined)).first()
    if row is None:
        return None
    return ContestRow(**{**row._asdict(), "is_demo": bool(row.is_demo)})
