"""data/evidence/verify.html, opened from the disk as a person opens it: right and altered bundles, one window for all."""

import base64
import json
import random
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from core.rules.contest import Method
from core.store.ledger import receipt
from core.store.signing import signed_notes
from tests import verifier_page
from tests.browser.person import serious
from tests.evidence.page.checked_page import READY, CheckedPage, Payload
from tests.evidence.page.invented_contests import random_day, rich_day
from tests.evidence.page.sample_bundles import (
    KEY,
    OTHER_KEY,
    Files,
    edited,
    line_of,
    lines,
    mark_of,
    zipped,
)
from tests.fixtures import pdf_pages

pytestmark = pytest.mark.browser
Change = Callable[[Files], Files]
LEDGER = "ledger.jsonl"


@pytest.fixture(scope="module")
def checked(browser: Browser) -> Iterator[CheckedPage]:
    window = CheckedPage(browser)
    yield window
    window.context.close()
    assert window.faults == []
    assert window.requests == [verifier_page.PAGE.as_uri()]


@pytest.fixture(scope="module")
def right() -> Files:
    return rich_day().bundle()


def test_the_page_is_built_from_its_sources() -> None:
    assert verifier_page.PAGE.read_text(encoding="utf-8") == verifier_page.built(), "run make verifier-page"
    assert "http-equiv" in verifier_page.built() and "default-src 'none'" in verifier_page.built()


def test_two_modules_do_not_have_the_same_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.js").write_text("export const one = 1;\n")
    (tmp_path / "b.js").write_text('import { one } from "./a.js";\n\nexport function one() {}\n')
    monkeypatch.setattr(verifier_page, "SOURCES", tmp_path)
    with pytest.raises(ValueError, match=r"one is in a\.js and in b\.js"):
        verifier_page.joined("b.js")


class TestRight:
    @pytest.mark.parametrize("method", Method)
    def test_every_method_and_way_of_giving_the_files(self, checked: CheckedPage, method: Method) -> None:
        made = rich_day(method)
        files = made.bundle()
        as_given: Payload = list[Payload]((
            zipped(files), zipped(files, method=zipfile.ZIP_STORED), zipped(files, folder="bang-chung/"), files,
            {name: content for name, content in files.items() if not name.startswith("verify")} | {"Thumbs.db": b"?"},
        ))[list(Method).index(method)]  # fmt: skip
        said = checked.check(as_given, mark_of(files, 20))
        assert said.startswith(
            f"ĐÚNG: {len(made.rows)} dòng sổ cái, dấu cuối {mark_of(files, len(made.rows))}; {len(made.notes)} điểm chốt đã ký;"
        )
        standings, allocation = made.result()
        amounts = [f"{award.amount:,} đồng".replace(",", ".") for award in allocation.awards]
        awards = [(row[0], row[1].split("\n")[0], row[2]) for row in checked.rows("awards")]
        names = [made.contest.prize(award.prize).name for award in allocation.awards]
        assert awards == list(zip(names, [award.entry for award in allocation.awards], amounts, strict=True))
        places = [(str(each.place or "–"), each.entry, str(each.sheets)) for each in standings]
        assert [(row[0], row[1].split("\n")[0], row[3]) for row in checked.rows("standings")] == places

    def test_random_contests(self, checked: CheckedPage) -> None:
        contests = [made for made in map(random_day, range(500, 516)) if not made.result()[1].unused]
        said = [checked.check(zipped(made.bundle())) for made in contests]
        assert len(said) > 8 and [sentence for sentence in said if not sentence.startswith("ĐÚNG:")] == []

    def test_a_later_key_signs_what_comes_after_it(self, checked: CheckedPage) -> None:
        made = rich_day()
        made.key = OTHER_KEY
        made.add("signing_key.recorded", key=signed_notes.public_bytes(OTHER_KEY).hex())
        files = made.bundle()
        assert checked.check(files).startswith("ĐÚNG:")
        assert (
            checked.check({**files, "key.txt": rich_day().bundle()["key.txt"]})
            == "SAI: key.txt: không phải khóa mà sổ cái ghi."
        )

    def test_a_proof_with_its_bundle_and_with_the_key_alone(self, checked: CheckedPage) -> None:
        made = rich_day()
        files = made.bundle()
        for seq in (1, 7, len(made.rows)):
            proof = {f"proof-{seq}.json": made.proof(seq)}
            holds = f"dòng {seq} nằm trong sổ cái {len(made.rows)} dòng mà điểm chốt đã ký"
            assert checked.check({**files, **proof}).startswith("ĐÚNG:")
            assert holds in checked.step("proofs")
            assert checked.check({**proof, "key.txt": files["key.txt"]}) == f"ĐÚNG: {holds}."
        other = {"proof-7.json": made.proof(7).replace(b"T-5", b"T-4")}
        assert (
            checked.check({**other, "key.txt": files["key.txt"]})
            == f"SAI: Dòng 7 không nằm trong điểm chốt {len(made.rows)} dòng."
        )
        assert checked.check(other).startswith("KHÔNG KIỂM ĐƯỢC: Biên nhận cần tệp key.txt")


