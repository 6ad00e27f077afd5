"""The demo's data, read from `data/demo`: works, people, sheets and readings, all invented."""

import re
import tomllib
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache
from typing import Any

from core.desk.entries.official_input import Typed
from core.media.film.palette import PALETTES
from core.media.film.script import Scene, Script, Tune
from core.media.film.treatments import Treatment
from core.rules.access import Role
from core.rules.contest import Contest
from core.rules.entries.form import Author, SubmissionForm
from core.rules.entries.terms import CURRENT
from core.rules.words import VIETNAM
from core.settings import ROOT

PASSWORD = "xem-thu-son-la"  # noqa: S105  # printed by `make run` and on the demo's sign-in page
SOURCE = ROOT / "data" / "contests" / "son-la-2024.toml"
FOLDER = ROOT / "data" / "demo"
SUMMARY = "Câu chuyện đặt ra cho bản dùng thử."
SHORT = 10  # seconds, length of a film made for tests


@dataclass(frozen=True, slots=True)
class Person:
    """A person with an account in the demo."""

    username: str
    name: str
    roles: frozenset[Role]


@dataclass(frozen=True, slots=True)
class DemoEntry:
    """A work of the demo, and the script of its film."""

    author: str
    unit: str
    script: Script


class DemoStage(StrEnum):
    """When the demo's contest is: judges mark the finalists, or works wait for the screeners."""

    JUDGING = "judging"
    SCREENING = "screening"


# A calendar as days from today: submission, screening, judging, then the three dates after them.
_CALENDARS = {
    DemoStage.JUDGING: ((-70, -17), (-16, -7), (-6, 30), 41, 45, 70),
    DemoStage.SCREENING: ((-40, -3), (-2, 8), (9, 45), 56, 60, 85),
}
_SUFFIXES = {DemoStage.JUDGING: " (bản dùng thử)", DemoStage.SCREENING: " (bản dùng thử, vòng sơ loại)"}


@dataclass(frozen=True, slots=True)
class PlannedSubmission:
    """A submission to enter: its form, the work that gives its film ("" for none), and what follows."""

    form: SubmissionForm
    work: str
    treatment: Treatment | None  # of the film
    outcome: str  # "", "accept", "return", "withdraw" or "past_rules"
    reason: str
    unmet: tuple[str, ...] = ()  # items of the checklist that the screener finds unmet
    borrows: str = ""  # the work whose film is copied as this film's beginning


@dataclass(frozen=True, slots=True)
class PlannedSheet:
    """A sheet to fill in: the first `given` of the marks whose sum is `total` hundredths of a point."""

    judge: str
    work: str
    total: int
    remark: str
    given: int | None = None  # None: all marks, and the sheet is submitted


@dataclass(frozen=True, slots=True)
class PlannedRecusal:
    """A judge's recusal from a work, with its reason."""

    judge: str
    work: str
    reason: str


@dataclass(frozen=True, slots=True)
class PlannedReading:
    """A reading taken `days` days ago; `counts` are reactions, comments, shares, views. `confirmed` by another person.

    `explanation`: of what is asked about it.
    """

    work: str
    days: int
    counts: tuple[int, int, int, int]
    confirmed: bool
    explanation: str


def people() -> tuple[Person, ...]:
    """Five judges, the first of them the chief, and one person for every other role."""
    return tuple(
        Person(row["username"], row["name"], frozenset(map(Role, row["roles"]))) for row in _read("people")["people"]
    )


def officials() -> tuple[Typed, ...]:
    """Members of the contest's bodies; one of them has the name of an author."""
    return tuple(Typed(**row) for row in _read("officials")["officials"])


def works(contest: str, *, short: bool = False) -> tuple[DemoEntry, ...]:
    """The twelve finalists; `short` gives each a film of a few seconds, for tests."""
    return tuple(_entry(row, contest, short=short) for row in _read("works")["works"])


def sheets() -> tuple[PlannedSheet, ...]:
    """The planned sheets: half of all submitted, a few drafts."""
    read = _read("sheets")
    return tuple(
        PlannedSheet(row["judge"], row["work"], _hundredths(row["total"]), row["remark"], row.get("given"))
        for row in [*read["sealed"], *read["drafts"]]
    )


def recusals() -> tuple[PlannedRecusal, ...]:
    """The planned recusals."""
    return tuple(PlannedRecusal(row["judge"], row["work"], row["reason"]) for row in _read("sheets")["recusals"])


def readings() -> tuple[PlannedReading, ...]:
    """The planned readings of interactions."""
    return tuple(
        PlannedReading(
            row["work"], row["days"], tuple(row["counts"]), row.get("confirmed", True), row.get("explanation", "")
        )
        for row in _read("sheets")["readings"]
    )


