"""Result chains of invented contests from the opening to the publication, and their bundles. The document is the desk's
own (`core.desk.award_table`); around every sheet and reading that counts lie some that do not.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from random import Random

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from core.desk.award_table import AwardState, award_document
from core.desk.awards.evidence_files import Evidence, files, write_folder
from core.desk.context import millis
from core.papers import document_text
from core.papers.document import Proof
from core.papers.public_document import public_document
from core.rules.contest import Contest
from core.rules.ids import EntryId, JudgeId
from core.rules.prizes.allocation import Choice, Decision, allocate
from core.rules.rule_card import card
from core.store import ledger
from core.store.queries import awards
from core.store.queries.standings import CountedSheet, Panellist
from core.store.signing.signed_notes import merkle_root, origin_of, public_bytes, signed_checkpoint, verifier_key
from tests.rules.rule_card.test_card_claims import AT, Round

KEY = Ed25519PrivateKey.from_private_bytes(b"k" * 32)
NONE = "0" * 64  # a commitment to nothing
OUT = EntryId("T-9")  # a work that was marked and then withdrawn
Marks = Mapping[tuple[JudgeId, EntryId], tuple[int, ...]]


@dataclass
class Chain:
    """A result chain that grows, and its signed checkpoints."""

    contest: str
    key: Ed25519PrivateKey = KEY
    rows: list[ledger.Row] = field(default_factory=list)
    notes: dict[int, str] = field(default_factory=dict)
    at: int = 1_724_000_000_000
    heads: ledger.Heads = field(default_factory=ledger.Heads)

    def tell(self, event: str, payload: Mapping[str, object], actor: str = "system", version: int = 1) -> ledger.Row:
        self.at += 1000
        text = json.dumps(payload, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        row = ledger.next_row(
            self.heads, chain=ledger.Chain.RESULT, at=self.at, actor=actor, event=event, version=version, payload=text
        )
        self.rows.append(row)
        self.heads = self.heads.after(row)
        return row

    def checkpoint(self, occasion: str) -> None:
        size = self.tell("checkpoint.made", {"rows": 9, "head": NONE, "occasion": occasion}, version=2).seq
        root = merkle_root(row.hash for row in self.rows)
        self.notes[size] = signed_checkpoint(origin_of(self.contest), size, root, self.key)

    def evidence(self, contest: Contest, document: str) -> Evidence:
        key = verifier_key(origin_of(self.contest), public_bytes(self.key))
        return Evidence(self.contest, card.canonical(contest), dict(self.notes), key, document)


def numbers(judges: Iterable[str]) -> dict[str, str]:
    """The pseudonym of each judge."""
    return {judge: f"GK{number:02}" for number, judge in enumerate(sorted(judges), 1)}


def decided(contest: Contest, given: Round) -> list[Decision]:
    """The decisions of the round and as many choices as it takes until no prize is undecided."""
    made = given.decisions(contest)
    while True:
        allocation = allocate(contest, given.ranked(contest), given.counts(contest), made)
        made = [each for each in made if each not in allocation.unused]
        if not allocation.undecided:
            return made
        first = allocation.undecided[0]
        made.append(Choice(first.prize, tuple(given.chance.sample(first.entries, first.quantity))))


def opened(contest: Contest) -> Chain:
    chain = Chain(contest.key)
    told = {"contest": contest.key, "rule_card": card.fingerprint(contest), "rule_card_version": 1, "file": NONE}
    chain.tell("contest.opened", {**told, "seed": "hạt giống", "demo": False})
    chain.tell("signing_key.recorded", {"key": public_bytes(chain.key).hex()})
    return chain


def published(contest: Contest, given: Round, works: Iterable[EntryId], judges: Iterable[str]) -> tuple[Chain, str]:
    """The chain of a contest that went as `given` says, and the published document."""
    chain, chance, works, judges = opened(contest), Random(given.chance.random()), tuple(works), numbers(judges)
    for work in (*works, OUT):
        film = {"film": NONE, "milliseconds": 1, "width": 1, "height": 1}
        chain.tell("entry.added", {"entry": work, "title": NONE, "author": NONE, "unit": NONE, **film})
    for judge, number in judges.items():
        chief = {"chief": True} if judge == contest.ties.chief else {}
        chain.tell("judge.assigned", {"judge": number, "entries": [*works, OUT], **chief})
    chain.tell("judge.assigned", {"judge": "GK99", "entries": list(works)})
    chain.tell("judge.unassigned", {"judge": "GK99", "entries": list(works)})
    sealed_sheets(chain, contest, given.marks, judges, chance)
    for judge, work in given.recused:
        chain.tell("recusal.declared", {"judge": judges[judge], "entry": work, "reason": NONE}, judges[judge])
    changes = [(OUT, kind) for kind in ("withdraw", "reinstate", "correct", "disqualify")]
    for at, (work, kind) in enumerate([*changes, (works[0], "withdraw"), (works[0], "film"), (works[0], "reinstate")]):
        changed = {"submission": "TP-1", "entry": work, "number": at, "kind": kind}
        chain.tell("finalist.change_confirmed", changed, "TK77")
    chain.tell("judging.closed", {"missing": 3, "without_score": []}, judges.get("truong", "GK01"))
    chain.checkpoint("closing")
    readings(chain, given, chance)
    frozen = {"counted": sorted([e, c.weighted] for e, c in given.counts(contest).items()), "waiting": []}
    chain.tell("interactions.frozen", frozen, "TK71", 2)
    chain.checkpoint("freeze")
    again = {"frozen_by": "TK71", "frozen_at": chain.at, "counted": [], "decisions": [], "reason": NONE}
    chain.tell("interactions.reopened", again, "TK72")
    chain.tell("interactions.frozen", frozen, "TK71", 2)
    decisions = decided(contest, given)
    for at, each in enumerate(decisions, 2):
        told: dict[str, object] = {"decision": at, "prize": each.prize, "kind": "withhold", "reason": NONE}
        if isinstance(each, Choice):
            told |= {"kind": "choose", "entries": sorted(each.entries), "quantity": 0}
        else:
            told |= {"entries": [], "quantity": each.quantity}
        chain.tell("decision.made", told, "TK73")
    chain.tell("decision.made", {"decision": 99, "prize": "P1", "kind": "withhold", "entries": [], "quantity": 1})
    chain.tell("decision.revoked", {"decision": 99}, "TK73")
    document = confirmed(chain, state(chain, contest, given, works, judges, decisions))
    return chain, document


def sealed_sheets(chain: Chain, contest: Contest, marks: Marks, judges: Mapping[str, str], chance: Random) -> None:
    keys = [str(criterion.key) for criterion in contest.criteria]
    worst = dict.fromkeys(keys, 0)

    def seal(judge: str, work: str, given: Mapping[str, int], revision: int = 1) -> None:
        told = {"judge": judges[judge], "entry": work, "revision": revision, "marks": given, "remarks": NONE}
        chain.tell("sheet.sealed", {**told, "watched_share": 10_000}, judges[judge])

    for judge in judges:
        seal(judge, OUT, {str(each.key): each.maximum for each in contest.criteria})
    for (judge, work), row in marks.items():
        again = chance.random() < 0.2
        if again:
            seal(judge, work, worst)
            chain.tell("sheet.returned", {"judge": judges[judge], "entry": work, "revision": 1, "reason": NONE}, "TK70")
        seal(judge, work, dict(zip(keys, row, strict=True)), 2 if again else 1)


def readings(chain: Chain, given: Round, chance: Random) -> None:
    """Each reading of the round is confirmed; before it may stand one that is rejected, waits or is corrected by it."""
    number = dict.fromkeys((reading.entry for reading in given.readings), 0)

    def enter(work: EntryId, at: datetime, counts: Mapping[str, int], corrects: int | None = None) -> None:
        number[work] += 1
        told: dict[str, object] = {"entry": work, "taken_at": millis(at), **counts, "corrects": corrects}
        told["questions"] = []
        nothing = dict.fromkeys(("explanation", "reason", "address", "screenshot"))
        chain.tell("reading.entered", {**told, **nothing}, "TK74", 2)

    for reading in given.readings:
        work, wrong = reading.entry, dict.fromkeys(reading.counts, 500)
        before, corrects = chance.choice(("", "old", "rejected", "waits", "corrected")), None
        if before in {"rejected", "waits", "corrected"}:
            enter(work, AT, wrong)
        if before == "rejected":
            chain.tell("reading.rejected", {"entry": work, "reading": number[work], "reason": NONE}, "TK75")
        if before == "corrected":
            chain.tell("reading.confirmed", {"entry": work, "reading": number[work]}, "TK75")
            corrects = number[work]
        if before == "old":
            number[work] += 1
            chain.tell(
                "reading.entered", {"entry": work, "taken_at": millis(reading.taken_at), **reading.counts}, "TK74"
            )
            continue
        enter(work, reading.taken_at, reading.counts, corrects)
        chain.tell("reading.confirmed", {"entry": work, "reading": number[work]}, "TK75")


def state(
    chain: Chain, contest: Contest, given: Round, works: tuple[EntryId, ...], judges: Mapping[str, str],
    decisions: Iterable[Decision],
) -> AwardState:  # fmt: skip
    """The state that the desk would gather from its tables."""
    standings, counts, decisions = given.ranked(contest), given.counts(contest), tuple(decisions)
    counted = [CountedSheet(j, w, m) for (j, w), m in given.marks.items() if (j, w) not in given.recused]
    head = chain.heads.result
    return AwardState(
        contest=contest,
        rule_card=card.fingerprint(contest),
        works={work: awards.Credits(work, f"Tác phẩm {work}", "Lò Văn Đẹp", "Xã Chiềng An") for work in works},
        panel=tuple(Panellist(JudgeId(judge), f"Tên {judge}", number) for judge, number in judges.items()),
        sheets=tuple(counted),
        recusals=given.recused,
        decisions=(),
        seals={},
        proof=Proof(card.fingerprint(contest), head.seq, head.hash.hex()),
        standings=standings,
        counts=counts,
        allocation=allocate(contest, standings, counts, decisions),
    )


def confirmed(chain: Chain, state_: AwardState) -> str:
    """Confirm and publish. Returns the public document's text."""
    table = award_document(state_, AT, confirmed_by="Vì Thị Hải", salt="5a17" * 8)
    fingerprint, public = document_text.fingerprint(document_text.canonical(table)), public_document(table)
    given = [{"prize": each.prize, "entry": each.code, "amount": each.amount} for each in table.awards]
    told = {"document": fingerprint, "rule_card": state_.rule_card, "awards": given}
    chain.tell("awards.confirmed", told, "TK73")
    chain.checkpoint("confirmation")
    text = document_text.canonical(public)
    publish(chain, fingerprint, text)
    return text


def publish(chain: Chain, fingerprint: str, text: str, number: int = 1) -> None:
    public = "sha256:" + sha256(text.encode()).hexdigest()
    chain.tell("result.published", {"publication": number, "document": fingerprint, "public": public}, "TK73")
    chain.checkpoint("publication")


def bundle(chain: Chain, contest: Contest, document: str, folder: Path) -> Path:
    """The bundle as a folder."""
    evidence = chain.evidence(contest, document)
    write_folder(files(evidence, chain.rows[: evidence.rows]), folder)
    return folder
