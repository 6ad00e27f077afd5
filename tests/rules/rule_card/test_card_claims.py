"""What the rule card's sentences claim is what `rank` and `allocate` compute, over every combination of options."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from itertools import product
from random import Random

import pytest

from core.rules.contest import Contest, Interactions, Method, Phases, Prize, PrizeBy, Then, Window
from core.rules.ids import EntryId, JudgeId, PrizeKey
from core.rules.interactions import Count, Reading, counted
from core.rules.prizes.allocation import Choice, Decision, Withhold, allocate
from core.rules.rule_card.sentences import in_words
from core.rules.scoring.marks import BadPoints, parse_points
from core.rules.scoring.ranking import Standing
from core.rules.words import Sentence
from tests.rules import results_by_the_card as slow
from tests.rules.by_the_card import DECIDE_NOTHING, Card, NotUnderstood, Unstated, read
from tests.rules.sample_contest import CHIEF, JUDGES, ND, ST, contest, prize, sheet
from tests.rules.sheets import rank

AT = datetime(2024, 9, 10, 16, 59, 59, tzinfo=UTC)
DAY = timedelta(days=1)
WINDOW = Window(AT - 9 * DAY, AT - 8 * DAY)
PHASES = Phases(WINDOW, WINDOW, WINDOW, AT, AT + DAY, AT + 2 * DAY)
WORKS = tuple(EntryId(f"T-{number}") for number in range(1, 6))
OFFERED: tuple[tuple[Prize, ...], ...] = (
    (),
    (prize("P1", 1, 500), prize("P2", 2, 301)),
    (prize("Q1", 2, 7, PrizeBy.INTERACTION),),
    (prize("P1", 1, 500), prize("Q1", 1, 70, PrizeBy.INTERACTION), prize("P2", 2, 301), prize("P3", 1, 100)),
)
LADDERS = ((), ("criterion:ND",), ("criterion:ST", "criterion:ND", "chief"), ("chief", "criterion:ND"))
OPTIONS = [
    (method, trim, decimals, ladder, then, weight, least, phases, offered)
    for method in Method
    for trim in ((1, 2) if method is Method.TRIMMED_MEAN else (1,))
    for decimals, ladder, then, weight, least, phases, offered in product(
        (0, 1, 2), LADDERS, Then, (Fraction(1), Fraction(3, 2), Fraction(1, 3)), (1, 3), (None, PHASES), OFFERED
    )
]
Options = tuple[Method, int, int, tuple[str, ...], Then, Fraction, int, Phases | None, tuple[Prize, ...]]


def a_contest(options: Options) -> Contest:
    method, trim, decimals, ladder, then, weight, least, phases, offered = options
    rules = contest(
        method, ladder=ladder, then=then, prizes=offered, min_sheets=least, decimals=decimals, weight=weight
    )
    return replace(
        rules,
        scoring=replace(rules.scoring, trim=trim),
        phases=phases,
        interactions=Interactions(1, 2, 5, 0),
    )


class Round:
    """Random sheets, recusals, readings and decisions: few different marks, so that there are many ties."""

    def __init__(self, chance: Random) -> None:
        judges = (*JUDGES, JudgeId("dung"))[: chance.choice((1, 2, 3, 4, 5))]
        missing = chance.choice((0.0, 0.1, 0.4))
        some = chance.choice(((700, 750), (0, 500, 550), (800, 850, 900, 950, 1000)))
        self.marks = {
            (judge, work): (chance.choice(some), chance.choice(some))
            for judge in judges
            for work in WORKS
            if chance.random() >= missing
        }
        self.recused = frozenset(pair for pair in sorted(self.marks) if chance.random() < missing / 2)
        self.readings = [
            Reading(
                chance.choice(WORKS),
                AT + chance.choice((-DAY, timedelta(), timedelta(seconds=0.9), timedelta(seconds=1))),
                *(chance.choice((0, 0, 1, 2)) for _ in range(4)),
            )
            for _ in range(chance.choice((0, 3, 8)))
        ]
        self.withheld = {key: chance.choice((0, 0, 1)) for key in ("P1", "P2", "Q1")}
        self.chance = chance

    def decisions(self, rules: Contest) -> list[Decision]:
        """Withheld seats, and the committee's choice where it has one to make."""
        known = {p.key for p in rules.prizes}
        made: list[Decision] = [Withhold(PrizeKey(k), n) for k, n in self.withheld.items() if n and k in known]
        for _ in range(self.chance.choice((0, 1, 2))):
            undecided = allocate(rules, self.ranked(rules), self.counts(rules), made).undecided
            if undecided:
                first = undecided[0]
                made.append(Choice(first.prize, tuple(self.chance.sample(first.entries, first.quantity))))
        return made

    def ranked(self, rules: Contest) -> tuple[Standing, ...]:
        sheets = [sheet(judge, work, *marks) for (judge, work), marks in self.marks.items()]
        return rank(rules, WORKS, sheets, self.recused)

    def counts(self, rules: Contest) -> dict[EntryId, Count]:
        return counted(rules, self.readings)


