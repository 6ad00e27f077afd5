"""Bundles of evidence of invented contests, whose result is computed by the desk's own rules.

A `Recorded` contest takes acts, writes their ledger rows and keeps what the rules need. `Recorded.bundle` confirms and
publishes the result and returns the files of the bundle. Nothing is checked here: forbidden acts can be recorded too.
"""

import io
import json
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import rfc8785
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from core.papers import document as paper
from core.papers import document_text
from core.rules.contest import Contest
from core.rules.ids import CriterionKey, EntryId, JudgeId
from core.rules.interactions import Count, EnteredReading, Reading, ReadingState, counted, in_force
from core.rules.prizes.allocation import Allocation, Choice, Decision, Withhold, allocate
from core.rules.rule_card import card
from core.rules.scoring.ranking import Standing
from core.store.ledger import Chain, Heads, Row, leaf_hash, next_row
from core.store.signing import signed_notes
from tests.rules.sheets import Sheet, rank

Files = dict[str, bytes]
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
OTHER_KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33)))
START = 1_726_000_000_000  # UTC ms
SECRET = "ab" * 32  # where a payload has a commitment


def canonical(value: object) -> str:
    return rfc8785.dumps(value).decode()  # type: ignore[arg-type]  # the payloads are JSON values


@dataclass
class Recorded:
    """A contest with its chain so far. Judges are numbered in the order of `judges`."""

    contest: Contest
    works: tuple[EntryId, ...]
    judges: tuple[JudgeId, ...]
    key: Ed25519PrivateKey = KEY
    rows: list[Row] = field(default_factory=list)
    notes: dict[int, str] = field(default_factory=dict)
    sheets: dict[tuple[JudgeId, EntryId], tuple[int, ...]] = field(default_factory=dict)
    revisions: dict[tuple[JudgeId, EntryId], int] = field(default_factory=dict)
    out: set[EntryId] = field(default_factory=set)
    recusals: set[tuple[JudgeId, EntryId]] = field(default_factory=set)
    readings: list[EnteredReading] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)
    at: int = START

    def __post_init__(self) -> None:
        self.add(
            "contest.opened", contest=self.contest.key, rule_card=card.fingerprint(self.contest), rule_card_version=1
        )
        self.add("signing_key.recorded", key=signed_notes.public_bytes(self.key).hex())
        for work in self.works:
            self.add("entry.added", entry=work, title=SECRET)
        for judge in self.judges:
            chief: dict[str, Any] = {"chief": True} if judge == self.contest.ties.chief else {}
            self.add("judge.assigned", judge=self.number(judge), entries=list(self.works), **chief)

    def number(self, judge: JudgeId) -> str:
        return f"GK{self.judges.index(judge) + 1:02}"

    def add(self, event: str, *, actor: str = "system", version: int = 1, **payload: object) -> Row:
        """Append a row of the result chain, one second after the last one."""
        heads = Heads()
        if self.rows:
            heads = heads.after(self.rows[-1])
        self.at += 1000
        row = next_row(
            heads, chain=Chain.RESULT, at=self.at, actor=actor, event=event, version=version, payload=canonical(payload)
        )
        self.rows.append(row)
        return row

    def checkpoint(self) -> None:
        """Append the row of a checkpoint, and sign it."""
        size = self.add("checkpoint.made", rows=0, head="0" * 64).seq
        root = signed_notes.merkle_root([row.hash for row in self.rows])
        self.notes[size] = signed_notes.signed_checkpoint(self.origin, size, root, self.key)

    @property
    def origin(self) -> str:
        return signed_notes.origin_of(self.contest.key)

    def seal(self, judge: JudgeId, work: EntryId, *marks: int) -> None:
        where = (judge, work)
        self.sheets[where], self.revisions[where] = marks, self.revisions.get(where, 0) + 1
        keys = [criterion.key for criterion in self.contest.criteria]
        number = self.number(judge)
        self.add(
            "sheet.sealed", actor=number, judge=number, entry=work, revision=self.revisions[where],
            marks=dict(zip(keys, marks, strict=True)), remarks=SECRET, watched_share=10_000,
        )  # fmt: skip

    def give_back(self, judge: JudgeId, work: EntryId) -> None:
        del self.sheets[judge, work]
        number = self.revisions[judge, work]
        self.add("sheet.returned", actor="TK20", judge=self.number(judge), entry=work, revision=number, reason=SECRET)

    def recuse(self, judge: JudgeId, work: EntryId) -> None:
        self.sheets.pop((judge, work), None)
        self.recusals.add((judge, work))
        self.add("recusal.declared", actor=self.number(judge), judge=self.number(judge), entry=work, reason=SECRET)

    def change(self, work: EntryId, kind: str) -> None:
        """Two people withdraw, disqualify or reinstate a finalist."""
        (self.out.discard if kind == "reinstate" else self.out.add)(work)
        self.add("finalist.change_confirmed", actor="TK21", number=1, entry=work, submission="TP-001", kind=kind)

    def read(
        self,
        work: EntryId,
        taken_at: int,
        reactions: int,
        shares: int = 0,
        *,
        state: ReadingState = ReadingState.CONFIRMED,
        corrects: int | None = None,
    ) -> int:
        """A reading, and what another person says of it. Returns its number in the work."""
        mine = [each for each in self.readings if each.reading.entry == work]
        number = len(mine) + 1
        at = datetime.fromtimestamp(taken_at / 1000, UTC)
        self.readings.append(EnteredReading(number, Reading(work, at, reactions, 0, shares), state, corrects))
        self.add(
            "reading.entered", actor="TK30", version=2, entry=work, taken_at=taken_at, reactions=reactions, comments=0,
            shares=shares, views=0, corrects=corrects, questions=[], explanation=None, reason=None, address=None,
            screenshot=None,
        )  # fmt: skip
        if state is not ReadingState.WAITING:
            self.add(f"reading.{state.value}", actor="TK31", entry=work, reading=number)
        return number

    def freeze(self) -> None:
        made = [[work, count.weighted] for work, count in sorted(self.counts().items())]
        self.add("interactions.frozen", actor="TK31", version=2, counted=made, waiting=[])
        self.checkpoint()

    def counts(self) -> dict[EntryId, Count]:
        """By the rules, of the works that compete; readings are numbered within their work."""
        standing: list[Reading] = []
        for work in self.works:
            mine = [each for each in self.readings if each.reading.entry == work and work not in self.out]
            standing += [each.reading for each in in_force(mine)]
        return counted(self.contest, standing)

    def decide(self, decision: Decision) -> None:
        self.decisions.append(decision)
        chosen = decision.entries if isinstance(decision, Choice) else ()
        quantity = decision.quantity if isinstance(decision, Withhold) else 0
        self.add(
            "decision.made", actor="TK40", decision=len(self.decisions), prize=decision.prize,
            kind="choose" if isinstance(decision, Choice) else "withhold", entries=list(chosen), quantity=quantity,
            reason=SECRET,
        )  # fmt: skip

    def result(self) -> tuple[tuple[Standing, ...], Allocation]:
        """Standings and awards by the desk's rules."""
        works = [work for work in self.works if work not in self.out]
        keys = [CriterionKey(criterion.key) for criterion in self.contest.criteria]
        sheets = [
            Sheet(judge, work, dict(zip(keys, marks, strict=True)))
            for (judge, work), marks in self.sheets.items()
            if work in works
        ]
        standings = rank(self.contest, works, sheets)
        return standings, allocate(self.contest, standings, self.counts(), self.decisions)

    def settle(self) -> None:
        """Decide every open prize for the first of the equal works."""
        while open_ := self.result()[1].undecided:
            self.decide(Choice(open_[0].prize, open_[0].entries[: open_[0].quantity]))

    def confirm(self) -> None:
        allocation = self.result()[1]
        given = [{"prize": each.prize, "entry": each.entry, "amount": each.amount} for each in allocation.awards]
        rule_card = card.fingerprint(self.contest)
        self.add("awards.confirmed", actor="TK40", document=f"sha256:{SECRET}", rule_card=rule_card, awards=given)
        self.checkpoint()

    def publish(self, text: str) -> None:
        public = document_text.fingerprint(text)
        self.add("result.published", actor="TK40", publication=1, document=f"sha256:{SECRET}", public=public)
        self.checkpoint()

    def bundle(self) -> Files:
        """Close, settle, confirm, publish; the files of the bundle."""
        self.add("judging.closed", actor=self.number(self.judges[0]), missing=0, without_score=[])
        self.settle()
        text = self.document()
        self.confirm()
        self.publish(text)
        return self.files(text)

    def document(self) -> str:
        return document_text.canonical(_document(self))

    def files(self, document: str) -> Files:
        """The files as the chain is now; `document` is the published one."""
        sizes, standings = sorted(self.notes), tables(self)
        about = {
            "checkpoints": sizes,
            "contest": self.contest.key,
            "format": "ban-giam-khao-evidence",
            "rows": sizes[-1],
            "version": 1,
        }
        return {
            "bundle.json": canonical(about).encode() + b"\n",
            "ledger.jsonl": "".join(f"{row.text}\n" for row in self.rows).encode(),
            "rule-card.json": card.canonical(self.contest).encode(),
            "key.txt": (signed_notes.verifier_key(self.origin, signed_notes.public_bytes(self.key)) + "\n").encode(),
            "document.json": document.encode(),
            **standings,
            **{f"checkpoint-{size:07}.txt": note.encode() for size, note in self.notes.items()},
            "verify.py": b"#",
            "verify.html": b"<!doctype html>",
        }

    def proof(self, seq: int) -> bytes:
        """The proof of one row against the newest checkpoint."""
        size = max(self.notes)
        path = signed_notes.inclusion_path([row.hash for row in self.rows[:size]], seq - 1)
        proof = {"checkpoint": self.notes[size], "path": [each.hex() for each in path]}
        return canonical({**proof, "row": self.rows[seq - 1].text}).encode() + b"\n"