def swapped(text: list[str], one: int, other: int) -> None:
    text[one], text[other] = text[other], text[one]


def _mark(files: Files) -> Files:
    at = line_of(files, "sheet.sealed")
    return edited(files, LEDGER, lines(lambda text: text.__setitem__(at, text[at].replace('"ND":900', '"ND":950'))))


def _drop(files: Files) -> Files:
    return edited(files, LEDGER, lines(lambda text: text.pop(9)))


def _cut(files: Files) -> Files:
    return edited(files, LEDGER, lines(lambda text: text.__delitem__(slice(-2, None))))


def _rows(files: Files) -> Files:
    return edited(files, LEDGER, lines(lambda text: swapped(text, 20, 21)))


def _works(files: Files) -> Files:
    return edited(files, LEDGER, lambda text: text.replace("T-1", "T-x").replace("T-2", "T-1").replace("T-x", "T-2"))


def _date(files: Files) -> Files:
    at = json.loads(files[LEDGER].splitlines()[30])["at"]
    return edited(
        files, LEDGER, lines(lambda text: text.__setitem__(30, text[30].replace(f'"at":{at}', f'"at":{at - 60_000}')))
    )


def _prizes(files: Files) -> Files:
    return edited(
        files,
        "awards.csv",
        lambda text: text.replace("nhat,T-1", "nhat,T-x").replace("nhi,T-2", "nhi,T-1").replace("T-x", "T-2"),
    )


def _places(files: Files) -> Files:
    return edited(files, "standings.csv", lines(lambda text: swapped(text, 1, 2)))


def _checkpoint(files: Files) -> Files:
    name = max(name for name in files if name.startswith("checkpoint-"))
    note = files[name].decode()
    root = signed_notes.merkle_root([b"\0" * 32])
    size = signed_notes.read_checkpoint(note).size
    other = signed_notes.Checkpoint("ban-giam-khao/thu", size, root)
    return edited(files, name, lambda text: text.replace("\n".join(text.split("\n")[:3]) + "\n", other.text))


def _other_root(files: Files) -> Files:
    name = max(name for name in files if name.startswith("checkpoint-"))
    size = signed_notes.read_checkpoint(files[name].decode()).size
    return {**files, name: signed_notes.signed_checkpoint("ban-giam-khao/thu", size, b"\1" * 32, KEY).encode()}


def _resigned(files: Files) -> Files:
    """Every checkpoint signed by another key, which is announced in key.txt alone."""
    found = dict(files)
    for name in (each for each in files if each.startswith("checkpoint-")):
        stated = signed_notes.read_checkpoint(files[name].decode())
        found[name] = signed_notes.signed_checkpoint(stated.origin, stated.size, stated.root, OTHER_KEY).encode()
    public = signed_notes.public_bytes(OTHER_KEY)
    return {**found, "key.txt": (signed_notes.verifier_key("ban-giam-khao/thu", public) + "\n").encode()}


