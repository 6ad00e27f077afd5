"""Version 1 stays readable: the stored document, in this release and in a later one that adds fields (simulated)."""

import io
import zipfile
from dataclasses import dataclass, replace
from typing import Literal

import msgspec
import pytest

from core.papers import document, document_text, document_v1
from core.papers.csv_table import award_csv
from core.papers.workbook import award_workbook
from tests.papers.golden_document import FINGERPRINT, FOLDER, TEXT, golden
from tests.papers.sample_document import award_document


class TestTheGoldenDocument:
    """tests/golden/v1: never regenerated, because confirmed documents of this version are kept for ever."""

    def test_is_read(self) -> None:
        assert document_text.read(TEXT) == golden()

    def test_is_written_again_byte_for_byte(self) -> None:
        assert document_text.canonical(document_text.read(TEXT)) == TEXT

    def test_has_its_fingerprint(self) -> None:
        assert document_text.fingerprint(TEXT) == FINGERPRINT

    def test_contains_every_kind_of_row(self) -> None:
        (section,) = document_text.read(TEXT).sections
        assert section.awards and section.undecided and section.withheld
        assert any(row.recused for row in section.standings) and any(row.note for row in section.standings)
        assert any(row.place is row.score is row.spread is None for row in section.standings)
        lacking = [at for row in section.standings for at, total in enumerate(row.totals) if total is None]
        assert len(lacking) > sum(len(row.recused) for row in section.standings)  # a sheet that was never submitted

    def test_is_the_same_csv(self) -> None:
        assert award_csv(document_text.read(TEXT)) == (FOLDER / "award-document.csv").read_bytes()

    def test_is_the_same_workbook(self) -> None:
        """Compared part by part, because compression depends on the machine."""
        made = award_workbook(document_text.read(TEXT), names=True)
        assert parts(made) == parts((FOLDER / "award-document.xlsx").read_bytes())


def parts(workbook: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(workbook)) as file:
        return {name: file.read(name) for name in file.namelist()}


@dataclass(frozen=True, slots=True)
class LaterJudge(document.JudgeColumn):
    """A judge column with an additional field."""

    seat: int | None = None


@dataclass(frozen=True, slots=True)
class LaterSection(document.Section):
    """A section whose judges have that field."""

    judges: tuple[LaterJudge, ...]


@dataclass(frozen=True, slots=True)
class LaterDocument(document.AwardDocument):
    """A document with an additional field."""

    sections: tuple[LaterSection, ...]
    hall: str = ""
    version: int = 2


class JudgeColumn2(document_v1.JudgeColumn, frozen=True, forbid_unknown_fields=True):
    seat: int | None


class Section2(document_v1.Section, frozen=True, forbid_unknown_fields=True):
    judges: tuple[JudgeColumn2, ...]


class AwardDocument2(document_v1.AwardDocument, frozen=True, forbid_unknown_fields=True):
    version: Literal[2]  # type: ignore[assignment]  # another version has another number
    sections: tuple[Section2, ...]
    hall: str


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> None:
    """The changes of a later release that adds two fields, as the docstring of `document_text` describes."""

    def read(text: str) -> document.AwardDocument:
        return msgspec.convert(msgspec.json.decode(text, type=AwardDocument2), LaterDocument, from_attributes=True)

    def fields(value: document.AwardDocument) -> object:
        return msgspec.to_builtins(msgspec.convert(value, AwardDocument2, from_attributes=True))

    monkeypatch.setattr(document, "AwardDocument", LaterDocument)
    monkeypatch.setitem(document_text.READERS, 2, read)
    monkeypatch.setitem(document_text.WRITERS, 2, fields)


@pytest.mark.usefixtures("later")
class TestALaterRelease:
    def test_reads_version_1_and_gives_what_is_new_its_default(self) -> None:
        found = document_text.read(TEXT)
        assert isinstance(found, LaterDocument)
        assert (found.version, found.hall, found.sections[0].judges[2]) == (
            1,
            "",
            LaterJudge("tua", "Giàng A Tủa", "GK03", None),
        )
        assert [award.code for award in found.awards] == [
            "T-101",
            "T-102",
            "T-103",
            "T-106",
        ] and found.total == 12_000_000

    def test_writes_version_1_again_byte_for_byte(self) -> None:
        text = document_text.canonical(document_text.read(TEXT))
        assert text == TEXT and document_text.fingerprint(text) == FINGERPRINT

    def test_prints_version_1_as_before(self) -> None:
        found = document_text.read(TEXT)
        assert award_csv(found) == (FOLDER / "award-document.csv").read_bytes()
        assert parts(award_workbook(found, names=True)) == parts((FOLDER / "award-document.xlsx").read_bytes())

    def test_keeps_its_own_version_apart(self) -> None:
        found = document_text.read(TEXT)
        assert isinstance(found, LaterDocument)
        text = document_text.canonical(replace(found, version=2, hall="Hội trường A"))
        assert text != TEXT and '"hall":"Hội trường A"' in text and '"seat":null' in text
        again = document_text.read(text)
        assert isinstance(again, LaterDocument) and again.hall == "Hội trường A"
        with pytest.raises(ValueError, match="unknown field"):
            document_text.read(text.replace('"version":2', '"version":1'))

    def test_refuses_what_is_later_still(self) -> None:
        text = TEXT.replace('"version":1', '"version":3')
        with pytest.raises(document_text.NewerVersion, match="phiên bản 3, mới hơn phiên bản 2"):
            document_text.read(text)


def test_a_release_that_lacks_the_field_does_not_drop_it_unnoticed() -> None:
    text = document_text.canonical(award_document()).replace('"version":1', '"hall":"Hội trường A","version":1')
    with pytest.raises(ValueError, match="unknown field `hall`"):
        document_text.read(text)
