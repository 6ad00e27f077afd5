"""What a subscriber sees at one moment, and what changed since another: a law binds the two.

`applied(before, change(before, after)) == after`: a subscriber that follows the changes sees what a newcomer is shown.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias, Union

Json: TypeAlias = Union[bool, int, str, Sequence["Json"], Mapping[str, "Json"], None]  # noqa: UP007  # it names itself
Message: TypeAlias = dict[str, Json]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A head of counters, and rows in their order, all of the same fields. `revision` is the ledger's number it was taken at."""

    revision: int
    head: Mapping[str, Json]
    order: tuple[str, ...] = ()
    rows: Mapping[str, Mapping[str, Json]] = field(default_factory=dict)


def whole(snapshot: Snapshot) -> Message:
    """Everything, for a newcomer."""
    return {
        "revision": snapshot.revision,
        "head": snapshot.head,
        "order": snapshot.order,
        "rows": {key: snapshot.rows[key] for key in snapshot.order},
    }


def change(before: Snapshot, after: Snapshot) -> Message | None:
    """What a subscriber of `before` needs to see `after`, of each row the fields that are new; None where none is."""
    rows = {key: fields for key in after.order if (fields := _new(before.rows.get(key, {}), after.rows[key]))}
    moved = before.order != after.order
    if not rows and not moved and before.head == after.head:
        return None
    message: Message = {"since": before.revision, "revision": after.revision}
    if before.head != after.head:
        message["head"] = after.head
    if moved:
        message["order"] = after.order
    if rows:
        message["rows"] = rows
    return message


def applied(before: Snapshot, message: Mapping[str, Json]) -> Snapshot:
    """What a subscriber of `before` sees after the message: the page's script does the same."""
    order = _keys(message.get("order"), before.order)
    news = _mapping(message.get("rows"))
    rows = {key: {**before.rows.get(key, {}), **_mapping(news.get(key))} for key in order}
    head = _mapping(message["head"]) if "head" in message else before.head
    revision = message["revision"]
    assert isinstance(revision, int)
    return Snapshot(revision, head, order, rows)


def event(name: str, message: Mapping[str, Json]) -> bytes:
    """One server-sent event: https://html.spec.whatwg.org/multipage/server-sent-events.html."""
    text = json.dumps(message, ensure_ascii=False, separators=(",", ":"))
    return f"event: {name}\nid: {message['revision']}\ndata: {text}\n\n".encode()


def _new(before: Mapping[str, Json], after: Mapping[str, Json]) -> Mapping[str, Json]:
    return {name: value for name, value in after.items() if name not in before or before[name] != value}


def _mapping(value: Json) -> Mapping[str, Json]:
    return value if isinstance(value, Mapping) else {}


def _keys(value: Json, otherwise: tuple[str, ...]) -> tuple[str, ...]:
    if isinstance(value, Sequence) and not isinstance(value, str):
        return tuple(str(key) for key in value)
    return otherwise
