"""Rows that the rules do not allow: each has its own sentence, though its chain and signatures would be right."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from core.rules.entries.judging_codes import FinalsList, drawn_codes
from core.rules.interactions import ReadingState
from core.rules.prizes.allocation import Withhold
from core.rules.rule_card import card
from tests import verifier_page
from tests.evidence.page.checked_page import CheckedPage
from tests.evidence.page.invented_contests import CLOSE_MS, PRIZES, rich_day
from tests.evidence.page.sample_bundles import SECRET, Recorded
from tests.rules.sample_contest import CHIEF, ENTRIES, JUDGES

pytestmark = pytest.mark.browser
REPLAY = """({card, fingerprint, rows}) => { %s
  const replay = new Replay(readRuleCard(new TextEncoder().encode(card)), fingerprint);
  try { for (const row of rows) replay.take(JSON.parse(row)); } catch (error) { return `${error.constructor.name} ${error.message}`; }
  return "";
}"""
T1, T2, AN = ENTRIES[0], ENTRIES[1], JUDGES[1]
LIST = FinalsList.of(["TP-001", "TP-002", "TP-003"], ["T-417"])
SEED = "12345 67890"


@pytest.fixture(scope="module")
def window(browser: Browser) -> Iterator[Page]:
    page = browser.new_page()
    yield page
    page.close()


def refusal(window: Page, made: Recorded) -> str:
    """What the replay refuses first: the class of its error and the sentence, after the number of the row."""
    rows = [row.text for row in made.rows]
    given = {"card": card.canonical(made.contest), "fingerprint": card.fingerprint(made.contest), "rows": rows}
    found: str = window.evaluate(REPLAY % verifier_page.joined("replay.js", "rule-card.js"), given)
    return found.replace(f"Sổ cái, dòng {len(rows)}: ", "")


def _close(made: Recorded) -> None:
    made.add("judging.closed", actor="GK01", missing=0, without_score=[])


def _sheet(**changed: object) -> Callable[[Recorded], None]:
    """A third sheet of a judge on a work, which was returned, with other fields."""

    def act(made: Recorded) -> None:
        made.give_back(AN, T1)
        sheet = {"judge": "GK02", "entry": T1, "revision": 2, "marks": {"ND": 500, "ST": 500}, "remarks": SECRET}
        made.add("sheet.sealed", **{"actor": "GK02", "watched_share": 10_000, **sheet, **changed})  # type: ignore[arg-type]

    return act


def _after_close(act: Callable[[Recorded], None]) -> Callable[[Recorded], None]:
    def acts(made: Recorded) -> None:
        made.give_back(AN, T1)
        _close(made)
        act(made)

    return acts


def _draw(**changed: object) -> Callable[[Recorded], None]:
    def act(made: Recorded) -> None:
        works, taken = list(LIST.works), list(LIST.taken)
        closed: dict[str, Any] = {"number": 1, "works": works, "taken": taken, "left_out": [], "sha256": LIST.sha256}
        made.add("finals.list_closed", actor="TK10", **closed, source=SECRET)
        codes = drawn_codes(LIST, SEED, "T")
        drawn: dict[str, Any] = {"number": 1, "sha256": LIST.sha256, "seed": SEED, "codes": codes, **changed}
        made.add("finals.drawn", actor="TK10", **drawn)

    return act


def _reading(act: Callable[[Recorded], object]) -> Callable[[Recorded], None]:
    """An act on readings, while the counts are not frozen."""

    def acts(made: Recorded) -> None:
        made.add(
            "interactions.reopened",
            actor="TK40",
            frozen_by="TK31",
            frozen_at=made.at,
            counted=[],
            decisions=[],
            reason=SECRET,
        )
        act(made)

    return acts


def _own_confirmation(made: Recorded) -> None:
    number = made.read(T1, CLOSE_MS - 9000, 5, state=ReadingState.WAITING)
    made.add("reading.confirmed", actor="TK30", entry=T1, reading=number)


def _confirmed(made: Recorded) -> None:
    made.settle()
    made.confirm()


def _published(made: Recorded) -> None:
    _confirmed(made)
    made.publish("{}")


def _then(*acts: Callable[[Recorded], object]) -> Callable[[Recorded], None]:
    def all_of_them(made: Recorded) -> None:
        for act in acts:
            act(made)

    return all_of_them


REFUSED: dict[str, tuple[Callable[[Recorded], object], str]] = {
    "right": (_then(_sheet(), _draw(), _close, _published), ""),
    "by another": (_sheet(actor="GK03"), "Wrong phiếu của người không chấm tác phẩm này."),
    "recused": (lambda made: made.seal(CHIEF, ENTRIES[4], 500, 500), "Wrong phiếu của người không chấm tác phẩm này."),
    "work that is out": (lambda made: made.seal(CHIEF, ENTRIES[5], 500, 500), "Wrong phiếu của người không chấm tác phẩm này."),
    "off the step": (_sheet(marks={"ND": 510, "ST": 500}), "Wrong điểm thiếu, vượt khung hoặc sai bước."),
    "too many points": (_sheet(marks={"ND": 1050, "ST": 500}), "Wrong điểm thiếu, vượt khung hoặc sai bước."),
    "a mark missing": (_sheet(marks={"ND": 500}), "Wrong điểm thiếu, vượt khung hoặc sai bước."),
    "another criterion": (_sheet(marks={"ND": 500, "ST": 500, "__proto__": 1}), "Wrong điểm thiếu, vượt khung hoặc sai bước."),
    "a mark that is a text": (_sheet(marks={"ND": "500", "ST": 500}), "Wrong không viết đúng khuôn."),
    "the same revision": (_sheet(revision=1), "Wrong phiếu nộp lại, hoặc nộp sau khi đóng."),
    "sealed twice": (lambda made: made.seal(AN, T1, 0, 0), "Wrong phiếu nộp lại, hoặc nộp sau khi đóng."),
    "sealed late": (_after_close(lambda made: made.seal(AN, T1, 0, 0)), "Wrong phiếu nộp lại, hoặc nộp sau khi đóng."),
    "returned late": (_after_close(lambda made: made.give_back(AN, T2)), "Wrong phiếu bị rút sau khi vòng chấm đã đóng."),
    "recused late": (_after_close(lambda made: made.recuse(AN, T2)), "Wrong phiếu bị rút sau khi vòng chấm đã đóng."),
    "returned by its judge": (
        lambda made: made.add("sheet.returned", actor="GK02", judge="GK02", entry=T1, revision=1, reason=SECRET),
        "Wrong giám khảo tự trả lại phiếu của mình.",
    ),
    "own confirmation": (_reading(_own_confirmation), "Wrong người nhập số liệu tự xác nhận."),
    "read while frozen": (lambda made: made.read(T1, CLOSE_MS, 5, state=ReadingState.WAITING), "Wrong ghi sau khi lượt tương tác đã chốt."),
    "other counts frozen": (
        _reading(lambda made: made.add("interactions.frozen", actor="TK31", version=2, counted=[[T1, 1]], waiting=[])),
        "Wrong lượt tương tác đã chốt khác với số liệu đã xác nhận.",
    ),
    "decided before the freeze": (_reading(lambda made: made.decide(Withhold(PRIZES[0].key, 1))), "Wrong quyết định giải khi lượt tương tác chưa chốt."),
    "a decision revoked twice": (
        _then(*[lambda made: made.add("decision.revoked", actor="TK40", decision=1)] * 2),
        "Wrong hủy một quyết định không có.",
    ),
    "after the confirmation": (_then(_confirmed, lambda made: made.change(T1, "withdraw")), "Wrong ghi sau khi bảng trao giải đã xác nhận."),
    "published twice": (_then(_published, lambda made: made.add("result.published", actor="TK40", publication=2, document=f"sha256:{SECRET}", public=f"sha256:{SECRET}")), "Wrong kết quả được công bố khi đang công bố."),
    "another list": (_draw(sha256=SECRET), "Wrong bốc thăm theo danh sách khác với danh sách đã chốt."),
    "another seed": (_draw(seed="12345 67891"), "Wrong bốc thăm lại theo danh sách và con số đã ghi cho mã chấm khác."),
    "opened again": (lambda made: made.add("contest.opened", contest="thu", rule_card=f"sha256:{SECRET}"), "Wrong cuộc thi được mở ở dòng 1 và chỉ ở đó."),
    "an event of later": (lambda made: made.add("prize.doubled"), "Unreadable không biết sự kiện prize.doubled bản 1; cần bản verify.html mới hơn."),
    "a version of later": (lambda made: made.add("judging.closed", version=2), "Unreadable không biết sự kiện judging.closed bản 2; cần bản verify.html mới hơn."),
    "a name of every object": (lambda made: made.add("toString"), "Unreadable không biết sự kiện toString bản 1; cần bản verify.html mới hơn."),
}  # fmt: skip


@pytest.mark.parametrize("act, sentence", REFUSED.values(), ids=REFUSED)
def test_an_act_is_refused_with_its_sentence(window: Page, act: Callable[[Recorded], object], sentence: str) -> None:
    made = rich_day()
    act(made)
    found = refusal(window, made)
    assert found.startswith(sentence) and bool(found) == bool(sentence)


def test_what_is_published_must_be_what_the_rows_amount_to(browser: Browser) -> None:
    """Bundles that are signed and complete, and state something else than their rows."""
    said, checked = dict[str, str](), CheckedPage(browser)
    for what in ("retracted", "other awards", "undecided", "unused"):
        made = rich_day()
        if what == "undecided":
            for judge in JUDGES:
                for work in (T1, T2):
                    made.give_back(judge, work)
                    made.seal(judge, work, 900, 900)
        if what == "unused":
            made.decide(Withhold(PRIZES[0].key, 2))
        text = made.document()
        if what == "other awards":
            given = [{"prize": each.prize, "entry": T2, "amount": each.amount} for each in made.result()[1].awards]
            made.add(
                "awards.confirmed",
                actor="TK40",
                document=f"sha256:{SECRET}",
                rule_card=card.fingerprint(made.contest),
                awards=given,
            )
        else:
            made.confirm()
        made.publish(text)
        if what == "retracted":
            made.add("result.retracted", actor="TK41", retraction=1, publication=1, answer=None)
            made.checkpoint()
        said[what] = checked.check(made.files(text))
    checked.context.close()
    assert said == {
        "retracted": "SAI: Kết quả chưa công bố, hoặc lần công bố cuối đã bị thu hồi.",
        "other awards": "SAI: dòng xác nhận: giải khác với tính lại từ sổ cái.",
        "undecided": "SAI: Giải nhat: T-1, T-2 đồng hạng mà không có quyết định chọn.",
        "unused": "SAI: Có quyết định của Ban Tổ chức không khớp với các tác phẩm đồng hạng.",
    }
