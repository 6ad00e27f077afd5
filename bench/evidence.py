"""A stranger checks a bundle of evidence with its own verifier. python -m bench.evidence [--quick]

Half of the sheets are returned once and submitted again, so 5,000 works and 30 judges give 305,000 rows.
"""

import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from bench import fill, table
from core.desk.award_table import AwardState, award_document
from core.desk.awards.evidence_files import Evidence, files, write_folder
from core.papers import document_text
from core.papers.document import Proof
from core.papers.public_document import public_document
from core.rules.contest import Contest
from core.rules.contest_file.reader import load
from core.rules.ids import EntryId, JudgeId
from core.rules.prizes.allocation import allocate
from core.rules.rule_card import card
from core.rules.scoring.ranking import rank_panels
from core.store.ledger import Chain, Heads, Row, next_row, pseudonym
from core.store.queries import awards
from core.store.queries.standings import CountedSheet, Panellist
from core.store.signing.merkle import MerkleTree
from core.store.signing.signed_notes import origin_of, public_bytes, signed_checkpoint, verifier_key

KEY = Ed25519PrivateKey.from_private_bytes(bytes(32))
NONE = "0" * 64
# A small process starts it: a child's peak begins with what its parent had.
MEASURED = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, check=True)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""
Sheets = dict[tuple[str, str], tuple[int, ...]]  # (judge, work) -> marks


class Ledger:
    """A result chain that grows; its Merkle tree grows with it."""

    def __init__(self) -> None:
        self.rows, self.heads, self.tree = list[Row](), Heads(), MerkleTree()

    def tell(self, event: str, payload: object, actor: str = "system") -> None:
        text = json.dumps(payload, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        row = next_row(
            self.heads, chain=Chain.RESULT, at=1_724_000_000_000 + len(self.rows), actor=actor, event=event, version=1,
            payload=text,
        )  # fmt: skip
        self.rows.append(row)
        self.heads = self.heads.after(row)
        self.tree.append(row.hash)


def measure(quick: bool) -> Iterator[table.Figure]:
    """Seconds of the whole process, and the memory it needed at most."""
    works, judges = (200, 30) if quick else (5_000, 30)
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made) / "bundle"
        rows = write(folder, fill.Size(works, judges, criteria=5))
        seconds, megabytes = checked(folder)
    target = None if quick else seconds <= 15
    yield table.Figure(
        f"verify.py on a bundle of {rows:,} rows, {works:,} × {judges} × 5", seconds, "s", "≤ 15 s", reached=target
    )
    yield table.Figure("… its memory", megabytes, "MB", "≤ 200 MB", reached=megabytes <= 200)


def checked(folder: Path) -> tuple[float, float]:
    """Run the verifier. Returns seconds and the largest resident memory in MB."""
    began = time.perf_counter()
    words = (sys.executable, "-I", "-c", MEASURED, sys.executable, "-I", folder / "verify.py")
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError("the verifier does not accept the bundle of the bench")
    return time.perf_counter() - began, int(done.stdout) / 1024


def write(folder: Path, size: fill.Size) -> int:
    """Write a bundle of so many works and judges. Returns the number of its rows."""
    contest = load(fill.contest_text(size, datetime(2024, 8, 20, tzinfo=UTC)), "bench")
    judges = {name: pseudonym(place, judge=True) for place, name in enumerate(fill.judges(size.judges), 1)}
    sheets = random_sheets(contest, fill.codes(size.works), judges)
    ledger = judged(contest, sheets, judges)
    document = document_of(contest, sheets, judges, ledger)
    size_, origin = len(ledger.rows), origin_of(contest.key)
    notes = {size_: signed_checkpoint(origin, size_, ledger.tree.root(), KEY)}
    key = verifier_key(origin, public_bytes(KEY))
    write_folder(files(Evidence(contest.key, card.canonical(contest), notes, key, document), ledger.rows), folder)
    return size_


def random_sheets(contest: Contest, works: list[str], judges: dict[str, str]) -> Sheets:
    """A sheet of every judge for every work."""
    chance = random.Random(1)
    return {
        (judge, work): tuple(chance.randrange(0, each.maximum + 1, each.step) for each in contest.criteria)
        for work in works
        for judge in judges
    }


def judged(contest: Contest, sheets: Sheets, judges: dict[str, str]) -> Ledger:
    """The chain from the opening to the closing."""
    ledger, works = Ledger(), sorted({work for _, work in sheets})
    opening = {"contest": contest.key, "rule_card": card.fingerprint(contest), "rule_card_version": 1, "file": NONE}
    ledger.tell("contest.opened", {**opening, "seed": "", "demo": False})
    ledger.tell("signing_key.recorded", {"key": public_bytes(KEY).hex()})
    for work in works:
        texts = dict.fromkeys(("title", "author", "unit", "film"), NONE)
        ledger.tell("entry.added", {"entry": work, **texts, "milliseconds": 1, "width": 1, "height": 1})
    for judge in judges.values():
        ledger.tell("judge.assigned", {"judge": judge, "entries": works})
    for at, ((name, work), marks) in enumerate(sheets.items()):
        judge = judges[name]
        told = {"judge": judge, "entry": work, "remarks": NONE, "watched_share": 10_000}
        told["marks"] = dict(zip((each.key for each in contest.criteria), marks, strict=True))
        if at % 2:
            ledger.tell("sheet.sealed", {**told, "revision": 1}, judge)
            ledger.tell("sheet.returned", {"judge": judge, "entry": work, "revision": 1, "reason": NONE}, "TK99")
        ledger.tell("sheet.sealed", {**told, "revision": 1 + at % 2}, judge)
    ledger.tell("judging.closed", {"missing": 0, "without_score": []}, "GK01")
    return ledger


def document_of(contest: Contest, sheets: Sheets, judges: dict[str, str], ledger: Ledger) -> str:
    """Confirm and publish. Returns the published document."""
    panels: dict[EntryId, dict[JudgeId, tuple[int, ...]]] = {EntryId(work): {} for _, work in sheets}
    for (judge, work), marks in sheets.items():
        panels[EntryId(work)][JudgeId(judge)] = marks
    standings, head = rank_panels(contest, panels), ledger.heads.result
    fingerprint = card.fingerprint(contest)
    state = AwardState(
        contest, fingerprint, {work: awards.Credits(work, f"Tác phẩm {work}", "", "") for work in panels},
        tuple(Panellist(JudgeId(name), name, number) for name, number in judges.items()),
        tuple(CountedSheet(JudgeId(judge), EntryId(work), marks) for (judge, work), marks in sheets.items()),
        frozenset(), (), {}, Proof(fingerprint, head.seq, head.hash.hex()), standings, {}, allocate(contest, standings, {}),
    )  # fmt: skip
    confirmed = award_document(state, datetime(2024, 9, 15, tzinfo=UTC), confirmed_by="", salt="5a" * 16)
    given = [{"prize": each.prize, "entry": each.code, "amount": each.amount} for each in confirmed.awards]
    of_confirmed = document_text.fingerprint(document_text.canonical(confirmed))
    text = document_text.canonical(public_document(confirmed))
    ledger.tell("awards.confirmed", {"document": of_confirmed, "rule_card": fingerprint, "awards": given})
    published = {"publication": 1, "document": of_confirmed, "public": document_text.fingerprint(text)}
    ledger.tell("result.published", published)
    ledger.tell("checkpoint.made", {"rows": 1, "head": NONE})
    return text


if __name__ == "__main__":
    table.run(__doc__, measure)
