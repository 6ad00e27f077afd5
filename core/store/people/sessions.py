"""Queries on sessions, sign-in tickets and delays. Only hashes of secrets are stored (docs/security.md, Sessions)."""

from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa

from core.store.tables import (
    account,
    account_role,
    auth_session,
    sign_in_delay,
    sign_in_ticket,
    unconfirmed_account,
)

KEPT = 24 * 3600 * 1000  # ms: used tickets and old delays are deleted after a day


@dataclass(frozen=True, slots=True)
class Session:
    """One session of an account; times in UTC milliseconds."""

    secret_hash: str
    created_at: int
    last_seen_at: int
    expires_at: int
    address: str
    agent: str


@dataclass(frozen=True, slots=True)
class Holder:
    """The account behind a live session."""

    account_id: int
    username: str
    name: str
    must_change: bool
    confirmed: bool
    roles: frozenset[str]
    last_seen_at: int


@dataclass(frozen=True, slots=True)
class Delay:
    """How many sign-ins failed under a key, and when the next try is allowed (UTC ms)."""

    failures: int = 0
    not_before: int = 0


def _living(now: int, idle: int) -> sa.ColumnElement[bool]:
    return sa.and_(
        auth_session.c.ended_at.is_(None),
        auth_session.c.expires_at > now,
        auth_session.c.last_seen_at > now - idle,
    )


def holder(connection: sa.Connection, secret_hash: str, now: int, idle: int) -> Holder | None:
    """The active account behind a session; None if it has ended, has expired, or was not used for `idle` ms."""
    person = (account.c.id, account.c.username, account.c.name, account.c.must_change)
    query = (
        sa.select(*person, auth_session.c.last_seen_at, account_role.c.role)
        .add_columns(unconfirmed_account.c.account_id.label("waits"))
        .join(account, account.c.id == auth_session.c.account_id)
        .outerjoin(unconfirmed_account, unconfirmed_account.c.account_id == account.c.id)
        .outerjoin(account_role, account_role.c.account_id == account.c.id)
        .where(auth_session.c.secret_hash == secret_hash, account.c.active == 1, _living(now, idle))
    )
    rows = connection.execute(query).all()  # one per role
    if not rows:
        return None
    roles = frozenset(row.role for row in rows if row.role is not None)
    row = rows[0]
    confirmed = row.waits is None
    return Holder(row.id, row.username, row.name, bool(row.must_change), confirmed, roles, row.last_seen_at)


def living(connection: sa.Connection, hashes: Collection[str], now: int, idle: int) -> frozenset[str]:
    """Which of these sessions are live, their accounts active. `hashes`: of the secrets, hex; `now`, `idle` in ms."""
    query = (
        sa.select(auth_session.c.secret_hash)
        .join(account, account.c.id == auth_session.c.account_id)
        .where(auth_session.c.secret_hash.in_(list(hashes)), account.c.active == 1, _living(now, idle))
    )
    return frozenset(connection.scalars(query))


def of_account(connection: sa.Connection, account_id: int, now: int, idle: int) -> tuple[Session, ...]:
    """The account's live sessions, most recently seen first."""
    columns = [auth_session.c[name] for name in Session.__dataclass_fields__]
    query = sa.select(*columns).where(auth_session.c.account_id == account_id, _living(now, idle))
    return tuple(Session(*row) for row in connection.execute(query.order_by(auth_session.c.last_seen_at.desc())))


def insert(connection: sa.Connection, account_id: int, session: Session) -> None:
    """Add a session of the account."""
    values = {name: getattr(session, name) for name in Session.__dataclass_fields__}
    connection.execute(auth_session.insert().values(account_id=account_id, **values))


def seen(connection: sa.Connection, secret_hash: str, now: int) -> None:
    """Set the session's last use to `now` (UTC ms)."""
    connection.execute(auth_session.update().where(auth_session.c.secret_hash == secret_hash).values(last_seen_at=now))


def cut_short(connection: sa.Connection, secret_hash: str, expires: int) -> None:
    """Make the session expire at `expires` (UTC ms) at the latest."""
    late = sa.and_(auth_session.c.secret_hash == secret_hash, auth_session.c.expires_at > expires)
    connection.execute(auth_session.update().where(late).values(expires_at=expires))


def end(
    connection: sa.Connection, account_id: int, now: int, *, only: str | None = None, but: str | None = None
) -> int:
    """End the account's sessions: all, `only` one, or all `but` one. Returns how many ended.

    Without `only`, it also marks the account's unused sign-in tickets as used.
    """
    if only is None:
        open_ones = sa.and_(sign_in_ticket.c.account_id == account_id, sign_in_ticket.c.used_at.is_(None))
        connection.execute(sign_in_ticket.update().where(open_ones).values(used_at=now))
    which = [auth_session.c.account_id == account_id, auth_session.c.ended_at.is_(None)]
    if only is not None:
        which.append(auth_session.c.secret_hash == only)
    if but is not None:
        which.append(auth_session.c.secret_hash != but)
    return connection.execute(auth_session.update().where(*which).values(ended_at=now)).rowcount


def end_one(connection: sa.Connection, secret_hash: str, now: int) -> None:
    """End the session with this secret hash, of any account."""
    which = sa.and_(auth_session.c.secret_hash == secret_hash, auth_session.c.ended_at.is_(None))
    connection.execute(auth_session.update().where(which).values(ended_at=now))


def insert_ticket(
    connection: sa.Connection, ticket_hash: str, browser_hash: str, account_id: int, expires: int
) -> None:
    """Add a ticket: after the password check it starts one session, once, in the same browser. Deletes old tickets."""
    connection.execute(sign_in_ticket.delete().where(sign_in_ticket.c.expires_at < expires - KEPT))
    connection.execute(
        sign_in_ticket.insert().values(
            ticket_hash=ticket_hash, browser_hash=browser_hash, account_id=account_id, expires_at=expires
        )
    )


def spend_ticket(connection: sa.Connection, ticket_hash: str, browser_hash: str, now: int) -> int | None:
    """Mark a ticket as used and return its account id; None if it is used, expired, or of another browser."""
    spent = (
        sign_in_ticket.update()
        .where(
            sign_in_ticket.c.ticket_hash == ticket_hash,
            sign_in_ticket.c.browser_hash == browser_hash,
            sign_in_ticket.c.used_at.is_(None),
            sign_in_ticket.c.expires_at > now,
        )
        .values(used_at=now)
        .returning(sign_in_ticket.c.account_id)
    )
    return connection.execute(spent).scalar_one_or_none()


def delays(connection: sa.Connection, keys: Collection[str]) -> dict[str, Delay]:
    """The delays stored under these keys, by key."""
    rows = connection.execute(sa.select(sign_in_delay).where(sign_in_delay.c.key.in_(list(keys))))
    return {row.key: Delay(row.failures, row.not_before) for row in rows}


def set_delay(connection: sa.Connection, key: str, delay: Delay) -> None:
    """Replace the delay under a key, and delete delays a day older than this one."""
    sweep = sa.or_(sign_in_delay.c.key == key, sign_in_delay.c.not_before < delay.not_before - KEPT)
    connection.execute(sign_in_delay.delete().where(sweep))
    connection.execute(sign_in_delay.insert().values(key=key, failures=delay.failures, not_before=delay.not_before))


def clear_delays(connection: sa.Connection, keys: Collection[str]) -> None:
    """Delete the delays under these keys."""
    connection.execute(sign_in_delay.delete().where(sign_in_delay.c.key.in_(list(keys))))
