"""The verifier recounts what the desk computed, over the options of the rule card and random rounds."""

import ast
import sys
from pathlib import Path
from random import Random

import pytest

from core.rules.contest import Method
from core.rules.ids import EntryId, JudgeId
from core.rules.scoring.missing_ranks import blocks
from core.store.events import EVENTS
from core.store.ledger import Chain as ChainName
from tests.evidence.published_contest import bundle, published
from tests.evidence.verifier import FILE, answer, verifier
from tests.rules.rule_card.test_card_claims import OPTIONS, WORKS, Round, a_contest
from tests.rules.sample_contest import JUDGES

STEP = 7  # of 6912 combinations; 7 divides none of the numbers of options
PANEL = (*JUDGES, "dung")


@pytest.mark.parametrize("method", Method)
def test_places_scores_awards_and_amounts_are_those_of_the_desk(
    method: Method, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verifier(), "signature_holds", lambda *_: True)
    for at in range(0, len(OPTIONS), STEP):
        if OPTIONS[at][0] is method:
            contest = a_contest(OPTIONS[at])
            chain, document = published(contest, Round(Random(at)), WORKS, PANEL)
            folder = bundle(chain, contest, document, tmp_path / str(at))
            sentence, status = answer(folder)
            assert status == 0, (at, sentence)


def test_blocks_are_those_of_the_desk() -> None:
    chance = Random(5)
    for _ in range(3_000):
        judges, missing, slope = chance.choice((1, 2, 5, 9)), chance.choice((0.02, 0.1, 0.3)), chance.choice((0, 3, 10))
        totals = {
            EntryId(f"T-{at}"): {
                JudgeId(f"gk{judge}"): chance.randrange(5) + slope * at
                for judge in range(judges)
                if chance.random() >= missing
            }
            for at in range(chance.choice((1, 2, 5, 14)))
        }
        ranks = verifier().ranks_of({work: panel for work, panel in totals.items() if panel})
        for gap in (1, 2):
            ours = [(sorted(block.entries), block.equal) for block in blocks(ranks, gap)]
            assert [(sorted(works), equal) for works, equal in verifier().blocks(ranks, gap)] == ours


def test_every_event_of_the_result_chain_is_known_in_its_newest_version() -> None:
    known = verifier().EVENTS
    ours = {name: event.version for name, event in EVENTS.items() if event.chain is ChainName.RESULT}
    assert {name: known.get(name) for name in ours} == {**ours, "checkpoint.made": 2}


def test_it_is_of_bounded_length_and_python_3_8_reads_it() -> None:
    text = FILE.read_text("utf-8")
    tree = ast.parse(text, feature_version=(3, 8))
    imported = {each.name for node in ast.walk(tree) if isinstance(node, ast.Import) for each in node.names}
    imported |= {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    in_python_3_8 = {
        "argparse", "base64", "bisect", "collections", "datetime", "decimal", "fractions", "functools", "hashlib", "itertools",
        "json", "os", "re", "sys", "zipfile",
    }  # fmt: skip
    assert imported == in_python_3_8 <= sys.stdlib_module_names
    assert len(text.splitlines()) <= 350
    assert max(map(len, text.split("\n"))) <= 120