ALTERED: list[tuple[Change, str]] = [
    (_mark, "SAI: Sổ cái, dòng 14: không nối với dòng trước."),
    (_drop, "SAI: Sổ cái, dòng 10: mang số 11; có dòng bị bỏ hoặc bị thêm."),
    (_cut, "SAI: Sổ cái có 59 dòng, gói nói 61: bị cắt hoặc nối thêm."),
    (_rows, "SAI: Sổ cái, dòng 21: mang số 22; hai dòng bị đổi chỗ."),
    (_works, "SAI: Sổ cái, dòng 4: không nối với dòng trước."),
    (_date, "SAI: Sổ cái, dòng 31: thời gian lùi lại so với dòng trước."),
    (_prizes, "SAI: awards.csv, dòng 2: khác với tính lại từ sổ cái."),
    (_places, "SAI: standings.csv, dòng 2: khác với tính lại từ sổ cái."),
    (_checkpoint, "SAI: Điểm chốt 61 dòng: chữ ký sai."),
    (_other_root, "SAI: Sổ cái khác với điểm chốt 61 dòng: đã bị sửa hoặc viết lại."),
    (_resigned, "SAI: Điểm chốt 50 dòng: do khóa khác ký, hoặc không viết đúng khuôn."),
    (lambda f: edited(f, "document.json", lambda text: text.replace("Mộc Châu", "Yên Châu")), "SAI: document.json: không mang mã mà dòng công bố ghi."),
    (lambda f: edited(f, "rule-card.json", lambda text: text.replace('"min_sheets":2', '"min_sheets":1')), "SAI: rule-card.json: không mang mã mà sổ cái ghi ở dòng 1."),
    (lambda f: {n: c for n, c in f.items() if n != "key.txt"}, "SAI: Gói thiếu tệp key.txt."),
    (lambda f: {n: c for n, c in f.items() if not n.startswith("checkpoint-")}, "SAI: Gói thiếu tệp checkpoint-0000050.txt."),
    (lambda f: {**f, "them.txt": b""}, "SAI: Gói có tệp lạ: them.txt."),
    (lambda f: edited(f, "bundle.json", lambda text: text.replace("50,", "")), "SAI: Gói có tệp lạ: checkpoint-0000050.txt."),
    (lambda f: edited(f, "bundle.json", lambda text: text.replace('"version":1', '"version":2')), "KHÔNG KIỂM ĐƯỢC: bundle.json: cần bản verify.html mới hơn."),
]  # fmt: skip


class TestAltered:
    def test_each_alteration_has_its_own_sentence(self, checked: CheckedPage, right: Files) -> None:
        assert [checked.check(change(right)) for change, _ in ALTERED] == [sentence for _, sentence in ALTERED]
        assert checked.page.locator("#tables").is_hidden()

    def test_no_flipped_byte_passes(self, checked: CheckedPage, right: Files) -> None:
        chance, passed = random.Random(9), list[str]()
        names = [name for name in right if not name.startswith("verify.")]
        for name in chance.choices(names, k=60):
            content = bytearray(right[name])
            at = chance.randrange(len(content))
            content[at] ^= 1 << chance.randrange(8)
            if checked.check({**right, name: bytes(content)}).startswith("ĐÚNG"):
                passed.append(f"{name} at {at}")
        assert passed == []

    def test_a_history_rewritten_and_signed_again_fails_against_a_printed_mark(
        self, checked: CheckedPage, right: Files
    ) -> None:
        rewritten = rich_day(best=950).bundle()
        assert rewritten["awards.csv"] == right["awards.csv"] and rewritten[LEDGER] != right[LEDGER]
        printed = mark_of(right, 50)
        assert checked.check(rewritten, printed) == "SAI: Dòng 50 khác dấu xác thực: sổ cái bị viết lại sau khi in."
        assert checked.check(rewritten).startswith("ĐÚNG:")
        assert "Chưa so với dấu xác thực nào" in checked.page.inner_text("#note")
        row = rich_day().rows[49]
        assert checked.compare(receipt(row.seq, row.hash)).startswith("SAI: Dòng 50 khác dấu xác thực")
        assert checked.compare(mark_of(rewritten, 50)).startswith("ĐÚNG:")


class TestMarks:
    def test_the_forms_in_which_a_mark_is_typed(self, checked: CheckedPage, right: Files) -> None:
        row = rich_day().rows[19]
        assert checked.check(right).startswith("ĐÚNG:")
        printed = receipt(row.seq, row.hash)
        for typed in (
            printed,
            printed.upper(),
            mark_of(right, 20),
            f"20 {row.hash.hex()}",
            f"\n{printed}\n{mark_of(right, 21)}",
        ):
            assert checked.compare(typed).startswith("ĐÚNG:"), typed
            assert checked.page.inner_text("#note").startswith("Dấu xác thực đúng: dòng 20")
        assert (
            checked.compare("20:7f3a91c2")
            == "KHÔNG KIỂM ĐƯỢC: Không hiểu dấu xác thực “20:7f3a91c2”; hãy gõ như 187:7f3a91c208d45be1."
        )
        assert checked.compare("62:7f3a91c208d45be1").startswith("SAI: Sổ cái chỉ có 61 dòng, dấu xác thực ở dòng 62")
        assert checked.compare("").startswith("ĐÚNG:")


