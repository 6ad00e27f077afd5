"""What the ledger says of an event, with the names and the texts that its pseudonyms and commitments stand for."""

import json
from typing import Any

import sqlalchemy as sa

from core.store import tables as t
from core.store.engine import Store
from core.store.ledger import account_number


def told(store: Store, event: str) -> list[dict[str, Any]]:
    """The payloads of this event, in their order."""
    return [payload for _, payload in acts(store, event)]


def raw(store: Store, event: str) -> list[dict[str, Any]]:
    """The payloads as they stand."""
    with store.read() as connection:
        asked = sa.select(t.ledger.c.payload).where(t.ledger.c.event == event).order_by(t.ledger.c.id)
        return [json.loads(payload) for payload in connection.execute(asked).scalars()]


def acts(store: Store, event: str) -> list[tuple[str, dict[str, Any]]]:
    """Who did it (their username, or "system"), and the payload."""
    with store.read() as connection:
        rows = connection.execute(sa.select(t.ledger).where(t.ledger.c.event == event).order_by(t.ledger.c.id)).all()
        names = dict(connection.execute(sa.select(t.account.c.number, t.account.c.username)).all())
        texts = dict(connection.execute(sa.select(t.disclosure.c.commitment, t.disclosure.c.text)).all())
    return [(_plain(row.actor, names, texts), _plain(json.loads(row.payload), names, texts)) for row in rows]


def _plain(value: Any, names: dict[int, str], texts: dict[str, str]) -> Any:
    if isinstance(value, dict):
        return {name: _plain(part, names, texts) for name, part in value.items()}
    if isinstance(value, list):
        return [_plain(part, names, texts) for part in value]
    try:
        return names[account_number(value)]
    except (ValueError, TypeError, KeyError):
        return texts.get(value, value) if isinstance(value, str) else value
