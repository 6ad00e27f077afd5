"""Accounts, sessions and erased texts."""

from core.store.events.payloads.base import Commitment, Digest, Payload, Person, Session


class AccountAdded(Payload, frozen=True):
    """An account with its roles. `password` is the SHA-256 of its salted bcrypt hash; `waits` where somebody has to confirm it."""

    account: Person
    username: Commitment
    name: Commitment
    roles: list[str]
    demo: bool
    password: Digest
    waits: str | None = None  # why it has to be confirmed: "added", "roles", "password", "reactivated"


class RolesSet(Payload, frozen=True):
    """The roles an account has now, and those it had."""

    account: Person
    roles: list[str]
    before: list[str]
    waits: str | None = None


class AccountDeactivated(Payload, frozen=True):
    """An account is closed."""

    account: Person


class AccountReactivated(Payload, frozen=True):
    """A closed account is open again."""

    account: Person
    waits: str | None = None


class AccountConfirmed(Payload, frozen=True):
    """Somebody else confirmed that the account is the person it names."""

    account: Person


class PasswordChanged(Payload, frozen=True):
    """A person changed their own password in this session."""

    account: Person
    password: Digest
    session: Session


class PasswordReset(Payload, frozen=True):
    """An administrator set a temporary password."""

    account: Person
    password: Digest
    waits: str | None = None


class ResetLinkMade(Payload, frozen=True):
    """An administrator made a one-time link."""

    account: Person
    link: Session


class ResetLinkUsed(Payload, frozen=True):
    """A password was set by a one-time link."""

    account: Person
    password: Digest
    waits: str | None = None


class SessionBegan(Payload, frozen=True):
    """Somebody signed in; the browser's earlier session ends."""

    account: Person
    session: Session
    replaced: Session | None = None


class SessionEnded(Payload, frozen=True):
    """One session ended."""

    account: Person
    session: Session


class OtherSessionsEnded(Payload, frozen=True):
    """All sessions of the account but this one ended."""

    account: Person
    session: Session


class SignInDenied(Payload, frozen=True):
    """A wrong password; the account where there is one of the name that was typed."""

    account: Person | None = None


class TextsErased(Payload, frozen=True):
    """Personal texts that were deleted: their commitments stand in rows before this one."""

    commitments: list[Digest]
    account: Person | None = None
    entry: str | None = None