def marks(contest: Contest, total: int, turn: int) -> dict[str, int]:
    """Marks (hundredths by criterion) with the sum `total` hundredths, in proportion to the criteria's maxima.

    What rounding leaves is added in steps, beginning with the criterion at index `turn`.
    """
    given = {c.key: total * c.maximum // contest.maximum_total // c.step * c.step for c in contest.criteria}
    order = [contest.criteria[(place + turn) % len(contest.criteria)] for place in range(len(contest.criteria))]
    while (left := total - sum(given.values())) > 0:
        open_to = [c for c in order if c.step <= left and given[c.key] + c.step <= c.maximum]
        for criterion in open_to:
            if sum(given.values()) + criterion.step <= total:
                given[criterion.key] += criterion.step
        if not open_to:
            break
    return {str(key): mark for key, mark in given.items()}


def submissions() -> tuple[PlannedSubmission, ...]:
    """The planned submissions of the screening stage."""
    scripts = {row["code"]: row for row in _read("works")["works"]}
    return tuple(_submission(row, scripts.get(row.get("work", ""), {})) for row in _read("submissions")["submissions"])


def stage_of(contest: Contest) -> DemoStage:
    """The stage of a demo's contest, which its name says."""
    return next((stage for stage in DemoStage if contest.name.endswith(_SUFFIXES[stage])), DemoStage.JUDGING)


def contest_file(now: datetime, stage: DemoStage = DemoStage.JUDGING, *, short: bool = False) -> str:
    """The TOML of Sơn La's contest of 2024, renamed, with the calendar of `phases`; `short`: it wants films of SHORT."""
    text = SOURCE.read_text(encoding="utf-8")
    calendar = "[phases]\n" + "\n".join(f"{name} = {value}" for name, value in phases(now, stage).items()) + "\n\n"
    text, moved = re.subn(r"^\[phases\]\n.*?(?=^\[)", lambda _: calendar, text, count=1, flags=re.MULTILINE | re.DOTALL)
    text, named = re.subn(r'^(name = "[^"]+)"', rf'\1{_SUFFIXES[stage]}"', text, count=1, flags=re.MULTILINE)
    assert moved and named
    return text.replace("seconds = [240, 300]", f"seconds = [{SHORT - 1}, {2 * SHORT + 2}]") if short else text


def phases(now: datetime, stage: DemoStage = DemoStage.JUDGING) -> dict[str, str]:
    """A calendar as TOML values, in days from today: `_CALENDARS`."""
    today = now.astimezone(VIETNAM).replace(hour=0, minute=0, second=0, microsecond=0)

    def day(number: int, hour: int = 0) -> str:
        return (today + timedelta(days=number, hours=hour)).isoformat()

    def window(opens: int, closes: int) -> str:
        last = (today + timedelta(days=closes + 1, seconds=-1)).isoformat()
        return f"{{ opens = {day(opens)}, closes = {last} }}"

    submission, screening, judging, close, meeting, ceremony = _CALENDARS[stage]
    return {
        "submission": window(*submission), "screening": window(*screening), "judging": window(*judging),
        "interactions_close": (today + timedelta(days=close, seconds=-1)).isoformat(),
        "award_meeting": day(meeting, 8), "ceremony": day(ceremony, 8),
    }  # fmt: skip


def _submission(row: dict[str, Any], script: dict[str, Any]) -> PlannedSubmission:
    people = tuple(Author(name, birth, phone) for name, birth, phone in row["authors"])
    title, unit = row.get("title") or script["title"], row.get("unit") or script["unit"]
    form = SubmissionForm(
        title=title, form=row["form"], summary=row.get("summary", SUMMARY), category=row.get("category", "Nhân dân"),
        link="live", unit=unit, group=row.get("group", ""), authors=people, guardian=row.get("guardian", ""),
        guardian_phone=row.get("guardian_phone", ""), terms=tuple((key, term.version) for key, term in CURRENT.items()),
    )  # fmt: skip
    return PlannedSubmission(
        form,
        row.get("work", ""),
        Treatment(row["treatment"]) if "treatment" in row else None,
        row.get("outcome", ""),
        row.get("reason", ""),
        tuple(row.get("unmet", ())),
        row.get("borrows", ""),
    )


def _entry(row: dict[str, Any], contest: str, *, short: bool) -> DemoEntry:
    scenes = tuple(Scene(motif, caption) for motif, caption in row["scenes"])
    script = Script(
        row["code"], row["title"], contest, SHORT if short else row["seconds"], PALETTES[row["palette"]],
        scenes[:1] if short else scenes, Tune(**row["tune"]),
    )  # fmt: skip
    return DemoEntry(row["author"], row["unit"], script)


@cache
def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


def _hundredths(points: str) -> int:
    whole, _, part = points.partition(".")
    return int(whole) * 100 + int(part.ljust(2, "0") or "0")