def tables(recorded: Recorded) -> Files:
    """Both tables, written here from the desk's result."""
    standings, allocation = recorded.result()
    decimals = recorded.contest.scoring.decimals

    def said(score: int | None) -> str:
        if score is None:
            return ""
        whole, rest = divmod(score, 10**decimals)
        return f"{whole}.{rest:0{decimals}}" if decimals else str(whole)

    places = [f",{each.place or ''},{each.entry},{said(each.score)},{each.sheets}\n" for each in standings]
    prizes = [f",{each.prize},{each.entry},{each.amount}\n" for each in allocation.awards]
    return {
        "standings.csv": ("section,place,code,score,sheets\n" + "".join(places)).encode(),
        "awards.csv": ("section,prize,code,amount\n" + "".join(prizes)).encode(),
    }


def _document(recorded: Recorded) -> paper.AwardDocument:
    """The published document: judges by number, no sealing times."""
    contest, last = recorded.contest, recorded.rows[-1]
    return paper.AwardDocument(
        letterhead=paper.Letterhead(contest.name, (), "", (), ()),
        proof=paper.Proof(card.fingerprint(contest), last.seq, last.hash.hex()),
        drawn_at=recorded.at,
        confirmed_by="",
        salt="0" * 32,
        rules=(),
        sections=(_section(recorded),),
    )


