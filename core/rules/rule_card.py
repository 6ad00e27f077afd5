"""The rule card: what decides a result, as one document with a fingerprint, and as sentences (DESIGN §3.6)."""

import json
from datetime import UTC
from fractions import Fraction
from hashlib import sha256

from core.rules.contest import Contest, Method, PrizeBy, Scoring, StandingsForJudges, Then
from core.rules.methods import half_up
from core.rules.ties import rung_name
from core.rules.words import Bound, Dong, Moment, Number, Sentence

Plain = str | int | None | list["Plain"] | dict[str, "Plain"]


def document(contest: Contest) -> dict[str, Plain]:
    """Everything that may change who wins what; points in hundredths, the cut-off in UTC."""
    scoring, ties, worth, judging = contest.scoring, contest.ties, contest.interactions, contest.judging
    return {
        "contest": contest.key,
        "name": contest.name,
        "criteria": [
            {
                "key": c.key,
                "name": c.name,
                "max": c.maximum,
                "step": c.step,
                "weight": _ratio(c.weight),
                "levels": [{"from": level.least, "says": level.says} for level in c.levels],
            }
            for c in contest.criteria
        ],
        "scoring": {
            "method": scoring.method,
            "trim": scoring.trim,
            "decimals": scoring.decimals,
            "min_sheets": scoring.min_sheets,
            "gap_alert": scoring.gap_alert,
        },
        "ties": {"ladder": list(ties.ladder), "chief": ties.chief, "then": ties.then},
        "prizes": [
            {
                "key": p.key,
                "name": p.name,
                "quantity": p.quantity,
                "amount": p.amount,
                "by": p.by,
                "certificate": p.certificate,
            }
            for p in contest.prizes
        ],
        "interactions": {
            "reactions": worth.reactions,
            "comments": worth.comments,
            "shares": worth.shares,
            "views": worth.views,
            "close": None if contest.phases is None else contest.phases.interactions_close.astimezone(UTC).isoformat(),
        },
        "judging": {
            "blind": int(judging.blind),
            "watched_share": judging.watched_share,
            "names_beside_marks": [*sorted(judging.names_beside_marks)],
            "standings_for_judges": judging.standings_for_judges,
        },
    }


