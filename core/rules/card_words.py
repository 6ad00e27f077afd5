"""The rule card in words: the regulation said aloud by the same values that rank, as an official would read it (DESIGN §3.6)."""

from dataclasses import dataclass

from core.rules.contest import Contest, Method, Prize, PrizeBy, Scoring, StandingsForJudges, Then
from core.rules.methods import half_up
from core.rules.ties import rung_name
from core.rules.vietnamese import money_in_words
from core.rules.words import Bound, Dong, Language, Moment, Number, Sentence, Tongue


def in_words(contest: Contest) -> tuple[Sentence, ...]:
    """The regulation, sentence by sentence."""
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
            "Bảng điểm có {count} tiêu chí, tổng điểm tối đa là {maximum}.",
            {"count": len(contest.criteria), "maximum": whole},
        )
    ]
    for c in contest.criteria:
        facts = {"name": c.name, "maximum": Bound(c.maximum), "step": Bound(c.step), "weight": c.weight}
        if c.weight == 1:
            said.append(Sentence("{name}: từ 0 đến {maximum} điểm, mỗi mức cách nhau {step} điểm.", facts))
        else:
            said.append(
                Sentence("{name}: từ 0 đến {maximum} điểm, mỗi mức cách nhau {step} điểm, nhân hệ số {weight}.", facts)
            )
    return said


def _method(scoring: Scoring) -> Sentence:
    return {
        Method.MEAN: Sentence("Điểm của tác phẩm là trung bình cộng của tổng điểm trên các phiếu đã nộp."),
        Method.MEDIAN: Sentence(
            "Điểm của tác phẩm là tổng điểm đứng giữa khi xếp các phiếu đã nộp từ thấp đến cao; số phiếu chẵn thì lấy trung bình cộng của hai tổng điểm đứng giữa."
        ),
        Method.TRIMMED_MEAN: Sentence(
            "Bỏ {trim} phiếu có tổng điểm cao nhất và {trim} phiếu có tổng điểm thấp nhất; điểm của tác phẩm là trung bình cộng của tổng điểm trên các phiếu còn lại. Cần ít nhất {needed} phiếu.",
            {"trim": scoring.trim, "needed": 2 * scoring.trim + 1},
        ),
        Method.RANK_SUM: Sentence(
            "Mỗi giám khảo xếp thứ hạng các tác phẩm đã chấm theo tổng điểm của mình; các tác phẩm bằng điểm cùng nhận trung bình cộng của những thứ hạng đó. Thứ hạng của các giám khảo được cộng lại; tác phẩm có tổng thứ hạng nhỏ hơn được xếp trên."
        ),
    }[scoring.method]


def _scoring(contest: Contest) -> list[Sentence]:
    scoring = contest.scoring
    if scoring.decimals:
        rounded = Sentence(
            "Mọi số dùng để xếp hạng được làm tròn đến {decimals} chữ số thập phân, từ nửa đơn vị trở lên thì làm tròn lên, và được so sánh đúng như đã công bố.",
            {"decimals": scoring.decimals},
        )
    else:
        rounded = Sentence(
            "Mọi số dùng để xếp hạng được làm tròn đến hàng đơn vị, từ nửa đơn vị trở lên thì làm tròn lên, và được so sánh đúng như đã công bố."
        )
    said = [
        _method(scoring),
        Sentence(
            "Giám khảo có xung đột lợi ích với tác phẩm nào thì không chấm tác phẩm đó; phiếu đã nộp, nếu có, không được tính."
        ),
        rounded,
        Sentence(
            "Tác phẩm có dưới {least} phiếu thì chưa có điểm và chưa được xếp hạng.", {"least": scoring.min_sheets}
        ),
    ]
    if scoring.gap_alert is not None:
        gap = {"gap": Bound(scoring.gap_alert)}
        said.append(
            Sentence(
                "Phiếu chênh lệch quá {gap} điểm so với trung bình của tác phẩm được nêu ra để Ban Giám khảo hội ý.",
                gap,
            )
        )
    return said


