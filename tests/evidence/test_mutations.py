"""Every way to change a bundle that was thought of, each with the sentence that says what is wrong; then random bytes."""

import json
import re
import shutil
import zipfile
from base64 import b64decode, b64encode
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from core.desk.awards.evidence_files import files, proof, write_zip
from core.rules.contest import Contest, Method, PrizeBy
from core.store.ledger import receipt
from core.store.signing.signed_notes import (
    inclusion_path,
    origin_of,
    public_bytes,
    read_checkpoint,
    signed_checkpoint,
    verifier_key,
)
from tests.evidence.published_contest import KEY, Chain, bundle, publish, published
from tests.evidence.verifier import answer
from tests.rules.rule_card.test_card_claims import WORKS, Round
from tests.rules.sample_contest import JUDGES, contest, prize

PRIZES = (prize("P1", 1, 500), prize("P2", 2, 301), prize("Q1", 1, 70, PrizeBy.INTERACTION))
CONTEST = contest(Method.MEAN, prizes=PRIZES)
SMALL = ("bundle.json", "key.txt", "standings.csv", "awards.csv", "rule-card.json")


def a_round(seed: int = 3) -> Round:
    return Round(Random(seed))


@pytest.fixture(scope="module")
def made() -> tuple[Chain, str]:
    return published(CONTEST, a_round(), WORKS, JUDGES)


@pytest.fixture
def folder(made: tuple[Chain, str], tmp_path: Path) -> Path:
    return bundle(*_arguments(made), tmp_path / "bundle")


def _arguments(made: tuple[Chain, str]) -> tuple[Chain, Contest, str]:
    return made[0], CONTEST, made[1]


def wrong(folder: Path, *arguments: object) -> str:
    sentence, status = answer(folder, *arguments)
    assert status == 1, sentence
    return sentence


def lines(folder: Path) -> list[str]:
    return (folder / "ledger.jsonl").read_text("utf-8").splitlines(keepends=True)


def write(folder: Path, rows: list[str]) -> None:
    (folder / "ledger.jsonl").write_text("".join(rows), "utf-8", newline="")


def changed(folder: Path, name: str, change: Callable[[str], str]) -> Path:
    before = (folder / name).read_bytes().decode()
    after = change(before)
    assert after != before
    (folder / name).write_bytes(after.encode())
    return folder


def row_of(folder: Path, event: str) -> int:
    """The index of the first row of this event."""
    return next(at for at, line in enumerate(lines(folder)) if f'"event":"{event}"' in line)


def test_the_bundle_is_right(folder: Path) -> None:
    sentence, status = answer(folder)
    assert status == 0 and sentence.startswith("ĐÚNG: ")


def test_a_changed_mark(folder: Path) -> None:
    rows, at = lines(folder), row_of(folder, "sheet.sealed")
    rows[at] = re.sub('"ND":[0-9]+', '"ND":50', rows[at])
    write(folder, rows)
    assert f"dòng {at + 2}: không nối với dòng trước" in wrong(folder)


def test_a_dropped_row(folder: Path) -> None:
    rows = lines(folder)
    del rows[20]
    write(folder, rows)
    assert "dòng 21: mang số 22; có dòng bị bỏ" in wrong(folder)


def test_a_cut_tail(folder: Path) -> None:
    rows = lines(folder)
    write(folder, rows[:-2])
    assert f"Sổ cái có {len(rows) - 2} dòng, gói nói {len(rows)}: bị cắt" in wrong(folder)


def test_swapped_rows(folder: Path) -> None:
    rows = lines(folder)
    rows[20], rows[30] = rows[30], rows[20]
    write(folder, rows)
    assert "dòng 21: mang số 31; hai dòng bị đổi chỗ" in wrong(folder)


def test_a_back_dated_row(folder: Path) -> None:
    rows = lines(folder)
    rows[20] = re.sub('"at":[0-9]+', '"at":1723999999999', rows[20])
    write(folder, rows)
    assert "dòng 21: thời gian lùi lại" in wrong(folder)