class TestHostile:
    def test_a_file_that_is_no_bundle_is_one_sentence(self, checked: CheckedPage, right: Files) -> None:
        whole = zipped(right)
        bomb = zipped({**right, "document.json": b" " * (65 << 20)})
        broken = whole.replace(b"document.json", b"dokument.json")
        for given, said in {
            b"": "SAI: Tệp ZIP hỏng hoặc không phải tệp ZIP.",
            b"PK\5\6" + b"\0" * 18: "SAI: Gói thiếu tệp bundle.json.",
            whole[:-30]: "SAI: Tệp ZIP hỏng hoặc không phải tệp ZIP.",
            broken: "SAI: Gói thiếu tệp document.json.",
            bomb: "KHÔNG KIỂM ĐƯỢC: Tệp document.json quá lớn: trang này đọc được tối đa 64 MB.",
        }.items():
            assert checked.check(given) == said
        stored = zipped(right, method=zipfile.ZIP_STORED)
        assert (
            checked.check(stored.replace(b'"min_sheets":2', b'"min_sheets":1'))
            == "SAI: Tệp ZIP hỏng: rule-card.json không giải nén đúng."
        )

    def test_texts_stay_texts_and_nested_json_stays_a_sentence(self, checked: CheckedPage, right: Files) -> None:
        markup = {**right, "<img src=x onerror=alert(1)>.txt": b""}
        assert checked.check(markup) == "SAI: Gói có tệp lạ: <img src=x onerror=alert(1)>.txt."
        assert checked.page.locator("#sentence img").count() == 0
        nested = b"[" * 100_000 + b"]" * 100_000
        for name in ("bundle.json", LEDGER, "rule-card.json", "document.json"):
            assert checked.check({**right, name: nested + b"\n"}).startswith("SAI: "), name


LAYOUT_SHIFT = """() => new Promise(done => { let sum = 0;
  new PerformanceObserver(list => { for (const each of list.getEntries()) sum += each.value; })
    .observe({type: "layout-shift", buffered: true});
  setTimeout(() => done(sum), 300);
})"""
DROP = """bytes => { const given = new DataTransfer();
  given.items.add(new File([Uint8Array.from(atob(bytes), sign => sign.charCodeAt(0))], "goi.zip"));
  document.body.dispatchEvent(new DragEvent("drop", {dataTransfer: given, bubbles: true, cancelable: true}));
}"""
REACH_OUT = """() => new Promise(done => {
  addEventListener("securitypolicyviolation", ({effectiveDirective}) => done(effectiveDirective));
  new Image().src = "http://127.0.0.1:9/";
})"""


def test_a_folder_is_chosen_and_a_file_is_dropped(checked: CheckedPage, right: Files, tmp_path: Path) -> None:
    folder = tmp_path / "goi"
    folder.mkdir()
    for name, content in right.items():
        (folder / name).write_bytes(content)
    checked.page.set_input_files("#folder", folder)
    checked.page.wait_for_selector(READY)
    assert checked.sentence().startswith("ĐÚNG:")
    assert checked.check(_prizes(right)).startswith("SAI:")
    checked.page.evaluate(DROP, base64.b64encode(zipped(right)).decode())
    checked.page.wait_for_selector("#verdict[data-state='right']")
    assert checked.page.inner_text("#chosen") == "goi.zip"


@pytest.mark.parametrize("width, dark", [(360, True), (1366, False)])
def test_it_reads_well_and_works_by_keyboard(browser: Browser, right: Files, width: int, dark: bool) -> None:
    window = CheckedPage(browser, width=width, dark=dark)
    for given in (None, _prizes(right), right):
        if given:
            window.check(given)
        assert list(serious(window.page)) == []
        assert window.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert window.page.evaluate(LAYOUT_SHIFT) < 0.02
    with window.page.expect_file_chooser() as chooser:
        for key in ("Shift+Tab", "Shift+Tab", "Enter"):  # from the field for marks
            window.page.keyboard.press(key)
    assert chooser.value.is_multiple()
    assert window.page.locator("[aria-live=polite] #sentence").count() == 1
    assert window.faults == []
    assert window.page.evaluate(REACH_OUT) == "img-src"
    window.context.close()


def test_it_is_printed_on_a4_without_what_is_only_for_the_screen(checked: CheckedPage, right: Files) -> None:
    checked.check(right)
    pages = pdf_pages.pages(checked.page.pdf(format="A4", prefer_css_page_size=True))
    text = "".join(each.text for each in pages)
    assert all(each.is_a4 and each.cut == () for each in pages) and len(pages) == 2
    for word in ("ĐÚNG: 61 dòng", "Giải nhat", "5.000.000 đồng", "Bản làng chuyển đổi số T-5"):
        assert pdf_pages.squeezed(word) in text
    assert pdf_pages.squeezed("Chọn thư mục") not in text
