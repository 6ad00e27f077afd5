"""A subscriber as the page's script is one (`core/web/static/follow.js`): it applies each message to what it saw before."""

from collections.abc import Mapping, Sequence

from core.live.snapshot import Json, Snapshot


def applied(before: Snapshot, message: Mapping[str, Json]) -> Snapshot:
    """What a subscriber of `before` sees after the message: the page's script does the same."""
    order = _keys(message.get("order"), before.order)
    news = _mapping(message.get("rows"))
    rows = {key: {**before.rows.get(key, {}), **_mapping(news.get(key))} for key in order}
    head = _mapping(message["head"]) if "head" in message else before.head
    revision = message["revision"]
    assert isinstance(revision, int)
    return Snapshot(revision, head, order, rows)


def _mapping(value: Json) -> Mapping[str, Json]:
    return value if isinstance(value, Mapping) else {}


def _keys(value: Json, otherwise: tuple[str, ...]) -> tuple[str, ...]:
    if isinstance(value, Sequence) and not isinstance(value, str):
        return tuple(str(key) for key in value)
    return otherwise
