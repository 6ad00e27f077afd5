"""Replay of accounts, roles, confirmations, sessions and reset links."""

from core.store.events import payloads as p
from core.store.ledger import Row
from core.store.replay.state import State, person, texts

SESSION_MS = 12 * 3600 * 1000  # lifetime of a session
CUT_SHORT_MS = 30_000  # rest of the session's life after the password was changed in it
LINK_MS = 48 * 3600 * 1000  # lifetime of a reset link
SetsPassword = p.PasswordChanged | p.PasswordReset | p.ResetLinkUsed


def added(state: State, payload: p.AccountAdded, row: Row) -> None:
    """An account was added with its roles."""
    number = person(payload.account)
    state["account"][number,] = texts(username=payload.username, name=payload.name) | {
        "password": payload.password, "must_change": int(not payload.demo), "active": 1, "is_demo": int(payload.demo),
        "created_at": row.at,
    }  # fmt: skip
    state["account_role"].update({(number, role): {} for role in payload.roles})
    _wait(state, number, payload.waits, row)


def roles_set(state: State, payload: p.RolesSet, row: Row) -> None:
    """An account got other roles. If it lost a role or must be confirmed, its sessions end."""
    number, roles = person(payload.account), set(payload.roles)
    held = {role for holder, role in state["account_role"] if holder == number}
    for role in held:
        del state["account_role"][number, role]
    state["account_role"].update({(number, role): {} for role in roles})
    _wait(state, number, payload.waits, row)
    if held - roles or payload.waits:
        _end(state, number, row.at)


def deactivated(state: State, payload: p.AccountDeactivated, row: Row) -> None:
    """An account was closed: its sessions end and its reset links become invalid."""
    number = person(payload.account)
    state["account"][number,]["active"] = 0
    _spend_links(state, number, row.at)
    _end(state, number, row.at)


def reactivated(state: State, payload: p.AccountReactivated, row: Row) -> None:
    """A closed account was opened again."""
    state["account"][person(payload.account),]["active"] = 1
    _wait(state, person(payload.account), payload.waits, row)


def confirmed(state: State, payload: p.AccountConfirmed, _row: Row) -> None:
    """An account was confirmed: it no longer waits."""
    del state["unconfirmed_account"][person(payload.account),]


def password_changed(state: State, payload: p.PasswordChanged, row: Row) -> None:
    """A person changed their password. The session used for it expires after CUT_SHORT_MS; all others end at once."""
    _password(state, payload, row, must_change=0)
    for session in state.sessions_of(person(payload.account)):
        if session["session"] == payload.session:
            session["expires_at"] = min(session["expires_at"], row.at + CUT_SHORT_MS)
        else:
            session["ended_at"] = row.at


def password_reset(state: State, payload: p.PasswordReset, row: Row) -> None:
    """An administrator set a temporary password."""
    _password(state, payload, row, must_change=1)
    _end(state, person(payload.account), row.at)
    _wait(state, person(payload.account), payload.waits, row)


def link_used(state: State, payload: p.ResetLinkUsed, row: Row) -> None:
    """A password was set with a reset link."""
    _password(state, payload, row, must_change=0)
    _end(state, person(payload.account), row.at)
    _wait(state, person(payload.account), payload.waits, row)


def link_made(state: State, payload: p.ResetLinkMade, row: Row) -> None:
    """An administrator created a reset link; all earlier links of the account become invalid."""
    number, expires = person(payload.account), row.at + LINK_MS
    _spend_links(state, number, expires)
    state["reset_link"][payload.link,] = {"account": number, "expires_at": expires, "used_at": None}


def session_began(state: State, payload: p.SessionBegan, row: Row) -> None:
    """A session began; the browser's earlier session ends."""
    earlier = state["auth_session"].get((payload.replaced,))
    if earlier is not None and earlier["ended_at"] is None:
        earlier["ended_at"] = row.at
    state["auth_session"][payload.session,] = {
        "session": payload.session, "account": person(payload.account), "created_at": row.at,
        "expires_at": row.at + SESSION_MS, "ended_at": None,
    }  # fmt: skip


def session_ended(state: State, payload: p.SessionEnded, row: Row) -> None:
    """One session ended."""
    state["auth_session"][payload.session,]["ended_at"] = row.at


def others_ended(state: State, payload: p.OtherSessionsEnded, row: Row) -> None:
    """All sessions of the account except `session` ended."""
    for session in state.sessions_of(person(payload.account)):
        if session["session"] != payload.session:
            session["ended_at"] = row.at


def _wait(state: State, number: int, cause: str | None, row: Row) -> None:
    if cause is not None:
        state["unconfirmed_account"].setdefault((number,), {"cause": cause, "since": row.at})


def _password(state: State, payload: SetsPassword, row: Row, *, must_change: int) -> None:
    account = state["account"][person(payload.account),]
    account["password"], account["must_change"] = payload.password, must_change
    _spend_links(state, person(payload.account), row.at)


def _spend_links(state: State, number: int, at: int) -> None:
    for link in state["reset_link"].values():
        if link["account"] == number and link["used_at"] is None:
            link["used_at"] = at


def _end(state: State, number: int, at: int) -> None:
    for session in state.sessions_of(number):
        session["ended_at"] = at
