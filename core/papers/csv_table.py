"""The award table as CSV for a Vietnamese Excel: `;` between, comma in decimals, UTF-8 with its mark, RFC 4180 quotes."""

import csv
import io

from core.papers.award_page import remark
from core.papers.document import AwardTable
from core.papers.wording import beyond_formula, printable
from core.rules.vietnamese import money_in_words
from core.rules.words import Tongue

HEADS = (
    "STT", "Giải", "Mã số", "Tên tác phẩm", "Tác giả, nhóm tác giả", "Đơn vị, địa phương", "Xếp thứ", "Điểm",
    "Tiền thưởng (đồng)", "Bằng chữ", "Căn cứ, ghi chú", "Tình trạng",
)  # fmt: skip
DRAFT, CONFIRMED = "Dự thảo", "Đã xác nhận"


def award_csv(document: AwardTable) -> bytes:
    """Its bytes: one line for each award, then what is open or withheld, the total, and the marks to check it by."""
    tongue, file = Tongue(), io.StringIO(newline="")
    state = DRAFT if document.draft else CONFIRMED
    writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
    writer.writerow(HEADS)
    for number, award in enumerate(document.awards, start=1):
        words = (award.prize_name, award.code, award.title, award.author, award.unit)
        place = "" if award.place is None else str(award.place)
        score = "" if award.score is None else tongue.decimal(award.score, document.score_places)
        last = (_text(remark(award)), state)
        writer.writerow((number, *map(_text, words), place, score, award.amount, money_in_words(award.amount), *last))
    for prize in document.undecided:
        among = ", ".join(prize.codes)
        writer.writerow(
            (
                "",
                _text(prize.prize_name),
                _text(among),
                *[""] * 7,
                _text(prize.why),
                f"Chưa quyết định {prize.quantity:02d} giải",
            )
        )
    for kept in document.withheld:
        writer.writerow(
            ("", _text(kept.prize_name), *[""] * 8, _text(kept.why), f"{document.not_given} {kept.quantity:02d} giải")
        )
    writer.writerow(("", "Tổng cộng", *[""] * 6, document.total, money_in_words(document.total), "", state))
    proof = document.proof
    mark = f"Thể lệ chấm {proof.rule_card}; sổ cái dòng {proof.ledger_seq}, mã {proof.ledger_head}"
    writer.writerow(("", "Dấu xác thực", *[""] * 8, mark, ""))
    return file.getvalue().encode("utf-8-sig")


def _text(words: str) -> str:
    return beyond_formula(printable(words))
