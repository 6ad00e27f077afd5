"""What a subscriber sees at one moment, and what changed since another.

A subscriber that follows the changes sees what a new one is sent (`tests/live/test_snapshot.py`).
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias, Union

Json: TypeAlias = Union[bool, int, str, Sequence["Json"], Mapping[str, "Json"], None]  # noqa: UP007  # recursive
Message: TypeAlias = dict[str, Json]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Counters (`head`) and ordered rows with equal fields. `revision`: the id of the newest ledger row in it."""

    revision: int
    head: Mapping[str, Json]
    order: tuple[str, ...] = ()
    rows: Mapping[str, Mapping[str, Json]] = field(default_factory=dict)


def whole(snapshot: Snapshot) -> Message:
    """The whole snapshot as a message, for a new subscriber."""
    return {
        "revision": snapshot.revision,
        "head": snapshot.head,
        "order": snapshot.order,
        "rows": {key: snapshot.rows[key] for key in snapshot.order},
    }


def change(before: Snapshot, after: Snapshot) -> Message | None:
    """The message that turns `before` into `after`: of each row only the changed fields. None if nothing changed."""
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


def event(name: str, message: Mapping[str, Json]) -> bytes:
    """One server-sent event: https://html.spec.whatwg.org/multipage/server-sent-events.html."""
    text = json.dumps(message, ensure_ascii=False, separators=(",", ":"))
    return f"event: {name}\nid: {message['revision']}\ndata: {text}\n\n".encode()


def _new(before: Mapping[str, Json], after: Mapping[str, Json]) -> Mapping[str, Json]:
    return {name: value for name, value in after.items() if name not in before or before[name] != value}
