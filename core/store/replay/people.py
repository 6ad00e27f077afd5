"""Accounts, roles, confirmations, sessions and reset links, as the ledger's rows make them."""

from core.store.ledger import Row
from core.store.replay.state import UNKNOWN, Payload, State

SESSION_MS = 12 * 3600 * 1000  # how long a session may last
CUT_SHORT_MS = 30_000  # how long one lasts after its password was changed
LINK_MS = 48 * 3600 * 1000  # how long a reset link opens


def added(state: State, told: Payload, row: Row) -> None:
    """An account with its roles."""
    username, demo = told["username"], told["demo"]
    state["account"][(username,)] = {
        "name": told["name"], "password": state.told(told, "password_sha256"), "must_change": int(not demo), "active": 1,
        "is_demo": demo, "created_at": row.at,
    }  # fmt: skip
    state["account_role"].update({(username, role): {} for role in told["roles"]})
    _wait(state, told, row)


def roles_set(state: State, told: Payload, row: Row) -> None:
    """The roles an account has now; one that loses a role or has to be confirmed is signed out."""
    username, roles = told["username"], set(told["roles"])
    held = {role for name, role in state["account_role"] if name == username}
    for role in held:
        del state["account_role"][username, role]
    state["account_role"].update({(username, role): {} for role in roles})
    _wait(state, told, row)
    if held - roles or "waits" in told:
        _end(state, username, row.at)


def deactivated(state: State, told: Payload, row: Row) -> None:
    """An account is closed: its sessions end, its links open nothing."""
    username = told["username"]
    state["account"][username,]["active"] = 0
    _spend_links(state, username, row.at)
    _end(state, username, row.at)


def reactivated(state: State, told: Payload, row: Row) -> None:
    """A closed account is open again."""
    state["account"][told["username"],]["active"] = 1
    _wait(state, told, row)


def confirmed(state: State, told: Payload, _row: Row) -> None:
    """An account that waited waits no more."""
    del state["unconfirmed_account"][told["username"],]


def password_changed(state: State, told: Payload, row: Row) -> None:
    """A person's own password: every session but the one it was done in ends at once, that one a little later."""
    username, own = told["username"], told.get("session")
    _password(state, told, row, must_change=0)
    for session in state.sessions_of(username):
        if own is None:
            session["ended_at"] = session["expires_at"] = UNKNOWN
        elif session["session"] == own:
            session["expires_at"] = min(session["expires_at"], row.at + CUT_SHORT_MS)
        else:
            session["ended_at"] = row.at


def password_reset(state: State, told: Payload, row: Row) -> None:
    """A temporary password from an administrator."""
    _password(state, told, row, must_change=1)
    _end(state, told["username"], row.at)
    _wait(state, told, row)


def link_used(state: State, told: Payload, row: Row) -> None:
    """A password set by a reset link."""
    _password(state, told, row, must_change=0)
    _end(state, told["username"], row.at)
    _wait(state, told, row)


def link_made(state: State, told: Payload, row: Row) -> None:
    """A reset link; every earlier one of the account is spent."""
    username, expires = told["username"], row.at + LINK_MS
    _spend_links(state, username, expires)
    name = told["link"] if state.known or "link" in told else f"#{row.seq}"  # format 1 does not name it
    state["reset_link"][name,] = {"account": username, "expires_at": expires, "used_at": None}


def session_began(state: State, told: Payload, row: Row) -> None:
    """A session; the browser's earlier one ends."""
    replaced = told.get("replaced")
    if replaced is not None and (replaced,) in state["auth_session"]:
        earlier = state["auth_session"][replaced,]
        earlier["ended_at"] = row.at if earlier["ended_at"] in (None, UNKNOWN) else earlier["ended_at"]
    state["auth_session"][told["session"],] = {
        "session": told["session"], "account": told["username"], "created_at": row.at,
        "expires_at": row.at + SESSION_MS, "ended_at": None if state.known else UNKNOWN,
    }  # fmt: skip


def session_ended(state: State, told: Payload, row: Row) -> None:
    """One session ends."""
    state["auth_session"][told["session"],]["ended_at"] = row.at


def others_ended(state: State, told: Payload, row: Row) -> None:
    """All sessions of the account but this one end."""
    for session in state.sessions_of(told["username"]):
        if session["session"] != told["session"]:
            session["ended_at"] = row.at


def _wait(state: State, told: Payload, row: Row) -> None:
    if "waits" in told:
        state["unconfirmed_account"].setdefault((told["username"],), {"cause": told["waits"], "since": row.at})


def _password(state: State, told: Payload, row: Row, *, must_change: int) -> None:
    account = state["account"][told["username"],]
    account["password"], account["must_change"] = state.told(told, "password_sha256"), must_change
    _spend_links(state, told["username"], row.at)


def _spend_links(state: State, username: str, at: int) -> None:
    for link in state["reset_link"].values():
        if link["account"] == username and link["used_at"] is None:
            link["used_at"] = at


def _end(state: State, username: str, at: int) -> None:
    for session in state.sessions_of(username):
        session["ended_at"] = at
