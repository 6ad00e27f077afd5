"""Queries on accounts: who may sign in, their roles, confirmations and reset links."""

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
    number: int  # random; the number in the account's pseudonym
    username: str
    name: str
    password: str
    must_change: bool
    active: bool
    is_demo: bool
    created_at: int
    roles: frozenset[str]
    confirmed: bool = True  # False: an administrator changed it after the first sheet, and nobody has confirmed it yet

    @property
    def pseudonym(self) -> str:
        """The account's name in the ledger."""
        return ledger.pseudonym(self.number, judge=JUDGE in self.roles)


@dataclass(frozen=True, slots=True)
class Acting:
    """The acting account and its session, as the write transaction reads them; times in UTC ms."""

    active: bool
    must_change: bool
    roles: frozenset[str]
    confirmed: bool = True
    session_ended_at: int | None = None
    session_expires_at: int | None = None  # None: the account has no such session

    def session_over(self, at: int) -> bool:
        """Whether at time `at` (UTC ms) the session has ended or expired, or the account is closed."""
        expired = self.session_expires_at is not None and self.session_expires_at <= at
        return not self.active or self.session_ended_at is not None or expired


def acting(connection: sa.Connection, username: str, session: str) -> Acting | None:
    """The account and its session now; None if there is no such account. `session`: hash of its secret, hex."""
    mine = sa.and_(auth_session.c.secret_hash == session, auth_session.c.account_id == account.c.id)
    query = (
        sa.select(account.c.active, account.c.must_change, auth_session.c.ended_at, auth_session.c.expires_at)
        .add_columns(account_role.c.role, unconfirmed_account.c.account_id.label("waits"))
        .select_from(account)
        .outerjoin(unconfirmed_account, unconfirmed_account.c.account_id == account.c.id)
        .outerjoin(auth_session, mine)
        .outerjoin(account_role, account_role.c.account_id == account.c.id)
        .where(account.c.username == username)
    )
    rows = connection.execute(query).all()  # one per role
    if not rows:
        return None
    roles = frozenset(row.role for row in rows if row.role is not None)
    row = rows[0]
    return Acting(bool(row.active), bool(row.must_change), roles, row.waits is None, row.ended_at, row.expires_at)


def named(connection: sa.Connection, username: str) -> Account | None:
    """The account with this username, active or not; None if there is none."""
    found = _accounts(connection, account.c.username == username)
    return found[0] if found else None


def by_id(connection: sa.Connection, account_id: int) -> Account | None:
    """The account with this database id; None if there is none."""
    found = _accounts(connection, account.c.id == account_id)
    return found[0] if found else None


def all_accounts(connection: sa.Connection) -> tuple[Account, ...]:
    """Every account, by username."""
    return _accounts(connection, sa.true())


def pseudonym(connection: sa.Connection, username: str) -> str | None:
    """The pseudonym of the account with this username; None if there is none."""
    row = connection.execute(_PSEUDONYM, {"username": username}).first()
    return ledger.pseudonym(row.number, judge=row.judge is not None) if row else None


_IS_JUDGE = sa.and_(account_role.c.account_id == account.c.id, account_role.c.role == JUDGE)
_PSEUDONYM = (
    sa.select(account.c.number, account_role.c.role.label("judge"))
    .select_from(account.outerjoin(account_role, _IS_JUDGE))
    .where(account.c.username == sa.bindparam("username"))
)


def numbers(connection: sa.Connection) -> frozenset[int]:
    """The pseudonym numbers of all accounts, closed ones too."""
    return frozenset(connection.scalars(sa.select(account.c.number)))


def any_demo(connection: sa.Connection) -> bool:
    """Whether there is an active demo account."""
    query = sa.select(account.c.id).where(account.c.is_demo == 1, account.c.active == 1).limit(1)
    return connection.execute(query).first() is not None


