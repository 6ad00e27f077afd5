"""Accounts in the database: who may sign in and what they may be."""

from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa

from core.store import ledger
from core.store.tables import account, account_role, auth_session, reset_link, unconfirmed_account

JUDGE = "judge"  # the role whose pseudonyms begin with GK


@dataclass(frozen=True, slots=True)
class Account:
    """One account with its roles. `password` is a bcrypt hash."""

    id: int
    number: int  # random, of its pseudonym in the ledger
    username: str
    name: str
    password: str
    must_change: bool
    active: bool
    is_demo: bool
    created_at: int
    roles: frozenset[str]
    confirmed: bool = True  # False: an administrator set it after the first sheet, and nobody else has confirmed it yet

    @property
    def pseudonym(self) -> str:
        """How the ledger names the account."""
        return ledger.pseudonym(self.number, judge=JUDGE in self.roles)


@dataclass(frozen=True, slots=True)
class Acting:
    """What the writing transaction knows of the person who acts, and of the session they act by; times in UTC ms."""

    active: bool
    must_change: bool
    roles: frozenset[str]
    confirmed: bool = True
    session_ended_at: int | None = None
    session_expires_at: int | None = None  # None: no session of this name, so none that can end

    def session_over(self, at: int) -> bool:
        """True where the session has ended, or the account with it, at this time."""
        expired = self.session_expires_at is not None and self.session_expires_at <= at
        return not self.active or self.session_ended_at is not None or expired


def acting(connection: sa.Connection, username: str, session: str) -> Acting | None:
    """The account and the session (hex of its secret's hash) as they are now; None where there is no such account."""
    mine = sa.and_(auth_session.c.secret_hash == session, auth_session.c.account_id == account.c.id)
    wanted = (
        sa.select(account.c.active, account.c.must_change, auth_session.c.ended_at, auth_session.c.expires_at)
        .add_columns(account_role.c.role, unconfirmed_account.c.account_id.label("waits"))
        .select_from(account)
        .outerjoin(unconfirmed_account, unconfirmed_account.c.account_id == account.c.id)
        .outerjoin(auth_session, mine)
        .outerjoin(account_role, account_role.c.account_id == account.c.id)
        .where(account.c.username == username)
    )
    rows = connection.execute(wanted).all()  # one for each role
    if not rows:
        return None
    roles = frozenset(row.role for row in rows if row.role is not None)
    row = rows[0]
    return Acting(bool(row.active), bool(row.must_change), roles, row.waits is None, row.ended_at, row.expires_at)


def named(connection: sa.Connection, username: str) -> Account | None:
    """The account of this username, active or not."""
    found = _accounts(connection, account.c.username == username)
    return found[0] if found else None


def by_id(connection: sa.Connection, account_id: int) -> Account | None:
    """The account with this number."""
    found = _accounts(connection, account.c.id == account_id)
    return found[0] if found else None


def all_accounts(connection: sa.Connection) -> tuple[Account, ...]:
    """Every account, by username."""
    return _accounts(connection, sa.true())


def pseudonym(connection: sa.Connection, username: str) -> str | None:
    """How the ledger names the account of this username; None where there is none."""
    row = connection.execute(_PSEUDONYM, {"username": username}).first()
    return ledger.pseudonym(row.number, judge=row.judge is not None) if row else None


_IS_JUDGE = sa.and_(account_role.c.account_id == account.c.id, account_role.c.role == JUDGE)
_PSEUDONYM = (
    sa.select(account.c.number, account_role.c.role.label("judge"))
    .select_from(account.outerjoin(account_role, _IS_JUDGE))
    .where(account.c.username == sa.bindparam("username"))
)


def numbers(connection: sa.Connection) -> frozenset[int]:
    """The numbers that accounts have, closed ones too."""
    return frozenset(connection.scalars(sa.select(account.c.number)))


def any_demo(connection: sa.Connection) -> bool:
    """True where a demo account that can sign in exists."""
    wanted = sa.select(account.c.id).where(account.c.is_demo == 1, account.c.active == 1).limit(1)
    return connection.execute(wanted).first() is not None


def active_holders(connection: sa.Connection, role: str) -> frozenset[str]:
    """The usernames of the active accounts that hold a role."""
    wanted = sa.select(account.c.username).join(account_role).where(account_role.c.role == role, account.c.active == 1)
    return frozenset(connection.scalars(wanted))


