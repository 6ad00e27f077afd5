"""Property of the live board: a subscriber that applies the changes has the same state as a new subscriber."""

import json
from collections.abc import Mapping

from hypothesis import given
from hypothesis import strategies as st

from core.live.snapshot import Json, Snapshot, change, event, whole
from tests.live.subscriber import applied

codes = st.sampled_from([f"T-{number}" for number in range(100, 112)])
rows_of = st.fixed_dictionaries(
    {"place": st.integers(0, 9) | st.none(), "score": st.integers(0, 2), "why": st.sampled_from(["", "vì"])}
)
values = st.dictionaries(st.sampled_from(["place", "score", "sheets"]), st.integers(0, 9) | st.none(), max_size=3)


@st.composite
def snapshots(draw: st.DrawFn) -> Snapshot:
    rows: Mapping[str, Mapping[str, Json]] = draw(st.dictionaries(codes, rows_of, max_size=8))
    return Snapshot(draw(st.integers(1, 99)), draw(values), tuple(rows), rows)  # as generated: in any order


def seen(snapshot: Snapshot) -> object:
    """The state of a client script after reading the snapshot from the wire."""
    return json.loads(json.dumps({**whole(snapshot), "revision": 0}))


@given(snapshots(), snapshots())
def test_applying_the_changes_gives_what_a_new_listener_gets(before: Snapshot, after: Snapshot) -> None:
    message = change(before, after)
    if message is None:
        assert seen(before) == seen(after)
    else:
        sent = json.loads(json.dumps(message))
        assert seen(applied(before, sent)) == seen(after)
        assert sent["since"] == before.revision and sent["revision"] == after.revision


@given(snapshots())
def test_without_a_change_no_message_is_sent(snapshot: Snapshot) -> None:
    assert change(snapshot, snapshot) is None


@given(snapshots(), snapshots())
def test_a_change_never_carries_what_stayed_as_it_was(before: Snapshot, after: Snapshot) -> None:
    message = change(before, after) or {}
    rows = message.get("rows", {})
    assert isinstance(rows, Mapping)
    for code, fields in rows.items():
        assert isinstance(fields, Mapping) and fields
        assert fields.items().isdisjoint(before.rows.get(code, {}).items())


def test_an_event_is_one_line_of_data_whatever_a_title_contains() -> None:
    row: Mapping[str, Json] = {"title": "Bản Mường\ndata: giả\r\n\n"}
    sent = event("picture", whole(Snapshot(7, {}, ("T-1",), {"T-1": row}))).decode()
    name, number, data, *end = sent.split("\n")
    assert (name, number, end) == ("event: picture", "id: 7", ["", ""])
    assert json.loads(data.removeprefix("data: "))["rows"]["T-1"] == row