def _section(recorded: Recorded) -> paper.Section:
    contest, (standings, allocation) = recorded.contest, recorded.result()
    title = "Bản làng chuyển đổi số {}".format
    sheets = [
        paper.SheetRow(standing.entry, title(standing.entry), at, marks, contest.weighted(marks), 1, None)
        for standing in standings
        for at, judge in enumerate(recorded.judges)
        if (marks := recorded.sheets.get((judge, standing.entry))) is not None
    ]
    return paper.Section(
        key="", name="", score_places=contest.scoring.decimals, score_name="Điểm", total_scale=100 * contest.weight_scale,
        criteria=tuple(paper.CriterionColumn(each.key, each.name, each.maximum) for each in contest.criteria),
        judges=tuple(paper.JudgeColumn("", "", recorded.number(judge)) for judge in recorded.judges),
        awards=tuple(
            paper.AwardRow(
                each.prize, contest.prize(each.prize).name, "", each.entry, title(each.entry), "Lò Văn Ún", "Huyện Mộc Châu",
                None, None, each.amount, "",
            )
            for each in allocation.awards
        ),
        undecided=(),
        withheld=tuple(
            paper.WithheldPrize(contest.prize(each.prize).name, each.quantity, "")
            for each in (*allocation.withheld, *allocation.vacant)
        ),
        standings=tuple(
            paper.StandingRow(each.entry, title(each.entry), each.place, each.score, each.sheets, (), (), None, "")
            for each in standings
        ),
        sheets=tuple(sheets),
    )  # fmt: skip


def zipped(files: Mapping[str, bytes], *, method: int = zipfile.ZIP_DEFLATED, folder: str = "") -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(folder + name, content)
    return made.getvalue()


def edited(files: Files, name: str, change: Callable[[str], str]) -> Files:
    """The same files with one text changed, and nothing made to fit."""
    before = files[name].decode()
    after = change(before)
    assert after != before
    return {**files, name: after.encode()}


def lines(change: Callable[[list[str]], object]) -> Callable[[str], str]:
    """A change of a text's list of lines, in place."""

    def changed(text: str) -> str:
        found = text.splitlines(keepends=True)
        change(found)
        return "".join(found)

    return changed


def line_of(files: Files, event: str, number: int = 0) -> int:
    """The index of a row of this event: the first, or the one after `number` others."""
    rows: list[dict[str, Any]] = [json.loads(line) for line in files["ledger.jsonl"].splitlines()]
    return [at for at, row in enumerate(rows) if row["event"] == event][number]


def mark_of(files: Files, seq: int) -> str:
    """The printed mark of a row: "187:7f3a91c208d45be1"."""
    line = files["ledger.jsonl"].splitlines()[seq - 1]
    return f"{seq}:{leaf_hash(line.decode()).hex()[:16]}"