def test_a_row_in_another_form(folder: Path) -> None:
    rows = lines(folder)
    rows[20] = rows[20].replace('"seq":', '"seq":1,"seq":')
    write(folder, rows)
    assert "dòng 21: không viết đúng khuôn" in wrong(folder)


def test_a_row_of_the_other_chain(folder: Path) -> None:
    rows = lines(folder)
    rows[-1] = rows[-1].replace('"chain":"result"', '"chain":"audit"')
    write(folder, rows)
    assert f"dòng {len(rows)}: không nối với dòng trước" in wrong(folder)


def test_swapped_works(folder: Path) -> None:
    first, second = re.findall("T-[0-9]", (folder / "standings.csv").read_text())[:2]
    swap = {first: second, second: first}
    changed(folder, "standings.csv", lambda text: re.sub("T-[0-9]", lambda each: swap.get(each[0], each[0]), text))
    assert wrong(folder) == "SAI: standings.csv, dòng 2: khác với tính lại từ sổ cái."


def test_swapped_prizes(folder: Path) -> None:
    changed(folder, "awards.csv", lambda text: text.replace("P1", "P0").replace("P2", "P1", 1).replace("P0", "P2"))
    assert wrong(folder) == "SAI: awards.csv, dòng 2: khác với tính lại từ sổ cái."


def test_an_edited_checkpoint(folder: Path, made: tuple[Chain, str]) -> None:
    size = min(made[0].notes)
    name = f"checkpoint-{size:07}.txt"
    root = b64encode(read_checkpoint(made[0].notes[size]).root).decode()
    changed(folder, name, lambda text: text.replace(root, b64encode(bytes(32)).decode()))
    assert wrong(folder) == f"SAI: Điểm chốt {size} dòng: chữ ký sai."
    (folder / name).write_text(made[0].notes[size])
    changed(folder, name, lambda text: text + "\n")
    assert wrong(folder) == "SAI: Điểm chốt không viết đúng khuôn."


def test_a_checkpoint_that_is_signed_over_other_rows(folder: Path, made: tuple[Chain, str]) -> None:
    for size in made[0].notes:
        signed = signed_checkpoint(origin_of(CONTEST.key), size, bytes(32), KEY)
        (folder / f"checkpoint-{size:07}.txt").write_text(signed)
        assert wrong(folder) == f"SAI: Sổ cái khác với điểm chốt {size} dòng: đã bị sửa hoặc viết lại."
        (folder / f"checkpoint-{size:07}.txt").write_text(made[0].notes[size])


def test_the_spare_bits_of_a_checkpoint(folder: Path, made: tuple[Chain, str]) -> None:
    size = min(made[0].notes)
    signed = made[0].notes[size].split(" ")[2].strip()
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    other = f"{signed[:-2]}{letters[letters.index(signed[-2]) ^ 1]}="
    assert b64decode(other) == b64decode(signed) and other != signed
    changed(folder, f"checkpoint-{size:07}.txt", lambda text: text.replace(signed, other))
    assert "không viết đúng khuôn" in wrong(folder)


def test_an_edited_document(folder: Path) -> None:
    changed(folder, "document.json", lambda text: text.replace("Lò Văn Đẹp", "Lò Văn Tốt"))
    assert wrong(folder) == "SAI: document.json: không mang mã mà dòng công bố ghi."


def test_an_edited_rule_card(folder: Path) -> None:
    changed(folder, "rule-card.json", lambda text: text.replace('"decimals":2', '"decimals":1'))
    assert wrong(folder) == "SAI: rule-card.json: không mang mã mà sổ cái ghi ở dòng 1."


def test_another_key(folder: Path, made: tuple[Chain, str]) -> None:
    other, origin = Ed25519PrivateKey.generate(), origin_of(CONTEST.key)
    (folder / "key.txt").write_text(verifier_key(origin, public_bytes(other)) + "\n")
    assert wrong(folder) == "SAI: key.txt: không phải khóa mà sổ cái ghi."
    size, note = max(made[0].notes.items())
    signed = signed_checkpoint(origin, size, read_checkpoint(note).root, other)
    (folder / f"checkpoint-{size:07}.txt").write_text(signed)
    assert wrong(folder).startswith(f"SAI: Điểm chốt {size} dòng: do khóa khác ký")


