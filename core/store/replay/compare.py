"""Where the tables say something else than the ledger amounts to."""

from collections.abc import Iterator

from core.rules.words import Sentence
from core.store.replay.columns import BATCH_MS, DERIVED, TIMES
from core.store.replay.state import UNKNOWN, Fields, State
from core.store.replay.stored import Tables


def differences(state: State, tables: Tables) -> Iterator[Sentence]:
    """One sentence for each row that differs, is missing, or that nothing in the ledger made."""
    _name_links(state, tables)
    for table, derived in DERIVED.items():
        ours, theirs = state[table], tables[table]
        for key in sorted({**ours, **theirs}, key=str):
            said = _difference(ours.get(key), theirs.get(key), 0 if state.exact else BATCH_MS)
            if said is not None:
                name = Sentence(derived.name.text, dict(zip(derived.key, key, strict=True)))
                yield Sentence(said.text, {**said.facts, "what": name})


def _name_links(state: State, tables: Tables) -> None:
    """Give the reset links that rows of format 1 do not name the names of the account's links of the same time."""
    ours = state["reset_link"]
    for key in [key for key in ours if key[0].startswith("#")]:
        mine = ours[key]
        for theirs, link in tables["reset_link"].items():
            alike = link["account"] == mine["account"] and _same(
                "expires_at", mine["expires_at"], link["expires_at"], BATCH_MS
            )
            if alike and theirs not in ours:
                ours[theirs] = ours.pop(key)
                break


def _difference(ours: Fields | None, theirs: Fields | None, late_ms: int) -> Sentence | None:
    if ours is None:
        return Sentence("{what}: có trong cơ sở dữ liệu mà sổ cái không ghi.")
    if theirs is None:
        return Sentence("{what}: sổ cái có ghi mà cơ sở dữ liệu không còn.")
    columns = [name for name, value in theirs.items() if not _same(name, ours[name], value, late_ms)]
    if not columns:
        return None
    return Sentence("{what}: khác với sổ cái ({columns}).", {"columns": ", ".join(columns)})


def _same(column: str, ours: object, theirs: object, late_ms: int) -> bool:
    if ours is UNKNOWN or ours == theirs:
        return True
    if column in TIMES and isinstance(ours, int) and isinstance(theirs, int):
        return ours - late_ms <= theirs <= ours
    return False
