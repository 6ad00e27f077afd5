"""Checks of a readable contest file for settings that do not fit together.

A contradiction is a problem. What is allowed but perhaps not meant is a doubtful notice.
"""

import re
from fractions import Fraction
from itertools import pairwise

from core.rules.contest import Contest, Method, PrizeBy
from core.rules.contest_file.findings import Findings
from core.rules.prizes.prize_kinds import needs_counts
from core.rules.scoring.methods import method_of, sheets_needed
from core.rules.words import Bound, Dong, Exact, Sentence

MOST_WATCHED = 9900  # basis points: players do not report a film's last fractions of a second completely
ACCOUNT = re.compile(r"[a-z0-9._-]{3,32}")  # the form of a username, as in core.desk.accounts.accounts


def check(contest: Contest, findings: Findings) -> None:
    """Record contradictions and doubtful settings in `findings`. Keys that already have a problem are skipped."""
    _prizes_fall(contest, findings)
    _interactions_count(contest, findings)
    _scoring(contest, findings)
    _weights(contest, findings)
    _chief(contest, findings)
    _watching(contest, findings)


def _prizes_fall(contest: Contest, findings: Findings) -> None:
    """Within one kind, no prize may be worth more than the one before: the best work takes the first of the list."""
    for by in PrizeBy:
        rows = [(number, prize) for number, prize in enumerate(contest.prizes, 1) if prize.by is by]
        for (above, better), (number, prize) in pairwise(rows):
            key = f"prizes[{number}].amount"
            if prize.amount > better.amount and findings.good(key, f"prizes[{above}].amount"):
                facts = {"amount": Dong(prize.amount), "above": Dong(better.amount), "name": better.name}
                what = Sentence(
                    "{key} là {amount}, cao hơn {above} của “{name}” ghi ở trên. Các giải phải ghi từ cao xuống thấp: tác phẩm đứng đầu nhận giải ghi trước.",
                    facts,
                )
                findings.problem(key, what, unsound=True)


def _interactions_count(contest: Contest, findings: Findings) -> None:
    if needs_counts(contest) and not any(contest.interactions.weights.values()) and findings.good("interactions"):
        what = Sentence("{key}: mọi hệ số đều bằng 0 nên không tác phẩm nào nhận được giải theo lượng tương tác.")
        findings.problem("interactions", what, unsound=True)


def _scoring(contest: Contest, findings: Findings) -> None:
    if not findings.good("scoring"):
        return
    scoring, needed = contest.scoring, sheets_needed(contest)
    if needed > scoring.min_sheets:
        facts = {"needed": needed, "least": scoring.min_sheets, "trim": scoring.trim}
        what = Sentence(
            "{key} = {trim} cần ít nhất {needed} phiếu, nhiều hơn min_sheets = {least}: tác phẩm có dưới {needed} phiếu sẽ không có điểm.",
            facts,
        )
        findings.notice("scoring.trim", what, doubtful=True)
    if scoring.method is not Method.TRIMMED_MEAN and scoring.trim != 1:
        what = Sentence("{key} không dùng đến: chỉ phương pháp trimmed_mean bỏ phiếu.")
        findings.notice("scoring.trim", what, doubtful=True)
    if method_of(contest).by_ranks and scoring.decimals == 0:
        what = Sentence(
            "{key} = 0 làm tròn mất phần lẻ của thứ hạng: tác phẩm có thứ hạng khác nhau có thể thành bằng nhau."
        )
        findings.notice("scoring.decimals", what, doubtful=True)
    if scoring.min_sheets == 1:
        findings.notice("scoring.min_sheets", Sentence("{key} = 1: một phiếu đã đủ thành điểm của tác phẩm."))
    _gap(contest, findings)


def _gap(contest: Contest, findings: Findings) -> None:
    gap, most = contest.scoring.gap_alert, Fraction(contest.maximum_total, 100 * contest.weight_scale)
    if gap is not None and findings.good("criteria") and Fraction(gap, 100) >= most:
        facts = {"gap": Bound(gap), "most": Exact(most)}
        what = Sentence("{key} = {gap} không bao giờ đạt tới: tổng điểm tối đa của một phiếu là {most}.", facts)
        findings.notice("scoring.gap_alert", what, doubtful=True)


def _weights(contest: Contest, findings: Findings) -> None:
    if not findings.good("criteria"):
        return
    plain = Fraction(sum(criterion.maximum for criterion in contest.criteria), 100)
    weighted = Fraction(contest.maximum_total, 100 * contest.weight_scale)
    if plain != weighted:
        first = next(at for at, criterion in enumerate(contest.criteria, 1) if criterion.weight != 1)
        facts = {"plain": Exact(plain), "weighted": Exact(weighted)}
        what = Sentence(
            "Hệ số làm tổng điểm tối đa của một phiếu thành {weighted} thay vì {plain} như các mức tối đa cộng lại.",
            facts,
        )
        findings.notice(f"criteria[{first}].weight", what, doubtful=True)


def _chief(contest: Contest, findings: Findings) -> None:
    chief = contest.ties.chief
    if chief is None or not findings.good("ties.chief"):
        return
    if not ACCOUNT.fullmatch(chief):
        what = Sentence(
            "{key} “{chief}” không thể là tên đăng nhập (từ 3 đến 32 ký tự: a–z, 0–9, dấu chấm, gạch dưới, gạch nối), nên không tài khoản nào là Trưởng Ban Giám khảo.",
            {"chief": chief},
        )
        findings.notice("ties.chief", what, doubtful=True)
    if "chief" not in contest.ties.ladder and findings.good("ties.ladder"):
        what = Sentence("{key} không dùng đến: ties.ladder không có bậc “chief”.")
        findings.notice("ties.chief", what, doubtful=True)


def _watching(contest: Contest, findings: Findings) -> None:
    if contest.judging.watched_share > MOST_WATCHED and findings.good("judging.watched_share"):
        what = Sentence(
            "{key} = {share}%: vài phần giây cuối phim thường không được ghi nhận là đã xem, nên có thể không phiếu nào nộp được; hãy ghi nhiều nhất {most}%.",
            {"share": Bound(contest.judging.watched_share), "most": Bound(MOST_WATCHED)},
        )
        findings.notice("judging.watched_share", what, doubtful=True)
