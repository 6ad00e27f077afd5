"""Accounts, sessions and erased texts."""

from core.store.events.payloads.base import Commitment, Digest, Payload, Person, Session


class AccountAdded(Payload, frozen=True):
    """An account was added. `password`: SHA-256 of its salted bcrypt hash; `waits`: why it must be confirmed, if so."""

    account: Person
    username: Commitment
    name: Commitment
    roles: list[str]
    demo: bool
    password: Digest
    waits: str | None = None  # "added", "roles", "password", "reactivated"


class RolesSet(Payload, frozen=True):
    """An account got other roles; `before` are its earlier ones."""

    account: Person
    roles: list[str]
    before: list[str]
    waits: str | None = None


class AccountDeactivated(Payload, frozen=True):
    """An account was closed."""

    account: Person


class AccountReactivated(Payload, frozen=True):
    """A closed account was opened again."""

    account: Person
    waits: str | None = None


class AccountConfirmed(Payload, frozen=True):
    """Another person confirmed that the account belongs to the person it names."""

    account: Person


class PasswordChanged(Payload, frozen=True):
    """A person changed their own password, in this session."""

    account: Person
    password: Digest
    session: Session


class PasswordReset(Payload, frozen=True):
    """An administrator set a temporary password."""

    account: Person
    password: Digest
    waits: str | None = None


class ResetLinkMade(Payload, frozen=True):
    """An administrator created a one-time reset link."""

    account: Person
    link: Session


class ResetLinkUsed(Payload, frozen=True):
    """A password was set with a one-time reset link."""

    account: Person
    password: Digest
    waits: str | None = None


class SessionBegan(Payload, frozen=True):
    """Somebody signed in; the browser's earlier session, `replaced`, ended."""

    account: Person
    session: Session
    replaced: Session | None = None


class SessionEnded(Payload, frozen=True):
    """One session ended."""

    account: Person
    session: Session


class OtherSessionsEnded(Payload, frozen=True):
    """All sessions of the account except `session` ended."""

    account: Person
    session: Session


class SignInDenied(Payload, frozen=True):
    """Somebody entered a wrong password; `account` is None if no account has the typed name."""

    account: Person | None = None


class TextsErased(Payload, frozen=True):
    """Personal texts were deleted; their commitments are in earlier rows."""

    commitments: list[Digest]
    account: Person | None = None
    entry: str | None = None
