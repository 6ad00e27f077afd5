"""A row of the ledger that no act of the desk wrote, bound to the chain as whoever can write to the database can."""

import json
from typing import Any

from core.store import ledger
from core.store.engine import Unit
from core.store.events import EVENTS


def forged(unit: Unit, *, at: int, actor: str, event: str, payload: Any) -> ledger.Row:
    """Append it to the chain of its event; an unknown event goes to `result`. `actor` is a pseudonym, or "system"."""
    chain = EVENTS[event].chain if event in EVENTS else ledger.Chain.RESULT
    text = json.dumps(payload, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    row = ledger.appended(unit.heads, chain=chain, at=at, actor=actor, event=event, version=1, payload=text)
    unit._unwritten.append(row)
    unit.heads = unit.heads.after(row)
    return row