def active_holders(connection: sa.Connection, role: str) -> frozenset[str]:
    """The usernames of the active accounts that hold a role."""
    query = sa.select(account.c.username).join(account_role).where(account_role.c.role == role, account.c.active == 1)
    return frozenset(connection.scalars(query))


def holds(connection: sa.Connection, username: str, role: str) -> bool:
    """Whether the account with this username, active or not, has the role."""
    query = (
        sa.select(account.c.id).join(account_role).where(account.c.username == username, account_role.c.role == role)
    )
    return connection.execute(query).first() is not None


def insert(connection: sa.Connection, new: Account) -> int:
    """Add an account and its roles. Returns the id that the database gave it (`new.id` is not read)."""
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
    """Set the account's roles to exactly these."""
    connection.execute(account_role.delete().where(account_role.c.account_id == account_id))
    rows = [{"account_id": account_id, "role": str(role)} for role in sorted(roles)]
    if rows:
        connection.execute(account_role.insert(), rows)


def set_password(connection: sa.Connection, account_id: int, hashed: str, *, must_change: bool) -> None:
    """Set the account's password hash (bcrypt), and whether the password must be changed at the next sign-in."""
    changed = account.update().where(account.c.id == account_id)
    connection.execute(changed.values(password=hashed, must_change=int(must_change)))


def set_active(connection: sa.Connection, account_id: int, *, active: bool) -> None:
    """Open or close the account."""
    connection.execute(account.update().where(account.c.id == account_id).values(active=int(active)))


def hold(connection: sa.Connection, account_id: int, cause: str, since: int) -> None:
    """Mark the account as waiting for confirmation; an existing cause is kept. `since` in UTC ms."""
    if not connection.execute(sa.select(_W.account_id).where(_W.account_id == account_id)).first():
        connection.execute(unconfirmed_account.insert().values(account_id=account_id, cause=cause, since=since))


def release(connection: sa.Connection, account_id: int) -> bool:
    """Confirm the account, so that it no longer waits. False if it did not wait."""
    return bool(connection.execute(unconfirmed_account.delete().where(_W.account_id == account_id)).rowcount)


def waiting(connection: sa.Connection) -> dict[str, tuple[str, int]]:
    """The accounts that wait for confirmation: username -> (cause, since, in UTC ms)."""
    joined = unconfirmed_account.join(account, account.c.id == _W.account_id)
    rows = connection.execute(sa.select(account.c.username, _W.cause, _W.since).select_from(joined))
    return {row.username: (row.cause, row.since) for row in rows}


_W = unconfirmed_account.c


def insert_reset_link(connection: sa.Connection, secret_hash: str, account_id: int, expires_at: int) -> None:
    """Add a one-time reset link, and mark all earlier links of the account as used."""
    spend_reset_links(connection, account_id, expires_at)
    connection.execute(
        reset_link.insert().values(secret_hash=secret_hash, account_id=account_id, expires_at=expires_at)
    )


def spend_reset_links(connection: sa.Connection, account_id: int, now: int) -> None:
    """Mark all unused reset links of the account as used at `now` (UTC ms)."""
    links = reset_link.update().where(reset_link.c.account_id == account_id, reset_link.c.used_at.is_(None))
    connection.execute(links.values(used_at=now))


def reset_link_owner(connection: sa.Connection, secret_hash: str, now: int) -> int | None:
    """The account id of an unused, unexpired reset link; None if there is no such link."""
    query = sa.select(reset_link.c.account_id).where(
        reset_link.c.secret_hash == secret_hash, reset_link.c.used_at.is_(None), reset_link.c.expires_at > now
    )
    return connection.execute(query).scalar_one_or_none()


def _accounts(connection: sa.Connection, which: sa.ColumnElement[bool]) -> tuple[Account, ...]:
    rows = connection.execute(sa.select(account).where(which).order_by(account.c.username)).all()
    roles: dict[int, set[str]] = {row.id: set() for row in rows}
    query = sa.select(account_role).where(account_role.c.account_id.in_(list(roles)))
    for held in connection.execute(query):
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