def _ties(contest: Contest) -> list[Sentence]:
    last = {
        Then.COMMITTEE: Sentence(
            "Các tác phẩm còn bằng nhau thì đồng hạng; giải chưa phân định được do Ban Tổ chức quyết định."
        ),
        Then.SHARE: Sentence(
            "Các tác phẩm còn bằng nhau thì đồng hạng; các giải liên quan được gộp lại và chia đều đến từng đồng, số lẻ không chia hết thì không chi."
        ),
    }
    rungs = [_rung(contest, number, rung) for number, rung in enumerate(contest.rungs, 1)]
    return [*rungs, last[contest.ties.then]]


def _rung(contest: Contest, number: int, rung: int | None) -> Sentence:
    facts = {"number": number, "rung": rung_name(contest, rung)}
    if rung is None:
        return Sentence(
            "Khi bằng nhau, bước {number}: tác phẩm có {rung} cao hơn được xếp trên; chỉ xét nếu Trưởng Ban Giám khảo đã chấm tất cả các tác phẩm bằng nhau đó.",
            facts,
        )
    return Sentence("Khi bằng nhau, bước {number}: tác phẩm có {rung} cao hơn được xếp trên.", facts)


def _prizes(contest: Contest) -> list[Sentence]:
    said = [_prize(p) for p in contest.prizes]
    if said:
        said.append(Sentence("Ban Tổ chức có thể không trao một giải; khi đó tác phẩm xếp trên nhận giải kế tiếp."))
    if len({p.by for p in contest.prizes}) > 1:
        said.append(
            Sentence("Mỗi tác phẩm nhận nhiều nhất một giải theo điểm và có thể nhận thêm giải theo lượng tương tác.")
        )
    return said


def _prize(prize: Prize) -> Sentence:
    by = {
        PrizeBy.SCORE: Sentence("theo điểm của Ban Giám khảo"),
        PrizeBy.INTERACTION: Sentence("theo lượng tương tác"),
    }[prize.by]
    facts = {"quantity": prize.quantity, "name": prize.name, "amount": _Money(prize.amount), "by": by}
    if prize.quantity == 1:
        said = Sentence("{name}: 1 giải, trị giá {amount}, trao {by}.", facts)
    else:
        said = Sentence("{name}: {quantity} giải, mỗi giải trị giá {amount}, trao {by}.", facts)
    if not prize.certificate:
        return said
    return Sentence("{prize} Kèm {certificate}.", {"prize": said, "certificate": prize.certificate})


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
    said = [
        Sentence(
            "Lượng tương tác bằng số lượt cảm xúc × {r} + bình luận × {c} + chia sẻ × {s} + lượt xem × {v}.", facts
        )
    ]
    if contest.phases is not None:
        close = {"close": Moment(contest.phases.interactions_close)}
        said.append(Sentence("Lượng tương tác lấy theo lần ghi số liệu cuối cùng, không muộn hơn {close}.", close))
    return said


def _judging(contest: Contest) -> list[Sentence]:
    judging, said = contest.judging, list[Sentence]()
    if judging.blind:
        said.append(Sentence("Chấm kín: giám khảo chỉ thấy mã số và tên tác phẩm."))
    if judging.watched_share:
        share = {"share": Bound(judging.watched_share)}
        said.append(Sentence("Giám khảo phải xem ít nhất {share}% thời lượng tác phẩm trước khi nộp phiếu.", share))
    seen = {
        StandingsForJudges.NEVER: Sentence("Giám khảo không được xem bảng xếp hạng."),
        StandingsForJudges.AFTER_JUDGING: Sentence("Giám khảo được xem bảng xếp hạng sau khi đóng vòng chấm."),
        StandingsForJudges.AFTER_PUBLICATION: Sentence("Giám khảo được xem bảng xếp hạng sau khi công bố kết quả."),
    }
    return [*said, seen[judging.standings_for_judges]]


@dataclass(frozen=True, slots=True)
class _Money:
    """Money as the papers write it: "5.000.000 đồng (Năm triệu đồng)" (plan V); the words are Vietnamese alone."""

    amount: int

    def said(self, tongue: Tongue) -> str:
        figures = Dong(self.amount).said(tongue)
        return f"{figures} ({money_in_words(self.amount)})" if tongue.language is Language.VI else figures