@pytest.mark.parametrize("name", [*SMALL, "ledger.jsonl", "document.json"])
def test_a_missing_file(folder: Path, name: str) -> None:
    (folder / name).unlink()
    assert wrong(folder) == f"SAI: Gói thiếu tệp {name}."


def test_a_missing_checkpoint_and_a_foreign_file(folder: Path, made: tuple[Chain, str]) -> None:
    name = f"checkpoint-{min(made[0].notes):07}.txt"
    (folder / name).rename(folder / "la.txt")
    assert wrong(folder) == f"SAI: Gói thiếu tệp {name}."
    (folder / "la.txt").rename(folder / name)
    (folder / "la.txt").touch()
    assert wrong(folder) == "SAI: Gói có tệp lạ: la.txt."


def test_a_checkpoint_that_nobody_mentions_any_more(folder: Path, made: tuple[Chain, str]) -> None:
    least = min(made[0].notes)
    (folder / f"checkpoint-{least:07}.txt").unlink()
    changed(folder, "bundle.json", lambda text: text.replace(f"[{least},", "["))
    assert wrong(folder) == "SAI: bundle.json: cuộc thi hoặc các điểm chốt khác với sổ cái ghi."


def test_a_newer_bundle_is_not_judged(folder: Path) -> None:
    changed(folder, "bundle.json", lambda text: text.replace('"version":1', '"version":2'))
    assert answer(folder) == ("KHÔNG KIỂM ĐƯỢC: bundle.json: cần bản verify.py mới hơn.", 2)


def test_history_that_is_written_again_fails_against_any_printed_mark(
    folder: Path, made: tuple[Chain, str], tmp_path: Path
) -> None:
    given = a_round()
    given.marks = dict.fromkeys(given.marks, (0, 500))
    chain, document = published(CONTEST, given, WORKS, JUDGES)
    again = bundle(chain, CONTEST, document, tmp_path / "again")
    assert answer(again)[1] == 0
    row = made[0].rows[max(made[0].notes) - 1]
    mark = f"{row.seq}:{row.hash.hex()[:16]}"
    assert answer(folder, "--printed", mark)[1] == 0
    assert answer(folder, "--printed", receipt(row.seq, row.hash), "--printed", mark.upper())[1] == 0
    assert "sổ cái bị viết lại sau khi in" in wrong(again, "--printed", mark)
    assert "bị cắt, hoặc gói cũ hơn dấu." in wrong(folder, "--printed", f"9999:{row.hash.hex()[:16]}")
    assert answer(folder, "--printed", mark[:-1])[0].startswith("KHÔNG KIỂM ĐƯỢC: Không hiểu dấu xác thực")


