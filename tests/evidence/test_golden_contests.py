"""The contests that were worked by hand (tests/golden), published, and recounted by the verifier."""

import json
from pathlib import Path
from random import Random

import pytest

from core.desk.files.interaction_list import read_interactions
from core.desk.files.score_list import read_scores
from core.rules.contest import Contest
from core.rules.contest_file.reader import load
from core.rules.scoring.placing import Standing
from core.rules.scoring.ranking import rank_panels
from tests.evidence.published_contest import bundle, published
from tests.evidence.verifier import answer
from tests.rules.rule_card.test_card_claims import Round

GOLDEN, CONTESTS = Path(__file__).parents[1] / "golden", Path(__file__).parents[2] / "data" / "contests"


class FromFiles(Round):
    """The sheets and readings of a golden contest's files."""

    def __init__(self, contest: Contest, folder: Path) -> None:
        scores = read_scores((folder / "scores.csv").read_text("utf-8-sig"), "scores.csv", contest)
        self.panels = scores.panels
        self.marks = {(j, w): row for w, panel in self.panels.items() for j, row in panel.items()}  # type: ignore[misc]
        counts = folder / "interactions.csv"
        self.readings = read_interactions(counts.read_text("utf-8"), counts.name).readings if counts.exists() else []
        self.recused, self.withheld, self.chance = frozenset(), {}, Random(1)

    def ranked(self, rules: Contest) -> tuple[Standing, ...]:
        return rank_panels(rules, self.panels)


@pytest.mark.parametrize("name", ["son-la-2024", "thang-10"])
def test_a_contest_worked_by_hand_is_recounted_to_the_same_places_and_scores(name: str, tmp_path: Path) -> None:
    contest = load((CONTESTS / f"{name}.toml").read_text("utf-8"), name)
    given = FromFiles(contest, GOLDEN / name)
    chain, document = published(contest, given, sorted(given.panels), {judge for judge, _ in given.marks})
    folder = bundle(chain, contest, document, tmp_path / "bundle")
    sentence, status = answer(folder)
    assert status == 0, sentence
    expected = json.loads((GOLDEN / name / "expected.json").read_text("utf-8"))["standings"]
    rows = [f",{row['place'] or ''},{row['entry']},{row['score'] or ''},{row['sheets']}" for row in expected]
    assert (folder / "standings.csv").read_text("utf-8").splitlines()[1:] == rows
