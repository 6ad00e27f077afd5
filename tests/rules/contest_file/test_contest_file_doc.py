"""docs/contest-file.md agrees with the reader of contest files: every key, type, default, limit and
printed sentence.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache

import pytest

from core.rules.contest import Contest, Criterion
from core.rules.contest_file import reader
from core.rules.contest_file.findings import Notice, Problem
from core.rules.contest_file.reader import Reviewed, finding_sentence, review
from core.rules.contest_file.rows import UsedNames, read_criterion
from core.rules.contest_file.tables import read_interactions
from core.rules.contest_file.toml_syntax import Parsed, parse_toml
from core.rules.contest_file.toml_table import Table
from core.rules.words import Locale
from tests.rules.contest_file.contest_file_document import (
    EXAMPLE,
    PAGE,
    Key,
    Mistake,
    Recorded,
    edited,
    keys,
    mistakes,
    slips,
    types,
    written_keys,
)

KEYS, MISTAKES, SLIPS, TYPES = keys(), mistakes(), slips(), types()
FREE = ("contest.bodies.", "contest.signatories.")  # their keys are free
BY_LADDER = (("ties.ladder", '["criterion:ND"]'),)  # a ladder without the chief, so that the chief may be left out
OTHER_WINDOWS = ("phases.screening.", "phases.judging.")  # of the three windows, the examples fit the first
ONE_VALUE = {"contest.timezone", "entries.video.container"}
ABSENT: Mapping[str, Callable[[Contest], object]] = {  # keys whose absence has a meaning
    "phases": lambda contest: contest.phases,
    "scoring.gap_alert": lambda contest: contest.scoring.gap_alert,
}


@cache
def reviewed(text: str) -> Reviewed:
    return review(text, "a.toml")


def contest(text: str) -> Contest:
    read = reviewed(text)
    assert read.problems == () and read.contest is not None, printed(*read.problems)
    return read.contest


def printed(*found: Problem | Notice) -> list[str]:
    """What is printed, without the file and the line."""
    return [
        re.sub(r"^a\.toml(?:, dòng \d+)?: ", "", finding_sentence("a.toml", each).localize(Locale())) for each in found
    ]


def names(found: Problem | Notice) -> str:
    """The paths of the findings, without array indexes."""
    return re.sub(r"\[\d+\]", "", found.key)


class Known:
    """The keys that the reader accepts, and the keys that it looks up."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.accepted, self.looked_up = set[str](), set[str]()
        only = Table.only

        def noted(table: Table, *known: str) -> None:
            path = re.sub(r"\[\d+\]", "", table.path)
            self.accepted |= {f"{path}.{key}".strip(".") for key in known}
            only(table, *known)

        def recorded(text: str) -> Parsed:
            read = parse_toml(text)
            assert read.values is not None
            return replace(read, values=Recorded(read.values, self.looked_up))

        monkeypatch.setattr(Table, "only", noted)
        monkeypatch.setattr(reader, "parse_toml", recorded)
        assert review(EXAMPLE, "a.toml").problems == ()