def test_one_row_is_proved_without_the_others(folder: Path, made: tuple[Chain, str], tmp_path: Path) -> None:
    chain = made[0]
    for size, note in chain.notes.items():
        for index in (0, 1, size // 2, size - 2, size - 1):
            path = inclusion_path([row.hash for row in chain.rows[:size]], index)
            told, row = tmp_path / "proof.json", chain.rows[index]
            told.write_bytes(proof(row.text, path, note))
            assert answer(folder, "--proof", told)[1] == 0
            assert answer(folder, "--proof", told, "--printed", receipt(row.seq, row.hash))[1] == 0
            other = receipt(row.seq + 1, row.hash)
            assert f"khác dấu xác thực {row.seq + 1}:" in wrong(folder, "--proof", told, "--printed", other)
            told.write_bytes(proof(row.text.replace('"at":1', '"at":2'), path, note))
            assert f"không nằm trong điểm chốt {size} dòng" in wrong(folder, "--proof", told)
            told.write_bytes(proof(row.text, [bytes(32), *path[1:]], note))
            assert answer(folder, "--proof", told)[1] == 1


def told_again(tell: Callable[[Chain], object]) -> Chain:
    """The published chain with something more, signed again."""
    chain, _ = published(CONTEST, a_round(), WORKS, JUDGES)
    tell(chain)
    chain.checkpoint("publication")
    return chain


RETRACTED = ("result.retracted", {"retraction": 1, "publication": 1, "answer": None}, 1)
LATE = ("sheet.sealed", {"judge": "GK01", "entry": "T-1", "revision": 9, "marks": {"ND": 0, "ST": 0}}, 1)


@pytest.mark.parametrize(
    "row, sentence, status",
    [
        (RETRACTED, "SAI: Kết quả chưa công bố, hoặc lần công bố cuối đã bị thu hồi.", 1),
        (LATE, "ghi sau khi bảng trao giải đã xác nhận", 1),
        (("mystery.made", {}, 1), "không biết sự kiện mystery.made bản 1; cần bản verify.py mới hơn.", 2),
        (("result.published", {}, 2), "không biết sự kiện result.published bản 2", 2),
    ],
)
def test_what_the_owner_of_the_key_adds(
    row: tuple[str, dict[str, object], int], sentence: str, status: int, made: tuple[Chain, str], tmp_path: Path
) -> None:
    chain = told_again(lambda chain: chain.tell(row[0], row[1], version=row[2]))
    found = answer(bundle(chain, CONTEST, made[1], tmp_path / "more"))
    assert sentence in found[0] and found[1] == status


def test_a_document_that_the_owner_of_the_key_publishes_in_place_of_the_confirmed_one(tmp_path: Path) -> None:
    chain, document = published(CONTEST, a_round(), WORKS, JUDGES)
    confirmed = json.loads(next(row.payload for row in chain.rows if row.event == "awards.confirmed"))
    forged = document.replace('"amount":500', '"amount":900')
    assert forged != document
    publish(chain, confirmed["document"], forged, 2)
    assert wrong(bundle(chain, CONTEST, forged, tmp_path / "b")).startswith("SAI: document.json: giải khác")
    other = json.loads(document)
    other["sections"][0]["sheets"][0]["marks"][0] += 50
    forged = json.dumps(other, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    publish(chain, confirmed["document"], forged, 3)
    assert wrong(bundle(chain, CONTEST, forged, tmp_path / "c")).startswith("SAI: document.json: phiếu khác")


def test_no_changed_byte_passes(folder: Path, made: tuple[Chain, str], tmp_path: Path) -> None:
    chance = Random(7)
    names = [path.name for path in folder.iterdir() if not path.name.startswith("verify")]
    for name in sorted(names):
        data = (folder / name).read_bytes()
        small = name in SMALL
        for at in range(len(data)) if small else chance.sample(range(len(data)), 60):
            other = bytearray(data)
            other[at] ^= 1 << chance.randrange(8)
            (folder / name).write_bytes(other)
            assert answer(folder)[1] in (1, 2), (name, at)
        (folder / name).write_bytes(data)
    assert answer(folder)[1] == 0


@pytest.mark.parametrize("data", [b"", b"[" * 100_000, b"\x00\xff", b"null\n", b"{}\n", b"1" * 5000])
def test_no_bytes_give_a_traceback(folder: Path, data: bytes) -> None:
    for path in list(folder.iterdir()):
        before = path.read_bytes()
        path.write_bytes(data)
        assert answer(folder)[1] in ((0,) if path.name.startswith("verify") else (1, 2)), path.name
        path.write_bytes(before)


def test_a_zip_is_read_like_a_folder(made: tuple[Chain, str], folder: Path, tmp_path: Path) -> None:
    chain, evidence = made[0], made[0].evidence(CONTEST, made[1])
    for name in ("a.zip", "b.zip"):
        write_zip(files(evidence, chain.rows[: evidence.rows]), tmp_path / name)
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()
    assert answer(tmp_path / "a.zip") == answer(folder)
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        assert {each: archive.read(each) for each in archive.namelist()} == {
            path.name: path.read_bytes() for path in folder.iterdir()
        }
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(tmp_path / "a.zip", "a") as archive:
        archive.writestr("key.txt", b"other")
    assert wrong(tmp_path / "a.zip") == "SAI: Gói có hai tệp cùng tên."
    (tmp_path / "b.zip").write_bytes(b"PK")
    assert answer(tmp_path / "b.zip")[1] == answer(tmp_path / "none")[1] == 2
    shutil.rmtree(folder)
    assert answer(folder)[1] == 2