def compared(rules: Contest, card: Card, given: Round) -> None:
    """The sentences' results and the functions' are the same."""
    hundredths: dict[tuple[str, str], list[Fraction]] = {
        key: [Fraction(mark, 100) for mark in marks] for key, marks in given.marks.items()
    }
    unit, names = 10**rules.scoring.decimals, {p.key: p.name for p in rules.prizes}
    rows = slow.standings(card, slow.Sheets(WORKS, hundredths, frozenset[tuple[str, str]](given.recused), CHIEF))
    ranked = given.ranked(rules)
    scores = [None if s.score is None else Fraction(s.score, unit) for s in ranked]
    assert [(s.place, s.entry, score, s.span) for s, score in zip(ranked, scores, strict=True)] == rows
    decided = given.decisions(rules)
    allocation = allocate(rules, ranked, given.counts(rules), decided)
    readings = [(r.entry, r.taken_at, (r.reactions, r.comments, r.shares, r.views)) for r in given.readings]
    counts = slow.counts(card, readings, WORKS) if any(p.by is PrizeBy.INTERACTION for p in rules.prizes) else {}
    withheld = {names[d.prize]: d.quantity for d in decided if isinstance(d, Withhold)}
    chosen = [(names[d.prize], d.entries) for d in decided if isinstance(d, Choice)]
    expected = slow.prizes(card, rows, counts, withheld, chosen)
    assert [(names[a.prize], a.entry, a.amount) for a in allocation.awards] == expected.awards
    assert [(names[u.prize], u.quantity, u.entries) for u in allocation.undecided] == expected.undecided
    assert [(names[v.prize], v.quantity) for v in allocation.vacant] == expected.empty


@pytest.mark.parametrize("method", Method)
def test_every_combination_of_options_computes_what_its_sentences_claim(method: Method) -> None:
    for at, options in enumerate(OPTIONS):
        if options[0] is method:
            rules = a_contest(options)
            compared(rules, read(in_words(rules)), Round(Random(at)))


def agree(rules: Contest, card: Card, rounds: int = 60) -> bool:
    """True where sentences and functions give the same over so many random rounds."""
    try:
        for at in range(rounds):
            compared(rules, card, Round(Random(at)))
    except (AssertionError, Unstated):
        return False
    return True


def everything(method: Method, then: Then) -> Contest:
    """A contest with every rule: steps, weights, both kinds of prizes, a calendar."""
    return a_contest((method, 1, 1, LADDERS[2], then, Fraction(1, 3), 3, PHASES, OFFERED[3]))


@pytest.mark.parametrize("method", Method)
@pytest.mark.parametrize("then", Then)
def test_no_sentence_that_decides_can_be_left_out(method: Method, then: Then) -> None:
    rules = everything(method, then)
    sentences = in_words(rules)
    assert agree(rules, read(sentences))
    for at, sentence in enumerate(sentences):
        if sentence.text in DECIDE_NOTHING:
            continue
        try:
            shorter = read((*sentences[:at], *sentences[at + 1 :]))
        except (Unstated, AssertionError):
            continue
        assert not agree(rules, shorter, rounds=600), sentence.text


@pytest.mark.parametrize("text", ["Ban Tổ chức bốc thăm.", "Điểm của tác phẩm là trung bình nhân của các phiếu."])
def test_a_sentence_that_states_no_known_rule_is_an_error(text: str) -> None:
    with pytest.raises(NotUnderstood):
        read((*in_words(contest()), Sentence(text)))


BASE: Options = (Method.TRIMMED_MEAN, 1, 1, LADDERS[2], Then.COMMITTEE, Fraction(1, 3), 1, PHASES, OFFERED[3])
CHANGES: list[tuple[int, object]] = [
    *((0, method) for method in Method if method is not BASE[0]),
    (1, 2), (2, 0), (2, 2), (3, LADDERS[0]), (3, LADDERS[3]), (4, Then.SHARE), (5, Fraction(1)), (5, Fraction(3, 2)),
    (6, 4), (7, None), (7, replace(PHASES, interactions_close=AT - 2 * DAY)), (8, OFFERED[1]),
    (8, (prize("P2", 2, 301), *OFFERED[3][:2], OFFERED[3][3])),
]  # fmt: skip


@pytest.mark.parametrize("at, other", CHANGES)
def test_the_sentences_of_another_option_claim_other_results(at: int, other: object) -> None:
    """So the comparison can fail, and each option is in the words."""
    changed = (*BASE[:at], other, *BASE[at + 1 :])
    rules = a_contest(changed)  # type: ignore[arg-type]  # one option is put in by its position
    assert agree(rules, read(in_words(rules)))
    assert not agree(rules, read(in_words(a_contest(BASE))))


def test_interactions_have_the_stated_weights() -> None:
    rules = a_contest(BASE)
    other = replace(rules, interactions=Interactions(1, 2, 3, 1))
    assert agree(other, read(in_words(other))) and not agree(other, read(in_words(rules)))


@pytest.mark.parametrize("weight", [Fraction(1), Fraction(3, 2), Fraction(1, 3), Fraction(50, 9)])
def test_the_rubric_claims_what_a_sheet_may_hold_and_what_it_is_worth(weight: Fraction) -> None:
    rules = contest(weight=weight)
    card = read(in_words(rules))
    assert card["criteria"] == len(card.criteria) == len(rules.criteria)
    best = [maximum for _, maximum, _, _ in card.criteria]
    assert (
        card["maximum"]
        == slow.total(card, best)
        == Fraction(rules.total({ND: 1000, ST: 1000}), 100 * rules.weight_scale)
        == Fraction(rules.weighted((1000, 1000)), 100 * rules.weight_scale)
    )
    for criterion, (name, maximum, step, _) in zip(rules.criteria, card.criteria, strict=True):
        assert name == criterion.name
        for quarter in range(4 * int(maximum) + 8):
            points = Fraction(quarter, 4)
            try:
                taken = parse_points(str(float(points)), criterion) == points * 100
            except BadPoints:
                taken = False
            assert taken == (points <= maximum and points % step == 0)
