"""docs/contest-rules.md names what exists, and its tables and worked examples equal what the rules compute."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path
from pkgutil import resolve_name

import pytest

from core.papers.layout.wording import place_and_day
from core.rules.contest import Contest, Method, Prize, Then
from core.rules.contest_file.reader import load
from core.rules.ids import EntryId
from core.rules.prizes.allocation import Allocation, allocate
from core.rules.scoring.marks import exceeds_gap
from core.rules.scoring.methods import METHODS, half_up, score_of
from core.rules.scoring.placing import Standing
from core.rules.scoring.ties import rung_values
from core.rules.vietnamese import identity, money_in_words, name_key
from core.rules.words import Bound, Dong, Language, Locale, Localizable, Moment, Points
from core.speech import locale
from tests.rules.sample_contest import contest, prize

DOCS = {path.name: path.read_text(encoding="utf-8") for path in Path("docs").glob("contest-*.md")}
PAGE = DOCS["contest-rules.md"]
SECTIONS = {part.split("\n", 1)[0]: part for part in re.split(r"^#{2,3} ", PAGE, flags=re.MULTILINE)[1:]}
RULES = {name[:3]: text for name, text in SECTIONS.items() if re.match(r"R\d\d ", name)}
VI, EN = Locale(), locale(Language.EN)
SON_LA = Path("data/contests/son-la-2024.toml")


def table(section: str, *heads: str) -> list[tuple[str, ...]]:
    """The rows of the table with this header, without code markup."""
    head = f"| {' | '.join(heads)} |\n"
    assert SECTIONS[section].count(head) == 1
    rows = SECTIONS[section].partition(head)[2].partition("\n\n")[0].splitlines()[1:]
    return [tuple(cell.strip().strip("`") for cell in row.split("|")[1:-1]) for row in rows]


def son_la() -> Contest:
    return load(SON_LA.read_text(encoding="utf-8"), SON_LA.name)


class TestRules:
    """Each rule of the plan has its text, what the desk does today, and how hard a change is."""

    def test_there_are_twenty_seven_each_once(self) -> None:
        assert sorted(RULES) == [f"R{number:02d}" for number in range(1, 28)]
        assert len(re.findall(r"^#+ R\d\d ", PAGE, re.MULTILINE)) == 27

    @pytest.mark.parametrize("name", RULES)
    def test_each_is_described_in_the_same_way(self, name: str) -> None:
        rule = RULES[name]
        assert re.search(r"^Plan [IV]+(?:\.\d)?\b", rule, re.MULTILINE)
        assert [line.split(":")[0] for line in rule.splitlines() if line.startswith("* ")] == [
            "* Rule", "* Today", "* Strength",
        ]  # fmt: skip
        assert re.search(r"^\* Strength: (?:refuses|warns|people)\b", rule, re.MULTILINE)

    @pytest.mark.parametrize("name", RULES)
    def test_what_is_done_today_names_where_or_is_not_yet(self, name: str) -> None:
        today = RULES[name].partition("* Today: ")[2].partition("* Strength")[0]
        section_says_where = name in {"R10", "R11", "R12", "R13"}  # one module, named above the table
        assert "not yet" in today or section_says_where or re.search(r"`core/|`\[|criterion|\]\(#", today)

    def test_headings_are_short_and_none_is_repeated(self) -> None:
        headings = re.findall(r"^#+ (.+)$", PAGE, re.MULTILINE)
        assert len(headings) == len(set(headings))
        assert [heading for heading in headings if len(heading) > 30] == []


class TestNames:
    """The files, names and headings that the two documents refer to exist."""

    @pytest.mark.parametrize("page", DOCS)
    def test_files(self, page: str) -> None:
        named = set(re.findall(r"`((?:core|pages|tests|docs|data)/[\w/.-]+)`", DOCS[page]))
        assert len(named) >= 5
        assert [name for name in sorted(named) if not Path(name).exists()] == []

    @pytest.mark.parametrize("page", DOCS)
    def test_functions(self, page: str) -> None:
        named = set(re.findall(r"`(core(?:\.\w+)+)`", DOCS[page]))
        assert named and all(map(resolve_name, named))
        for path, name in re.findall(r"`(core/[\w/]+)\.py`, `(\w+)`", DOCS[page]):
            assert resolve_name(f"{path.replace('/', '.')}.{name}")

    @pytest.mark.parametrize("page", DOCS)
    def test_links_and_references(self, page: str) -> None:
        for other, text in DOCS.items():
            headings = set(re.findall(r"^#+ (.+)$", text, re.MULTILINE))
            for cited in re.findall(rf"`docs/{other}`, ([A-Z][\w ]+)[.;]", DOCS[page]):
                assert cited in headings
        anchors = {heading.lower().replace(" ", "-") for heading in re.findall(r"^#+ (.+)$", DOCS[page], re.MULTILINE)}
        assert set(re.findall(r"\]\(#([\w-]+)\)", DOCS[page])) <= anchors

    def test_a_file_that_is_not_there_would_be_noticed(self) -> None:
        assert not Path("core/rules/no_such_module.py").exists()
        with pytest.raises(AttributeError):
            resolve_name("core.rules.vietnamese.no_such_name")


class TestScores:
    def test_the_methods_are_those_of_the_register(self) -> None:
        documented = {name: better for name, _, better in table("Scores", "method", "score", "better")}
        assert documented == {key: "more" if method.more_is_better else "fewer" for key, method in METHODS.items()}

    def test_the_worked_totals(self) -> None:
        totals = sorted([8800, 9000, 8650, 9100, 6200])
        for name, score in table("Scores", "method", "score"):
            assert Points(score_of(contest(Method(name)), totals) or 0).localize(VI) == score

    def test_the_split_panel_of_the_gaps(self) -> None:
        totals = [9500, 6000, 9000, 5800, 9200]
        limited = contest(gap_alert=1500)
        assert sum(exceeds_gap(limited, totals, total) for total in totals) == 3
        assert not exceeds_gap(limited, [8000, 5000], 8000)  # exactly 15 is not further

    def test_half_up(self) -> None:
        assert Points(half_up(8125, 10)).localize(VI) == "8,13"
        assert "8.125 is published as 8,13" in PAGE


class TestTies:
    def test_the_rungs_are_those_the_file_takes(self) -> None:
        assert [rung for rung, _, _ in table("Ties", "rung", "compares", "better")] == ["criterion:KEY", "chief"]

    def test_a_criterion_is_compared_unweighted(self) -> None:
        halved = contest(weight=Fraction(1, 2))
        assert halved.weights == (1, 2)
        assert rung_values(halved, (1600, 1400), 2, None) == (800, 700, None)


class TestPrizes:
    """Two works tied for first place, with prizes of 5 million and twice 3 million."""

    PRIZES: tuple[Prize, ...] = (prize("NHAT", 1, 5_000_000), prize("NHI", 2, 3_000_000))

    def given(self, then: Then) -> Allocation:
        one, two, three = map(EntryId, ("A", "B", "C"))
        standings = (Standing(1, one, 900, 3), Standing(1, two, 900, 3), Standing(3, three, 800, 3))
        return allocate(contest(then=then, prizes=self.PRIZES), standings, {})

    def test_left_to_the_committee(self) -> None:
        given = self.given(Then.COMMITTEE)
        assert [(each.prize, each.quantity) for each in given.undecided] == [("NHAT", 1), ("NHI", 1)]
        assert [(each.prize, each.entry) for each in given.awards] == [("NHI", "C")]

    def test_shared(self) -> None:
        given = self.given(Then.SHARE)
        assert [(each.prize, each.entry, each.amount) for each in given.awards] == [
            ("NHAT", "A", 4_000_000), ("NHAT", "B", 4_000_000), ("NHI", "C", 3_000_000),
        ]  # fmt: skip

    def test_the_table_of_both_settings_is_correct(self) -> None:
        assert table("Prizes", "`then`", "the two works", "left for the third work") == [
            ("committee", "one first and one second prize, undecided", "one second prize"),
            ("share", f"{Dong(4_000_000).localize(VI)} each", "one second prize"),
        ]


class TestDefaults:
    """The values given for the Sơn La file are in it."""

    def documented(self) -> Mapping[str, str]:
        return {row[0]: row[1] for row in table("Defaults", "open", "default", "basis")}

    def test_the_rubric_and_the_ladder(self) -> None:
        documented, file = self.documented(), son_la()
        rubric = ", ".join(f"{each.key} {Bound(each.maximum).localize(VI)}" for each in file.criteria)
        assert documented["the rubric"] == f"{rubric}; step {Bound(file.criteria[0].step).localize(VI)}"
        assert file.ties.ladder == ("criterion:ND", "criterion:ST", "chief") and file.ties.then is Then.COMMITTEE
        assert documented["the ladder"] == "ND, ST, chief judge; then the committee"

    def test_the_scores_and_the_gap(self) -> None:
        scoring = son_la().scoring
        assert (scoring.method, scoring.decimals, scoring.min_sheets) == (Method.MEAN, 2, 3)
        assert self.documented()["the method"] == "mean, two decimals, three sheets or more"
        assert self.documented()["the gap"] == f"{Bound(scoring.gap_alert or 0).localize(VI)} of 100 points, named only"

    def test_the_prizes_and_the_interactions(self) -> None:
        documented, file = self.documented(), son_la()
        fund = Dong(sum(each.quantity * each.amount for each in file.prizes)).localize(VI)
        numbers = ", ".join(str(each.quantity) for each in file.prizes[1:4])
        assert documented["second, third, encouragement prizes"] == f"{numbers}; the fund is {fund}"
        worth = file.interactions
        assert documented["“lượng tương tác” (interactions)"] == (
            f"reaction {worth.reactions}, comment {worth.comments}, share {worth.shares}, view {worth.views}"
        )

    def test_the_dates_of_the_plan(self) -> None:
        phases = son_la().phases
        assert phases is not None
        closes = (phases.submission.closes, phases.screening.closes, phases.judging.closes, phases.interactions_close)
        assert [Moment(each).localize(VI) for each in closes] == [
            f"23:59:59 ngày {day}/2024" for day in ("31/07", "10/08", "30/08", "10/09")
        ]
        assert f"{phases.submission.opens:%d/%m/%Y}" == "01/06/2024"
        assert son_la().entries.video.tolerance_s == 1 and son_la().entries.max_per_author == 3


class TestLocale:
    NUMBERS: Mapping[str, Localizable] = {
        "a score of 88.5 with two decimals": Points(8850),
        "a bound of 0.5 points": Bound(50),
        "5000000 đồng": Dong(5_000_000),
    }

    def test_numbers(self) -> None:
        documented = table("Numbers", "value", "in Vietnamese", "in English")
        assert documented == [(name, fact.localize(VI), fact.localize(EN)) for name, fact in self.NUMBERS.items()]

    def test_money_in_words(self) -> None:
        documented = table("Money in words", "amount", "words")
        assert len(documented) >= 5
        assert documented == [(amount, money_in_words(int(amount))) for amount, _ in documented]

    def test_dates(self) -> None:
        at = datetime(2024, 9, 10, 16, 59, 59, tzinfo=UTC)
        early = datetime(2024, 2, 5, tzinfo=UTC)
        assert table("Dates", "where", "written") == [
            ("screens", Moment(at).localize(VI)),
            ("screens in English", Moment(at).localize(EN)),
            ("papers", place_and_day("Sơn La", int(at.timestamp() * 1000))),
            ("papers, a small day and month", place_and_day("Sơn La", int(early.timestamp() * 1000))),
        ]

    def test_names(self) -> None:
        assert identity("hoà") == identity("hòa") and identity("uỷ") == identity("ủy")
        assert identity("\u0110") == identity("\u00d0") and identity("Hoa") != identity("Hòa")

    def test_sorting(self) -> None:
        documented = re.findall(r"^\* (.+)$", SECTIONS["Sorting"], re.MULTILINE)
        assert len(documented) >= 10
        assert sorted(documented, key=name_key) == documented
