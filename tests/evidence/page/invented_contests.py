"""Invented contests for the checks of evidence: one rich day, and many random ones."""

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction

from core.rules.contest import Contest, Method, Phases, PrizeBy, Then, Window
from core.rules.ids import EntryId, JudgeId
from core.rules.interactions import ReadingState
from core.rules.prizes.allocation import Withhold
from tests.evidence.page.sample_bundles import START, Recorded
from tests.rules.sample_contest import CHIEF, ENTRIES, JUDGES, LADDER, contest, prize

PRIZES = (
    prize("nhat", 1, 5_000_000), prize("nhi", 2, 3_000_001), prize("ba", 2, 2_000_000), prize("kk", 4, 1_000_000),
    prize("yeu-thich", 1, 1_500_000, PrizeBy.INTERACTION),
)  # fmt: skip
CLOSE = datetime.fromtimestamp(START / 1000, UTC).replace(microsecond=0)  # of the interactions
LADDERS = [LADDER, (), ("chief",), ("chief", "criterion:ST", "criterion:ND"), ("criterion:ST", "chief", "criterion:ND")]
CLOSE_MS = int(CLOSE.timestamp() * 1000)


def with_cut_off(of: Contest) -> Contest:
    window = Window(CLOSE - timedelta(days=9), CLOSE + timedelta(days=9))
    return replace(of, phases=Phases(window, window, window, CLOSE, CLOSE, CLOSE))


def rich_day(method: Method = Method.MEAN, *, best: int = 850, prizes: int = 5) -> Recorded:
    """A contest with everything that moves a result: `best` is the mark of the best work's first sheet."""
    made = Recorded(with_cut_off(contest(method, prizes=PRIZES[:prizes], min_sheets=2)), ENTRIES, JUDGES)
    t1, t2, t3, t4, t5, t6 = ENTRIES
    an, binh, chi = JUDGES[1:]
    for at, judge in enumerate(JUDGES):
        made.seal(judge, t1, best if judge == an else 900, 900)
        made.seal(judge, t2, 800, 850 + 50 * (at % 2))
        made.seal(judge, t3, 850 if judge == CHIEF else 800, 800)
    made.seal(an, t4, 800, 800)
    made.seal(binh, t4, 800, 850)
    made.give_back(binh, t4)
    made.seal(binh, t4, 850, 850)
    made.seal(chi, t5, 700, 700)  # too few sheets for a score
    for judge in (an, binh):
        made.seal(judge, t6, 1000, 1000)
    made.seal(CHIEF, t5, 950, 950)
    made.recuse(CHIEF, t5)
    made.change(t6, "disqualify")
    made.read(t1, CLOSE_MS - 5000, 300, 20)
    wrong = made.read(t2, CLOSE_MS - 4000, 3000)
    made.read(t2, CLOSE_MS - 4000, 310, 20, corrects=wrong)
    made.read(t3, CLOSE_MS + 999, 350)  # in the last second
    made.read(t3, CLOSE_MS + 1000, 9000)  # too late
    made.read(t4, CLOSE_MS - 10, 8000, state=ReadingState.REJECTED)
    made.read(t6, CLOSE_MS - 10, 7000)  # of a work that does not compete any more
    made.freeze()
    made.add(
        "interactions.reopened",
        actor="TK40",
        frozen_by="TK31",
        frozen_at=made.at,
        counted=[],
        decisions=[],
        reason="ab" * 32,
    )
    made.read(t5, CLOSE_MS - 10, 390)
    made.freeze()
    made.decide(Withhold(PRIZES[2].key, 1))
    return made


def random_day(seed: int) -> Recorded:
    """A contest by chance: method, ladder, weights, decimals, missing sheets, recusals, counts, decisions."""
    chance = random.Random(seed)
    judges = JUDGES[: chance.randint(2, 4)]
    works = tuple(EntryId(f"T-{number}") for number in chance.sample(range(1, 40), chance.randint(1, 12)))
    quantities = [chance.randint(1, 3) for _ in PRIZES]
    prizes = tuple(replace(each, quantity=quantity) for each, quantity in zip(PRIZES, quantities, strict=True))
    made = Recorded(
        with_cut_off(
            contest(
                chance.choice([*Method, Method.RANK_SUM, Method.RANK_SUM]), ladder=chance.choice(LADDERS),
                then=chance.choice(list(Then)), prizes=prizes[chance.randint(0, 3) :], min_sheets=chance.randint(1, 3),
                decimals=chance.randint(0, 3), weight=chance.choice([Fraction(1), Fraction(1, 2), Fraction(1, 3), Fraction(7, 6)]),
            )
        ),
        works, judges,
    )  # fmt: skip
    _mark(made, judges, chance)
    for work in works:
        if chance.random() < 0.1:
            made.change(work, "withdraw")
        else:
            _read(made, work, chance)
    made.freeze()
    for _ in range(chance.choice([0, 0, 1, 2, 3])):
        made.decide(Withhold(chance.choice(made.contest.prizes).key, chance.randint(1, 2)))
    if not made.result()[1].unused:
        made.settle()
    return made


def _read(made: Recorded, work: EntryId, chance: random.Random) -> None:
    """No reading or several, around the cut-off, some of them rejected or corrections of an earlier one."""
    for number in range(chance.randint(0, 3)):
        corrects = chance.randint(1, number) if number and chance.random() < 0.4 else None
        state = chance.choice(
            [ReadingState.CONFIRMED, ReadingState.CONFIRMED, ReadingState.REJECTED, ReadingState.WAITING]
        )
        taken_at = CLOSE_MS + chance.choice([-2000, -1000, 0, 999, 1000])
        made.read(work, taken_at, chance.choice([0, 100, 200]), chance.randint(0, 1), state=state, corrects=corrects)


def _mark(made: Recorded, judges: tuple[JudgeId, ...], chance: random.Random) -> None:
    """Nearly every sheet, from few marks, so that many works are equal."""
    holes, marks = (
        chance.choice([0.0, 0.1, 0.4]),
        chance.choice([(700, 750), (700, 750, 800, 850), tuple(range(0, 1001, 50))]),
    )
    for judge in judges:
        for work in made.works:
            if chance.random() >= holes:
                made.seal(judge, work, chance.choice(marks), chance.choice(marks))
            if chance.random() < 0.05:
                made.recuse(judge, work)
