"""Histories that the owner of the key writes and signs: every link, root and signature holds, and the rules do not."""

import json
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import Any

import pytest

from core.rules.contest import Method, PrizeBy
from core.rules.rule_card import card
from tests.evidence.published_contest import NONE, Chain, bundle, published
from tests.evidence.verifier import answer
from tests.rules.rule_card.test_card_claims import WORKS, Round
from tests.rules.sample_contest import JUDGES, contest, prize

PRIZES = (prize("P1", 1, 500), prize("P2", 2, 301), prize("Q1", 1, 70, PrizeBy.INTERACTION))
CONTEST = contest(Method.MEAN, prizes=PRIZES)
Row = tuple[str, dict[str, Any], str, int]  # event, payload, actor, version
Rows = list[Row]


def all_equal() -> Round:
    """Every sheet is the same, so that the committee chooses; nobody is recused but GK01 from T-1."""
    given = Round(Random(5))
    given.marks = {(judge, work): (700, 750) for judge in JUDGES for work in WORKS}
    given.recused, given.withheld = frozenset({(min(JUDGES), WORKS[0])}), {}
    return given


def rewritten(tmp_path: Path, change: Callable[[Rows], object], **texts: str) -> tuple[str, int]:
    """The verifier's answer to the history after this change. `texts`: what stands in files of the bundle instead."""
    chain, document = published(CONTEST, all_equal(), WORKS, JUDGES)
    rows: Rows = [(row.event, json.loads(row.payload), row.actor, row.version) for row in chain.rows]
    change(rows)
    again = Chain(CONTEST.key)
    for event, payload, actor, version in rows:
        if event == "checkpoint.made":
            again.checkpoint(payload["occasion"])
        else:
            again.tell(event, payload, actor, version)
    folder = bundle(again, CONTEST, document, tmp_path / "bundle")
    for name, text in texts.items():
        (folder / f"{name.replace('_', '-')}.json").write_text(text, "utf-8", newline="")
    return answer(folder)


def at(rows: Rows, event: str) -> int:
    """The index of the last row of this event."""
    return max(at for at, row in enumerate(rows) if row[0] == event)


def sheet(judge: str = "GK02", actor: str = "GK02", work: str = "T-1", nd: int = 700, **more: int) -> Row:
    told = {"judge": judge, "entry": work, "revision": 2, "marks": {"ND": nd, "ST": 0, **more}, "remarks": NONE}
    return "sheet.sealed", {**told, "watched_share": 1}, actor, 1


def returned(judge: str = "GK02", work: str = "T-1") -> Row:
    return "sheet.returned", {"judge": judge, "entry": work, "revision": 1, "reason": NONE}, "TK70", 1


def instead(*sheets: Row) -> Callable[[Rows], object]:
    """These sheets in place of one that was returned, before the closing."""

    def change(rows: Rows) -> None:
        where = at(rows, "judging.closed")
        rows[where:where] = [returned(), *sheets]

    return change


def after(event: str, *more: Row) -> Callable[[Rows], object]:
    def change(rows: Rows) -> None:
        where = at(rows, event) + 1
        rows[where:where] = more

    return change


def without(event: str, kind: str) -> Callable[[Rows], object]:
    def change(rows: Rows) -> None:
        del rows[max(at for at, row in enumerate(rows) if row[0] == event and row[1].get("kind") == kind)]

    return change


def told_else(event: str, **fields: object) -> Callable[[Rows], object]:
    return lambda rows: rows[at(rows, event)][1].update(fields)


NOBODY, BAD_MARK = "phiếu của người không chấm tác phẩm này", "điểm thiếu, vượt khung hoặc sai bước"
AGAIN, TOO_LATE = "phiếu nộp lại, hoặc nộp sau khi đóng", "phiếu bị rút sau khi vòng chấm đã đóng"
READING = {"entry": "T-1", "taken_at": 1, "reactions": 9, "comments": 0, "shares": 0, "views": 0}
USELESS = {"decision": 50, "prize": "P1", "kind": "choose", "entries": ["T-1"], "quantity": 0, "reason": NONE}


@pytest.mark.parametrize(
    "change, sentence",
    [
        (instead(sheet(nd=1050)), BAD_MARK),
        (instead(sheet(nd=725)), BAD_MARK),
        (instead(sheet(nd=-50)), BAD_MARK),
        (instead(sheet(KT=0)), BAD_MARK),
        (instead(sheet(actor="GK03")), NOBODY),
        (instead(sheet("GK99", "GK99")), NOBODY),
        (instead(sheet("GK98", "GK98")), NOBODY),
        (instead(sheet("GK01", "GK01")), NOBODY),  # recused
        (instead(sheet(work="T-9")), NOBODY),  # the work left the competition
        (instead(sheet(), sheet()), AGAIN),
        (after("judging.closed", sheet()), AGAIN),
        (after("judging.closed", returned()), TOO_LATE),
        (after("interactions.frozen", ("reading.entered", READING, "TK74", 1)), "ghi sau khi lượt tương tác đã chốt"),
        (told_else("interactions.frozen", counted=[["T-1", 9]]), "đã chốt khác với số liệu đã xác nhận"),
        (without("decision.made", "choose"), "đồng hạng mà không có quyết định chọn"),
        (after("decision.revoked", ("decision.made", USELESS, "TK73", 1)), "không khớp với các tác phẩm đồng hạng"),
        (told_else("awards.confirmed", awards=[]), "dòng xác nhận: giải khác"),
        (told_else("result.published", document="sha256:" + NONE), "Kết quả chưa công bố"),
        (after("entry.added", ("entry.corrected", {"entry": "T-1"}, "TK70", 1)), "document.json: mã sổ cái khác"),
    ],
)
def test_what_the_rules_do_not_allow_is_named(change: Callable[[Rows], object], sentence: str, tmp_path: Path) -> None:
    found, status = rewritten(tmp_path, change)
    assert status == 1 and sentence in found, found


def test_the_history_that_is_changed_here_is_right(tmp_path: Path) -> None:
    assert rewritten(tmp_path, lambda _: None)[1] == 0


def test_a_newer_rule_card_or_document_is_not_judged(tmp_path: Path) -> None:
    rules = card.canonical(CONTEST).replace('"version":1', '"version":2')
    _, document = published(CONTEST, all_equal(), WORKS, JUDGES)
    newer = document.replace('"version":1', '"version":2')
    opened = told_else("contest.opened", rule_card=fingerprint(rules))
    assert rewritten(tmp_path / "a", opened, rule_card=rules) == (
        "KHÔNG KIỂM ĐƯỢC: Thể lệ chấm bản 2: cần bản verify.py mới hơn.", 2,
    )  # fmt: skip
    public = told_else("result.published", public=fingerprint(newer))
    assert rewritten(tmp_path / "b", public, document=newer) == (
        "KHÔNG KIỂM ĐƯỢC: document.json: cần bản verify.py mới hơn.", 2,
    )  # fmt: skip


def fingerprint(text: str) -> str:
    return "sha256:" + sha256(text.encode()).hexdigest()
