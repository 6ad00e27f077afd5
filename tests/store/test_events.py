"""Each ledger event has one entry in the register, and everything that depends on an event handles it."""

from dataclasses import replace

import msgspec
import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from core.desk.maintenance.conduct import RULES
from core.store.events import EVENTS, Touches, UnknownEvent, commitments, decode, encode, event_of
from core.store.events import payloads as p
from core.store.ledger import GENESIS, Chain, Row
from core.store.replay.events import ACTS

HASH = "0123456789abcdef" * 4


def row(event: str, payload: str, version: int = 1) -> Row:
    return Row(1, Chain.RESULT, 1, 0, "system", event, version, payload, GENESIS, GENESIS)


def test_every_event_is_replayed_and_checked() -> None:
    """An event that is added to the register and nowhere else fails here."""
    assert set(ACTS) == set(EVENTS)
    assert set(RULES) == set(EVENTS)


def test_every_payload_belongs_to_one_event() -> None:
    classes = [each for event in EVENTS.values() for each in (event.payload, *event.earlier)]
    assert len(set(classes)) == len(classes)
    named = {name for name in vars(p) if isinstance(vars(p)[name], type) and issubclass(vars(p)[name], p.Payload)}
    assert named - {"Payload"} == {each.__name__ for each in classes}


def test_an_event_that_touches_one_work_names_it() -> None:
    for event in EVENTS.values():
        fields = {field.name for field in msgspec.structs.fields(event.payload)}
        assert event.touches is not Touches.ENTRY or "entry" in fields, event.name


def test_what_changes_the_result_is_in_the_result_chain() -> None:
    """Only accounts, the demonstration and erased texts change what is shown from the audit chain."""
    elsewhere = {event.name for event in EVENTS.values() if event.chain is Chain.AUDIT}
    moving = {name for name in elsewhere if EVENTS[name].touches not in {Touches.NOTHING, Touches.PEOPLE}}
    assert moving == {"demo.completed", "texts.erased"}


def test_no_payload_of_the_result_chain_has_a_field_for_personal_text() -> None:
    """Every field is a code, key, number, hash or pseudonym: a new text field must be reviewed here."""
    texts = {
        (event.name, field.name)
        for event in EVENTS.values()
        if event.chain is Chain.RESULT
        for field in msgspec.structs.fields(event.payload)
        if field.type is str or "str | None" in str(field.type)
    }
    assert texts == {
        ("contest.opened", "contest"), ("contest.opened", "rule_card"), ("contest.opened", "seed"),
        ("entry.added", "entry"), ("entry.added", "poster"), ("entry.corrected", "entry"),
        ("entry.film_replaced", "entry"), ("entry.film_replaced", "poster"), ("recusal.declared", "entry"),
        ("sheet.sealed", "entry"), ("sheet.returned", "entry"), ("reading.entered", "entry"), ("reading.confirmed", "entry"), ("reading.rejected", "entry"),
        ("decision.made", "prize"), ("decision.made", "kind"), ("awards.confirmed", "document"),
        ("awards.confirmed", "rule_card"), ("finals.drawn", "seed"),
        ("finalist.change_confirmed", "entry"), ("finalist.change_confirmed", "submission"),
        ("finalist.change_confirmed", "kind"), ("result.published", "document"), ("result.published", "public"),
    }  # fmt: skip


@given(st.dictionaries(st.text(min_size=1), st.integers(0, 2**53 - 1) | st.none()), st.lists(st.text()))
def test_a_payload_is_written_as_rfc_8785_writes_it(marks: dict[str, int | None], remarks: list[str]) -> None:
    try:
        payload = p.SheetDrafted("GK07", "T-101", 1, marks, remarks)
        expected = rfc8785.dumps(msgspec.to_builtins(payload))
    except UnicodeEncodeError:
        return
    assert encode(payload).encode() == expected


def test_the_commitments_of_a_payload_are_found() -> None:
    assert list(commitments(p.SheetReturned("GK07", "T-101", 1, HASH))) == [HASH]
    assert list(commitments(p.RoundClosed(0, [], HASH))) == [HASH]
    assert list(commitments(p.RoundClosed(0, []))) == []
    assert list(commitments(p.CheckpointMade(1, HASH, "closing"))) == []  # a hash of no personal text
    assert list(commitments(p.TextsErased([HASH]))) == []


@pytest.mark.parametrize(
    "payload",
    [
        "", "[]", "{", '{"entry":"T-1"}', '{"entry":"T-1","judge":"lan","revision":1,"reason":"x"}',
        f'{{"entry":"T-1","judge":"GK07","revision":"1","reason":"{HASH}"}}',
        f'{{"entry":"T-1","judge":"GK07","revision":-1,"reason":"{HASH}"}}',
        f'{{"entry":"T-1","judge":"GK07","more":1,"revision":1,"reason":"{HASH}"}}',
    ],
)  # fmt: skip
def test_a_payload_of_another_shape_is_refused(payload: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        decode(row("sheet.returned", payload))


@pytest.mark.parametrize("event,version", [("mark.changed", 1), ("sheet.returned", 2), ("sheet.returned", 0), ("", 1)])
def test_an_unknown_event_or_version_is_refused(event: str, version: int) -> None:
    with pytest.raises(UnknownEvent):
        decode(row(event, "{}", version))


def test_what_is_written_is_read_back() -> None:
    payload = p.SheetSealed("GK07", "T-101", 2, {"ND": 3850}, HASH, 9_000)
    event = event_of(payload)
    assert decode(row(event.name, encode(payload))) == payload


class LaterReturn(p.Payload, frozen=True):
    """A later version of the payload for a returned sheet."""

    judge: p.Person
    entry: str
    revision: int
    reason: p.Commitment
    asked_by: p.Person | None = None


def test_a_later_version_leaves_existing_rows_unchanged(monkeypatch: pytest.MonkeyPatch) -> None:
    """A later release adds a field: it writes version 2, and reads version 1 with the class that wrote it."""
    old = row("sheet.returned", encode(p.SheetReturned("GK07", "T-101", 1, HASH)))
    later = replace(EVENTS["sheet.returned"], payload=LaterReturn, earlier=(p.SheetReturned,), version=2)
    monkeypatch.setitem(EVENTS, "sheet.returned", later)
    assert decode(old) == p.SheetReturned("GK07", "T-101", 1, HASH)
    new = LaterReturn("GK07", "T-101", 1, HASH, "GK09")
    assert decode(row("sheet.returned", encode(new), version=2)) == new
