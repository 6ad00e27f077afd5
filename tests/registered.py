"""What a fixture wrote straight into the tables, written into the ledger as the desk would have written it."""

from core.store.engine import Unit
from core.store.replay.state import FORMAT
from core.store.replay.stored import Tables, stored


def registered(unit: Unit) -> None:
    """Write down the contest, its works, its people and their assignments. The passwords are the people's own."""
    tables = stored(unit.connection, ())
    contest = tables["contest"][()]
    opened = {"rule_card": contest["rule_card"], "seed": contest["seed"], "demo": contest["is_demo"], "format": FORMAT}
    opened |= {"toml_sha256": contest["toml"], "panel_sha256": tables["contest_secret"][()]["panel_salt"]}
    _record(unit, "system", "contest.opened", opened)
    for (code,), work in tables["entry"].items():
        _record(unit, "system", "entry.added", {"entry": code, **work})
    for (username,) in tables["account"]:
        account_registered(unit, username, tables)
    for judge in sorted({judge for judge, _ in tables["assignment"]}):
        codes = sorted(code for name, code in tables["assignment"] if name == judge)
        _record(unit, "system", "judge.seated", {"judge": judge, "entries": codes})


def account_registered(unit: Unit, username: str, tables: Tables | None = None) -> None:
    """Write down one account; its password is its own."""
    tables = stored(unit.connection, ()) if tables is None else tables
    person, roles = (
        tables["account"][username,],
        sorted(role for name, role in tables["account_role"] if name == username),
    )
    added = {"username": username, "name": person["name"], "roles": roles, "demo": person["is_demo"]}
    _record(unit, "system", "account.added", {**added, "password_sha256": person["password"]})
    if not person["must_change"]:
        own = {"username": username, "password_sha256": person["password"], "session": ""}
        _record(unit, username, "account.password_changed", own)


def _record(unit: Unit, actor: str, event: str, payload: dict[str, object]) -> None:
    unit.record(at=0, actor=actor, event=event, payload=payload)