def canonical(contest: Contest) -> str:
    """The document as RFC 8785 writes it: its keys are ASCII, its values texts and whole numbers."""
    return json.dumps(document(contest), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def fingerprint(contest: Contest) -> str:
    """SHA-256 of the canonical document, as "sha256:…": one changed rule, another fingerprint."""
    return "sha256:" + sha256(canonical(contest).encode()).hexdigest()


def in_words(contest: Contest) -> tuple[Sentence, ...]:
    """The regulation said aloud by the same values that rank."""
    return (
        *_rubric(contest),
        *_scoring(contest),
        *_ties(contest),
        *_prizes(contest),
        *_interactions(contest),
        *_judging(contest),
    )


def _rubric(contest: Contest) -> list[Sentence]:
    whole = Bound(half_up(contest.maximum_total, contest.weight_scale))
    said = [
        Sentence(
            "Bảng điểm có {count} tiêu chí, tổng tối đa {maximum} điểm.",
            {"count": len(contest.criteria), "maximum": whole},
        )
    ]
    for c in contest.criteria:
        facts = {"name": c.name, "maximum": Bound(c.maximum), "step": Bound(c.step), "weight": _ratio(c.weight)}
        if c.weight == 1:
            said.append(Sentence("{name}: từ 0 đến {maximum} điểm, bước {step}.", facts))
        else:
            said.append(Sentence("{name}: từ 0 đến {maximum} điểm, bước {step}, hệ số {weight}.", facts))
    return said


def _method(scoring: Scoring) -> Sentence:
    return {
        Method.MEAN: Sentence("Điểm của tác phẩm là trung bình cộng tổng điểm các phiếu đã nộp."),
        Method.MEDIAN: Sentence("Điểm của tác phẩm là trung vị tổng điểm các phiếu đã nộp."),
        Method.TRIMMED_MEAN: Sentence(
            "Điểm của tác phẩm là trung bình cộng sau khi bỏ {trim} phiếu cao nhất và {trim} phiếu thấp nhất; cần ít nhất {needed} phiếu.",
            {"trim": scoring.trim, "needed": 2 * scoring.trim + 1},
        ),
        Method.RANK_SUM: Sentence(
            "Mỗi giám khảo xếp hạng các tác phẩm theo tổng điểm của mình, bằng điểm thì chia đều thứ hạng; tác phẩm có tổng thứ hạng nhỏ hơn đứng trên."
        ),
    }[scoring.method]


def _scoring(contest: Contest) -> list[Sentence]:
    scoring = contest.scoring
    said = [
        _method(scoring),
        Sentence("Phiếu của giám khảo không chấm tác phẩm vì xung đột lợi ích không được tính."),
        Sentence(
            "Điểm làm tròn nửa lên, {decimals} chữ số thập phân, và được so sánh như đã công bố.",
            {"decimals": scoring.decimals},
        ),
        Sentence("Tác phẩm có dưới {least} phiếu chưa có điểm và chưa xếp hạng.", {"least": scoring.min_sheets}),
    ]
    if scoring.gap_alert is not None:
        gap = {"gap": Bound(scoring.gap_alert)}
        said.append(Sentence("Phiếu lệch quá {gap} điểm so với trung bình của tác phẩm được nêu ra để hội ý.", gap))
    return said


def _ties(contest: Contest) -> list[Sentence]:
    rungs = [
        Sentence(
            "Bằng điểm, bậc phân định thứ {number}: {rung} cao hơn đứng trên.",
            {"number": number, "rung": rung_name(contest, rung)},
        )
        for number, rung in enumerate(contest.rungs, 1)
    ]
    last = {
        Then.COMMITTEE: Sentence("Vẫn bằng nhau thì đồng hạng; giải chưa phân định do Ban Tổ chức quyết định."),
        Then.SHARE: Sentence("Vẫn bằng nhau thì đồng hạng; các giải liên quan được gộp và chia đều, tính tròn đồng."),
    }
    return [*rungs, last[contest.ties.then]]


def _prizes(contest: Contest) -> list[Sentence]:
    said = []
    for p in contest.prizes:
        facts = {"quantity": p.quantity, "name": p.name, "amount": Dong(p.amount)}
        if p.by is PrizeBy.SCORE:
            said.append(Sentence("{name}: {quantity} giải, mỗi giải {amount}, theo điểm của Ban Giám khảo.", facts))
        else:
            said.append(Sentence("{name}: {quantity} giải, mỗi giải {amount}, theo lượng tương tác.", facts))
    if len({p.by for p in contest.prizes}) > 1:
        return [
            *said,
            Sentence("Mỗi tác phẩm nhận nhiều nhất một giải theo điểm và có thể nhận thêm giải theo lượng tương tác."),
        ]
    return said


def _interactions(contest: Contest) -> list[Sentence]:
    if all(p.by is PrizeBy.SCORE for p in contest.prizes):
        return []
    worth = contest.interactions
    facts = {
        "r": Number(worth.reactions),
        "c": Number(worth.comments),
        "s": Number(worth.shares),
        "v": Number(worth.views),
    }
    said = [Sentence("Lượng tương tác: cảm xúc × {r}, bình luận × {c}, chia sẻ × {s}, lượt xem × {v}.", facts)]
    if contest.phases is not None:
        close = {"close": Moment(contest.phases.interactions_close)}
        said.append(Sentence("Tính theo số liệu cuối cùng đến hết {close}.", close))
    return said


def _judging(contest: Contest) -> list[Sentence]:
    judging, said = contest.judging, list[Sentence]()
    if judging.blind:
        said.append(Sentence("Chấm kín: giám khảo chỉ thấy mã số và tên tác phẩm."))
    if judging.watched_share:
        share = {"share": Bound(judging.watched_share)}
        said.append(Sentence("Giám khảo phải xem ít nhất {share}% thời lượng trước khi nộp phiếu.", share))
    seen = {
        StandingsForJudges.NEVER: Sentence("Giám khảo không xem bảng xếp hạng."),
        StandingsForJudges.AFTER_JUDGING: Sentence("Giám khảo xem bảng xếp hạng sau khi đóng vòng chấm."),
        StandingsForJudges.AFTER_PUBLICATION: Sentence("Giám khảo xem bảng xếp hạng sau khi công bố kết quả."),
    }
    return [*said, seen[judging.standings_for_judges]]


def _ratio(weight: Fraction) -> str:
    return str(weight)
