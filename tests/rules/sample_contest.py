"""A small contest for tests of the rules: two criteria of 10, step 0.5; every field can be replaced."""

from collections.abc import Mapping
from fractions import Fraction

from hypothesis import strategies as st

from core.rules.contest import Contest, Criterion, Method, Prize, PrizeBy, Scoring, Then, Ties
from core.rules.ids import CriterionKey, EntryId, JudgeId, PrizeKey
from tests.rules.sheets import Sheet

ND, ST = CriterionKey("ND"), CriterionKey("ST")
CHIEF = JudgeId("truong")
JUDGES = (CHIEF, JudgeId("an"), JudgeId("binh"), JudgeId("chi"))
ENTRIES = tuple(EntryId(f"T-{number}") for number in range(1, 7))
LADDER = ("criterion:ND", "criterion:ST", "chief")


def contest(
    method: Method = Method.MEAN,
    *,
    ladder: tuple[str, ...] = LADDER,
    then: Then = Then.COMMITTEE,
    prizes: tuple[Prize, ...] = (),
    min_sheets: int = 1,
    decimals: int = 2,
    weight: Fraction = Fraction(1),
    gap_alert: int | None = None,
) -> Contest:
    return Contest(
        key="thu",
        name="Cuộc thi thử",
        criteria=(Criterion(ND, "Nội dung", 1000, 50, weight), Criterion(ST, "Sáng tạo", 1000, 50)),
        scoring=Scoring(method, trim=1, decimals=decimals, min_sheets=min_sheets, gap_alert=gap_alert),
        ties=Ties(ladder, CHIEF if "chief" in ladder else None, then),
        prizes=prizes,
    )


def prize(key: str, quantity: int, amount: int, by: PrizeBy = PrizeBy.SCORE) -> Prize:
    return Prize(PrizeKey(key), f"Giải {key}", quantity, amount, by)


def sheet(judge: str, entry: str, nd: int, st_: int) -> Sheet:
    return Sheet(JudgeId(judge), EntryId(entry), {ND: nd, ST: st_})


Panel = Mapping[tuple[JudgeId, EntryId], tuple[int, int]]

marks = st.integers(0, 20).map(lambda steps: steps * 50)
_pairs = [(judge, entry) for judge in JUDGES for entry in ENTRIES]
_given = st.sampled_from([None, None, *((nd, st_) for nd in (700, 750, 800) for st_ in (700, 750, 800))])
# Nearly every judge has marked nearly every work: the properties are about ties, and few sheets give few ties.
panels = st.lists(_given, min_size=len(_pairs), max_size=len(_pairs)).map(
    lambda rows: {pair: given for pair, given in zip(_pairs, rows, strict=True) if given is not None}
)
ladders = st.permutations(LADDER).map(tuple) | st.just(()) | st.just(("chief",))
contests = st.builds(
    contest,
    st.sampled_from(Method),
    ladder=ladders,
    then=st.sampled_from(Then),
    min_sheets=st.integers(1, 3),
    decimals=st.integers(0, 3),
    weight=st.sampled_from([Fraction(1), Fraction(1, 2), Fraction(1, 3)]),
)


def sheets(panel: Panel) -> list[Sheet]:
    return [sheet(judge, entry, *given) for (judge, entry), given in panel.items()]
