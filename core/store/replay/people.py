"""Accounts, roles, confirmations, sessions and reset links, as the ledger's rows make them."""

from core.store.events import payloads as p
from core.store.ledger import Row
from core.store.replay.state import State, person, texts

SESSION_MS = 12 * 3600 * 1000  # how long a session may last
CUT_SHORT_MS = 30_000  # how long one lasts after its password was changed
LINK_MS = 48 * 3600 * 1000  # how long a reset link opens
SetsPassword = p.PasswordChanged | p.PasswordReset | p.ResetLinkUsed


def added(state: State, told: p.AccountAdded, row: Row) -> None:
    """An account with its roles."""
    number = person(told.account)
    state["account"][number,] = texts(username=told.username, name=told.name) | {
        "password": told.password, "must_change": int(not told.demo), "active": 1, "is_demo": int(told.demo),
        "created_at": row.at,
    }  # fmt: skip
    state["account_role"].update({(number, role): {} for role in told.roles})
    _wait(state, number, told.waits, row)


def roles_set(state: State, told: p.RolesSet, row: Row) -> None:
    """The roles an account has now; one that loses a role or has to be confirmed is signed out."""
    number, roles = person(told.account), set(told.roles)
    held = {role for holder, role in state["account_role"] if holder == number}
    for role in held:
        del state["account_role"][number, role]
    state["account_role"].update({(number, role): {} for role in roles})
    _wait(state, number, told.waits, row)
    if held - roles or told.waits:
        _end(state, number, row.at)


def deactivated(state: State, told: p.AccountDeactivated, row: Row) -> None:
    """An account is closed: its sessions end, its links open nothing."""
    number = person(told.account)
    state["account"][number,]["active"] = 0
    _spend_links(state, number, row.at)
    _end(state, number, row.at)


def reactivated(state: State, told: p.AccountReactivated, row: Row) -> None:
    """A closed account is open again."""
    state["account"][person(told.account),]["active"] = 1
    _wait(state, person(told.account), told.waits, row)


def confirmed(state: State, told: p.AccountConfirmed, _row: Row) -> None:
    """An account that waited waits no more."""
    del state["unconfirmed_account"][person(told.account),]


def password_changed(state: State, told: p.PasswordChanged, row: Row) -> None:
    """A person's own password: every session but the one it was done in ends at once, that one a little later."""
    _password(state, told, row, must_change=0)
    for session in state.sessions_of(person(told.account)):
        if session["session"] == told.session:
            session["expires_at"] = min(session["expires_at"], row.at + CUT_SHORT_MS)
        else:
            session["ended_at"] = row.at


def password_reset(state: State, told: p.PasswordReset, row: Row) -> None:
    """A temporary password from an administrator."""
    _password(state, told, row, must_change=1)
    _end(state, person(told.account), row.at)
    _wait(state, person(told.account), told.waits, row)


def link_used(state: State, told: p.ResetLinkUsed, row: Row) -> None:
    """A password set by a reset link."""
    _password(state, told, row, must_change=0)
    _end(state, person(told.account), row.at)
    _wait(state, person(told.account), told.waits, row)


def link_made(state: State, told: p.ResetLinkMade, row: Row) -> None:
    """A reset link; every earlier one of the account is spent."""
    number, expires = person(told.account), row.at + LINK_MS
    _spend_links(state, number, expires)
    state["reset_link"][told.link,] = {"account": number, "expires_at": expires, "used_at": None}


def session_began(state: State, told: p.SessionBegan, row: Row) -> None:
    """A session; the browser's earlier one ends."""
    earlier = state["auth_session"].get((told.replaced,))
    if earlier is not None and earlier["ended_at"] is None:
        earlier["ended_at"] = row.at
    state["auth_session"][told.session,] = {
        "session": told.session, "account": person(told.account), "created_at": row.at,
        "expires_at": row.at + SESSION_MS, "ended_at": None,
    }  # fmt: skip


def session_ended(state: State, told: p.SessionEnded, row: Row) -> None:
    """One session ends."""
    state["auth_session"][told.session,]["ended_at"] = row.at


def others_ended(state: State, told: p.OtherSessionsEnded, row: Row) -> None:
    """All sessions of the account but this one end."""
    for session in state.sessions_of(person(told.account)):
        if session["session"] != told.session:
            session["ended_at"] = row.at


def _wait(state: State, number: int, cause: str | None, row: Row) -> None:
    if cause is not None:
        state["unconfirmed_account"].setdefault((number,), {"cause": cause, "since": row.at})


def _password(state: State, told: SetsPassword, row: Row, *, must_change: int) -> None:
    account = state["account"][person(told.account),]
    account["password"], account["must_change"] = told.password, must_change
    _spend_links(state, person(told.account), row.at)


def _spend_links(state: State, number: int, at: int) -> None:
    for link in state["reset_link"].values():
        if link["account"] == number and link["used_at"] is None:
            link["used_at"] = at


def _end(state: State, number: int, at: int) -> None:
    for session in state.sessions_of(number):
        session["ended_at"] = at
