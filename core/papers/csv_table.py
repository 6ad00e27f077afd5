"""The award table as CSV for Vietnamese Excel: separator `;`, decimal comma, UTF-8 with BOM, quotes as in RFC 4180."""

import csv
import io
from itertools import count

from core.papers.award_page import remark
from core.papers.document import AwardDocument, AwardRow, OpenPrize, Section, WithheldPrize
from core.papers.layout.printed_mark import PrintedMark
from core.papers.layout.wording import escape_formula, printable
from core.rules.vietnamese import money_in_words
from core.rules.words import Locale

HEADS = (
    "STT", "Giải", "Mã số", "Tên tác phẩm", "Tác giả, nhóm tác giả", "Đơn vị, địa phương", "Xếp thứ", "Điểm",
    "Tiền thưởng (đồng)", "Bằng chữ", "Căn cứ, ghi chú", "Tình trạng",
)  # fmt: skip
DRAFT, CONFIRMED = "Dự thảo", "Đã xác nhận"


def award_csv(document: AwardDocument, mark: PrintedMark | None = None) -> bytes:
    """The CSV file's bytes: per section the awards, the undecided and the withheld prizes; then the total and the proof."""
    file, numbers = io.StringIO(newline=""), count(1)
    writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
    writer.writerow(HEADS)
    for section in document.sections:
        if heading := document.heading(section):
            writer.writerow(("", _text(heading), *[""] * 10))
        writer.writerows(_award(document, section, award, next(numbers)) for award in section.awards)
        writer.writerows(map(_undecided, section.undecided))
        writer.writerows(_withheld(document, prize) for prize in section.withheld)
    total, proof = document.total, document.proof
    writer.writerow(("", "Tổng cộng", *[""] * 6, total, money_in_words(total), "", _state(document)))
    proofs = f"Thể lệ chấm {proof.rule_card}; sổ cái dòng {proof.ledger_seq}, mã {proof.ledger_head}"
    if mark is not None:
        proofs = f"{mark.text}; {proofs}"
    writer.writerow(("", "Dấu xác thực", *[""] * 8, proofs, ""))
    return file.getvalue().encode("utf-8-sig")


def _award(document: AwardDocument, section: Section, award: AwardRow, number: int) -> tuple[object, ...]:
    words = (award.prize_name, award.code, award.title, award.author, award.unit)
    place = "" if award.place is None else str(award.place)
    score = "" if award.score is None else Locale().decimal(award.score, section.score_places)
    last = (_text(remark(award)), _state(document))
    return (number, *map(_text, words), place, score, award.amount, money_in_words(award.amount), *last)


def _undecided(prize: OpenPrize) -> tuple[str, ...]:
    name, among, why = map(_text, (prize.prize_name, ", ".join(prize.codes), prize.why))
    return ("", name, among, *[""] * 7, why, f"Chưa quyết định {prize.quantity:02d} giải")


def _withheld(document: AwardDocument, prize: WithheldPrize) -> tuple[str, ...]:
    state = f"{document.not_given} {prize.quantity:02d} giải"
    return ("", _text(prize.prize_name), *[""] * 8, _text(prize.why), state)


def _state(document: AwardDocument) -> str:
    return DRAFT if document.draft else CONFIRMED


def _text(words: str) -> str:
    return escape_formula(printable(words))
