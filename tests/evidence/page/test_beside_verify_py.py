"""The page beside verify.py: the same bundles, the desk's own among them, get the same answer."""

from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from playwright.sync_api import Browser

from core.desk.awards import evidence
from core.rules.contest import Method
from core.rules.contest_file.reader import load
from core.store.engine import Store
from tests.evidence.page.checked_page import CheckedPage
from tests.evidence.page.invented_contests import PRIZES, random_day, rich_day
from tests.evidence.page.sample_bundles import Files, mark_of
from tests.evidence.page.test_verifier_page import ALTERED
from tests.evidence.published_contest import bundle, published
from tests.evidence.sample import played
from tests.evidence.test_golden_contests import CONTESTS, GOLDEN, FromFiles
from tests.evidence.verifier import answer
from tests.rules.rule_card.test_card_claims import WORKS, Round
from tests.rules.sample_contest import JUDGES
from tests.rules.sample_contest import contest as contest_of

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def checked(browser: Browser) -> Iterator[CheckedPage]:
    window = CheckedPage(browser)
    yield window
    window.context.close()
    assert window.faults == []


def files_of(folder: Path) -> Files:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def by_verify_py(files: Files, folder: Path) -> str:
    folder.mkdir()
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return answer(folder)[0].replace("verify.py", "verify.html")


def test_the_desks_own_bundle_and_a_proof_from_it(checked: CheckedPage, sqlite_store: Store, tmp_path: Path) -> None:
    played(sqlite_store)
    files = files_of(evidence.write(sqlite_store, tmp_path / "bundle"))
    assert "verify.html" in files
    said = checked.check(files, mark_of(files, 9))
    assert said.startswith("ĐÚNG:") and said.endswith("4 tác phẩm và 3 giải khớp từng byte với tính lại.")
    archive = evidence.archive(sqlite_store, tmp_path / "archive")
    assert checked.check(archive.read_bytes(), name=archive.name) == said
    proof = {"proof-7.json": evidence.proof(sqlite_store, 7), "key.txt": files["key.txt"]}
    assert checked.check(proof).startswith("ĐÚNG: dòng 7 nằm trong sổ cái")


def test_the_sample_in_the_repository_and_the_golden_contests(checked: CheckedPage, tmp_path: Path) -> None:
    assert checked.check(files_of(GOLDEN / "evidence-v1")).startswith("ĐÚNG:")
    for name in ("son-la-2024", "thang-10"):
        contest = load((CONTESTS / f"{name}.toml").read_text("utf-8"), name)
        given = FromFiles(contest, GOLDEN / name)
        chain, document = published(contest, given, sorted(given.panels), {judge for judge, _ in given.marks})
        files = files_of(bundle(chain, contest, document, tmp_path / name))
        assert checked.check(files).startswith("ĐÚNG:"), name
    for number, method in enumerate(Method):
        rules = contest_of(method, prizes=PRIZES, min_sheets=1 + number % 2)
        chain, document = published(rules, Round(Random(number)), WORKS, JUDGES)
        assert checked.check(files_of(bundle(chain, rules, document, tmp_path / method))).startswith("ĐÚNG:"), method


def test_right_and_altered_bundles_get_the_same_answer(tmp_path: Path) -> None:
    right = rich_day().bundle()
    said = [by_verify_py(change(right), tmp_path / str(number)) for number, (change, _) in enumerate(ALTERED)]
    assert said == [sentence for _, sentence in ALTERED]
    made = [random_day(seed) for seed in range(700, 730)]
    right_ones = [
        by_verify_py(each.bundle(), tmp_path / f"r{at}") for at, each in enumerate(made) if not each.result()[1].unused
    ]
    assert len(right_ones) > 15 and all(sentence.startswith("ĐÚNG:") for sentence in right_ones)