class TestKeys:
    """The document has every key that the reader knows, and no other."""

    def test_the_document_has_the_keys_the_reader_accepts_and_looks_up(self, monkeypatch: pytest.MonkeyPatch) -> None:
        documented, known = [key.path for key in KEYS], Known(monkeypatch)
        assert len(documented) == len(set(documented)) >= 60
        assert set(documented) == known.accepted == known.looked_up

    def test_a_new_key_that_is_accepted_would_be_noticed(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def planted(table: Table, *, wanted: bool) -> object:
            table.only("reactions", "comments", "shares", "views", "likes")
            return read_interactions(table, wanted=wanted)

        monkeypatch.setattr(reader, "read_interactions", planted)
        known = Known(monkeypatch)
        assert known.accepted - {key.path for key in KEYS} == {"interactions.likes"}

    def test_a_new_key_that_is_looked_up_would_be_noticed(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def planted(table: Table, *, wanted: bool) -> object:
            table.whole("likes", 0)
            return read_interactions(table, wanted=wanted)

        monkeypatch.setattr(reader, "read_interactions", planted)
        known = Known(monkeypatch)
        assert known.looked_up - {key.path for key in KEYS} == {"interactions.likes"}

    def test_a_new_key_of_a_row_would_be_noticed(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def planted(row: Table, used: UsedNames) -> Criterion:
            row.text("note", "")
            return read_criterion(row, used)

        monkeypatch.setattr(reader, "read_criterion", planted)
        assert Known(monkeypatch).looked_up - {key.path for key in KEYS} == {"criteria.note"}

    def test_a_key_the_document_loses_would_be_noticed(self) -> None:
        row = next(line for line in PAGE.splitlines() if line.startswith("| `gap_alert` |"))
        assert {key.path for key in KEYS} - {key.path for key in keys(PAGE.replace(row, ""))} == {"scoring.gap_alert"}


def test_the_example_opens_without_a_problem_and_without_a_notice() -> None:
    read = review(EXAMPLE, "a.toml", for_desk=True)
    assert printed(*read.problems, *read.notices) == []
    assert read.contest is not None


def test_the_example_writes_every_key_of_the_document() -> None:
    written = {path for path in written_keys(EXAMPLE) if not path.startswith(FREE)}
    assert written == {key.path for key in KEYS}


def test_an_edited_example_is_the_example() -> None:
    assert contest(edited()) == contest(EXAMPLE)


class TestDefaults:
    """Every documented default is the value that the reader uses if the key is missing."""

    @pytest.mark.parametrize("key", [key for key in KEYS if key.default is not None], ids=str)
    def test_leaving_the_key_out_is_writing_the_default(self, key: Key) -> None:
        left_out = contest(edited(*BY_LADDER, (key.path, None)))
        assert left_out == contest(edited(*BY_LADDER, (key.path, key.default)))

    @pytest.mark.parametrize("key", [key for key in KEYS if key.default is not None and key.example], ids=str)
    def test_another_value_is_not_the_default(self, key: Key) -> None:
        """Without this, a key that the reader ignores would pass with any default."""
        if key.path in ONE_VALUE:
            assert key.example == key.default
            assert [names(each) for each in reviewed(edited((key.path, '"x"'))).problems] == [key.path]
        else:
            left_out = contest(edited(*BY_LADDER, (key.path, None)))
            assert left_out != contest(edited(*BY_LADDER, (key.path, key.example)))

    def test_what_has_no_default_is_absent(self) -> None:
        assert {key.path for key in KEYS if key.default is None and not key.required} == set(ABSENT)
        for path, value in ABSENT.items():
            assert value(contest(EXAMPLE)) is not None
            assert value(contest(edited((path, None)))) is None

    @pytest.mark.parametrize("key", [key for key in KEYS if key.required], ids=str)
    def test_a_required_key_is_missed(self, key: Key) -> None:
        assert key.path in [names(each) for each in reviewed(edited((key.path, None))).problems]

    @pytest.mark.parametrize("key", [key for key in KEYS if not key.required], ids=str)
    def test_what_is_noticed_is_noticed(self, key: Key) -> None:
        left_out = reviewed(edited(*BY_LADDER, (key.path, None)))
        assert left_out.problems == ()
        assert (key.path in [names(each) for each in left_out.notices]) == key.noticed


class TestLimits:
    """Each documented bound of a whole number is accepted, and the next number is not."""

    def test_every_whole_number_has_a_least(self) -> None:
        assert {key.path for key in KEYS if key.type == "whole number"} == {
            key.path for key in KEYS if key.least is not None
        }

    @pytest.mark.parametrize("key", [key for key in KEYS if key.least is not None], ids=str)
    def test_at_the_bounds_and_beyond(self, key: Key) -> None:
        assert key.least is not None
        assert self.is_read(key, key.least)
        assert not self.is_read(key, key.least - 1)
        if key.most is not None:
            assert self.is_read(key, key.most)
            assert not self.is_read(key, key.most + 1)

    def is_read(self, key: Key, number: int) -> bool:
        """True if the value is accepted. The method drops no sheet; a problem in another row does not count."""
        row = re.sub("^(criteria|prizes)", r"\1[1]", key.path)
        read = reviewed(edited(("scoring.method", '"mean"'), (key.path, str(number))))
        return row not in [each.key for each in read.problems]


class TestTypes:
    """Every documented way to write a type is accepted, and gives the same value."""

    def test_every_type_of_a_key_is_explained_and_every_explained_type_is_used(self) -> None:
        assert {key.type for key in KEYS} == set(TYPES)

    @pytest.mark.parametrize("name", TYPES)
    def test_the_ways_of_writing_are_read_the_same(self, name: str) -> None:
        ways = TYPES[name]
        assert ways and {path for path, _ in ways} <= {key.path for key in KEYS if key.type == name}
        assert len({contest(edited(way)) for way in ways}) == 1

    @pytest.mark.parametrize(
        "key", [key for key in KEYS if key.example and not key.path.startswith(OTHER_WINDOWS)], ids=str
    )
    def test_every_example_is_read(self, key: Key) -> None:
        contest(edited(*BY_LADDER, (key.path, key.example)))  # asserts that there is no problem


class TestMistakes:
    """Every sentence in the tables of mistakes is printed word for word."""

    @pytest.mark.parametrize("mistake", MISTAKES, ids=str)
    def test_at_a_key(self, mistake: Mistake) -> None:
        assert mistake.written
        read = reviewed(edited(*mistake.written))
        if mistake.printed.startswith("lưu ý: "):
            assert read.problems == ()
            assert mistake.printed in printed(*read.notices)
        else:
            assert printed(*read.problems)[:1] == [mistake.printed]

    @pytest.mark.parametrize("there, instead, message", SLIPS, ids=[message for _, _, message in SLIPS])
    def test_in_the_text(self, there: str, instead: str, message: str) -> None:
        assert there in EXAMPLE
        assert printed(*reviewed(EXAMPLE.replace(there, instead)).problems)[:1] == [message]

    def test_an_empty_file_and_a_desk_without_phases(self) -> None:
        (empty,) = printed(*review("", "a.toml").problems)
        (timeless,) = printed(*review(edited(("phases", None)), "a.toml", for_desk=True).problems)
        assert f"“{empty}”" in PAGE and f"“{timeless}”" in PAGE

    def test_there_are_many(self) -> None:
        assert len(MISTAKES) >= 60 and len(SLIPS) >= 8