def holds(connection: sa.Connection, username: str, role: str) -> bool:
    """True where the account of this username, active or not, holds the role."""
    wanted = (
        sa.select(account.c.id).join(account_role).where(account.c.username == username, account_role.c.role == role)
    )
    return connection.execute(wanted).first() is not None


def insert(connection: sa.Connection, new: Account) -> int:
    """Add an account and its roles; its number is given by the database (`new.id` is not read)."""
    values = {
        "number": new.number,
        "username": new.username,
        "name": new.name,
        "password": new.password,
        "must_change": int(new.must_change),
        "active": int(new.active),
        "is_demo": int(new.is_demo),
        "created_at": new.created_at,
    }
    account_id: int = connection.execute(account.insert().values(values).returning(account.c.id)).scalar_one()
    replace_roles(connection, account_id, new.roles)
    return account_id


def replace_roles(connection: sa.Connection, account_id: int, roles: Iterable[str]) -> None:
    """The account's roles become exactly these."""
    connection.execute(account_role.delete().where(account_role.c.account_id == account_id))
    rows = [{"account_id": account_id, "role": str(role)} for role in sorted(roles)]
    if rows:
        connection.execute(account_role.insert(), rows)


def set_password(connection: sa.Connection, account_id: int, hashed: str, *, must_change: bool) -> None:
    """The account's password becomes the one with this hash."""
    changed = account.update().where(account.c.id == account_id)
    connection.execute(changed.values(password=hashed, must_change=int(must_change)))


def set_active(connection: sa.Connection, account_id: int, *, active: bool) -> None:
    """The account may, or may no longer, sign in."""
    connection.execute(account.update().where(account.c.id == account_id).values(active=int(active)))


def hold(connection: sa.Connection, account_id: int, cause: str, since: int) -> None:
    """The account waits to be confirmed; what it waits for already stays the cause. `since` in UTC ms."""
    if not connection.execute(sa.select(_W.account_id).where(_W.account_id == account_id)).first():
        connection.execute(unconfirmed_account.insert().values(account_id=account_id, cause=cause, since=since))


def release(connection: sa.Connection, account_id: int) -> bool:
    """The account is confirmed; False where it did not wait."""
    return bool(connection.execute(unconfirmed_account.delete().where(_W.account_id == account_id)).rowcount)


def waiting(connection: sa.Connection) -> dict[str, tuple[str, int]]:
    """The accounts that wait to be confirmed, by username: the cause, and since when (UTC ms)."""
    joined = unconfirmed_account.join(account, account.c.id == _W.account_id)
    rows = connection.execute(sa.select(account.c.username, _W.cause, _W.since).select_from(joined))
    return {row.username: (row.cause, row.since) for row in rows}


_W = unconfirmed_account.c


def insert_reset_link(connection: sa.Connection, secret_hash: str, account_id: int, expires_at: int) -> None:
    """A one-time link; every earlier link of the account is spent."""
    spend_reset_links(connection, account_id, expires_at)
    connection.execute(
        reset_link.insert().values(secret_hash=secret_hash, account_id=account_id, expires_at=expires_at)
    )


def spend_reset_links(connection: sa.Connection, account_id: int, now: int) -> None:
    """No open link of this account opens anything any more."""
    links = reset_link.update().where(reset_link.c.account_id == account_id, reset_link.c.used_at.is_(None))
    connection.execute(links.values(used_at=now))


def reset_link_owner(connection: sa.Connection, secret_hash: str, now: int) -> int | None:
    """Whose unused, unexpired link this is."""
    wanted = sa.select(reset_link.c.account_id).where(
        reset_link.c.secret_hash == secret_hash, reset_link.c.used_at.is_(None), reset_link.c.expires_at > now
    )
    return connection.execute(wanted).scalar_one_or_none()


def _accounts(connection: sa.Connection, which: sa.ColumnElement[bool]) -> tuple[Account, ...]:
    rows = connection.execute(sa.select(account).where(which).order_by(account.c.username)).all()
    roles: dict[int, set[str]] = {row.id: set() for row in rows}
    wanted = sa.select(account_role).where(account_role.c.account_id.in_(list(roles)))
    for held in connection.execute(wanted):
        roles[held.account_id].add(held.role)
    waiting = frozenset(connection.scalars(sa.select(unconfirmed_account.c.account_id)))
    return tuple(
        Account(
            row.id,
            row.number,
            row.username,
            row.name,
            row.password,
            bool(row.must_change),
            bool(row.active),
            bool(row.is_demo),
            row.created_at,
            frozenset(roles[row.id]),
            row.id not in waiting,
        )
        for row in rows
    )
