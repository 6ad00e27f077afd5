"""The rule card in words: every rule that decides a result, exact enough to recompute it by hand (docs/design.md, Rule card).

`tests/rules/by_the_card.py` computes results from these sentences alone; tests compare them with `rank` and `allocate`.
If you change a rule, change its sentence here and its claim there.
"""

from collections.abc import Collection
from dataclasses import dataclass
from fractions import Fraction
from typing import assert_never

from core.rules.access import Role
from core.rules.contest import Contest, Method, StandingsForJudges
from core.rules.rule_card.prize_sentences import interactions_in_words, prizes_in_words
from core.rules.scoring.methods import method_of, sheets_needed
from core.rules.scoring.ties import rung_name
from core.rules.words import Bound, Exact, Locale, Sentence


def in_words(contest: Contest) -> tuple[Sentence, ...]:
    """All rules of the contest, sentence by sentence."""
    return (
        *_rubric(contest),
        *_sheets(contest),
        *_scoring(contest),
        *_ties(contest),
        *prizes_in_words(contest),
        *interactions_in_words(contest),
        *_judging(contest),
    )


def _rubric(contest: Contest) -> list[Sentence]:
    whole = Exact(Fraction(contest.maximum_total, 100 * contest.weight_scale))
    sentences = [
        Sentence(
            "Bảng điểm có {count} tiêu chí, tổng điểm tối đa của một phiếu là {maximum}.",
            {"count": len(contest.criteria), "maximum": whole},
        )
    ]
    for c in contest.criteria:
        facts = {"name": c.name, "maximum": Bound(c.maximum), "step": Bound(c.step), "weight": Exact(c.weight)}
        if c.weight == 1:
            sentences.append(Sentence("{name}: từ 0 đến {maximum} điểm, mỗi mức cách nhau {step} điểm.", facts))
        else:
            sentences.append(
                Sentence("{name}: từ 0 đến {maximum} điểm, mỗi mức cách nhau {step} điểm, nhân hệ số {weight}.", facts)
            )
    if all(c.weight == 1 for c in contest.criteria):
        return [*sentences, Sentence("Tổng điểm của một phiếu là tổng điểm của các tiêu chí.")]
    return [*sentences, Sentence("Tổng điểm của một phiếu là tổng điểm của các tiêu chí sau khi nhân hệ số.")]


def _sheets(contest: Contest) -> list[Sentence]:
    """Sentences on which sheets count, and how many a work needs."""
    least = sheets_needed(contest)
    return [
        Sentence(
            "Chỉ phiếu đã nộp được tính. Giám khảo có xung đột lợi ích với tác phẩm nào thì không chấm tác phẩm đó; phiếu đã nộp, nếu có, không được tính."
        ),
        Sentence("Tác phẩm không có phiếu nào được tính là chưa đủ phiếu: không có điểm, không có hạng.")
        if least == 1
        else Sentence(
            "Tác phẩm có dưới {least} phiếu được tính là chưa đủ phiếu: không có điểm, không có hạng.", {"least": least}
        ),
    ]


def _scoring(contest: Contest) -> list[Sentence]:
    scoring, method = contest.scoring, method_of(contest)
    sentences = [
        *method.rules(scoring),
        Sentence(
            "Mọi phép tính từ điểm trên phiếu đến {score} của tác phẩm đều chính xác; {score} của tác phẩm được làm tròn một lần, đến {places}, từ nửa đơn vị trở lên thì làm tròn lên, rồi được công bố và so sánh đúng như đã làm tròn.",
            {"score": method.noun, "places": _places(scoring.decimals)},
        ),
    ]
    if scoring.gap_alert is not None:
        gap = {"gap": Bound(scoring.gap_alert)}
        sentences.append(
            Sentence(
                "Phiếu có tổng điểm chênh quá {gap} điểm so với trung bình cộng tổng điểm của các phiếu của tác phẩm được nêu ra để Ban Giám khảo hội ý; việc này không đổi điểm.",
                gap,
            )
        )
    return sentences


def _places(decimals: int) -> Sentence:
    if decimals == 0:
        return Sentence("hàng đơn vị")
    if decimals == 1:
        return Sentence("một chữ số thập phân")
    return Sentence("{decimals} chữ số thập phân", {"decimals": decimals})


def _ties(contest: Contest) -> list[Sentence]:
    noun = {"score": method_of(contest).noun}
    sentences = [Sentence("Hạng của một tác phẩm bằng một cộng với số tác phẩm xếp trên tác phẩm đó.")]
    if not contest.rungs:
        return [*sentences, Sentence("Các tác phẩm có {score} bằng nhau thì đồng hạng.", noun)]
    sentences.append(
        Sentence(
            "Khi {score} của các tác phẩm bằng nhau thì lần lượt xét các bước dưới đây. Bước đầu tiên có số khác nhau tách các tác phẩm đó; những tác phẩm còn bằng nhau lại được xét từ bước 1.",
            noun,
        )
    )
    sentences += [_rung(contest, number, rung) for number, rung in enumerate(contest.rungs, 1)]
    sentences += _rung_numbers(contest)
    return [*sentences, Sentence("Các tác phẩm vẫn bằng nhau sau bước cuối cùng thì đồng hạng.")]


def _rung(contest: Contest, number: int, rung: int | None) -> Sentence:
    facts = {"number": number, "rung": rung_name(contest, rung)}
    if rung is None:
        return Sentence(
            "Bước {number}: tác phẩm có {rung} cao hơn được xếp trên; chỉ xét bước này nếu Trưởng Ban Giám khảo có phiếu được tính cho tất cả các tác phẩm đang bằng nhau.",
            facts,
        )
    return Sentence("Bước {number}: tác phẩm có {rung} cao hơn được xếp trên.", facts)


def _rung_numbers(contest: Contest) -> list[Sentence]:
    """Sentences on how the numbers that the tie-break steps compare are computed."""
    criteria = [contest.criteria[rung] for rung in contest.rungs if rung is not None]
    sentences = list[Sentence]()
    if criteria:
        sentences.append(
            Sentence("Điểm trung bình tiêu chí là trung bình cộng điểm của tiêu chí đó trên tất cả phiếu được tính.")
        )
    if any(criterion.weight != 1 for criterion in criteria):
        sentences.append(Sentence("Điểm tiêu chí dùng ở các bước chưa nhân hệ số."))
    if None in contest.rungs:
        sentences.append(
            Sentence("Điểm của Trưởng Ban Giám khảo là tổng điểm trên phiếu của Trưởng Ban Giám khảo cho tác phẩm đó.")
        )
    if contest.scoring.method is Method.TRIMMED_MEAN:
        sentences.append(Sentence("Các bước xét cả những phiếu đã bỏ khi tính điểm."))
    return [
        *sentences,
        Sentence(
            "Số dùng ở mỗi bước được làm tròn đến {places}, từ nửa đơn vị trở lên thì làm tròn lên.",
            {"places": _places(contest.scoring.decimals)},
        ),
    ]


def _judging(contest: Contest) -> list[Sentence]:
    judging = contest.judging
    return [
        Sentence("Chấm kín: giám khảo chỉ thấy mã số và tên tác phẩm.")
        if judging.blind
        else Sentence("Giám khảo thấy cả tác giả và đơn vị của tác phẩm."),
        Sentence(
            "Giám khảo phải xem ít nhất {share}% thời lượng tác phẩm trước khi nộp phiếu.",
            {"share": Bound(judging.watched_share)},
        )
        if judging.watched_share
        else Sentence("Không quy định thời lượng tối thiểu mà giám khảo phải xem trước khi nộp phiếu."),
        _names(judging.names_beside_marks),
        _standings_for_judges(judging.standings_for_judges),
    ]


ROLE_NAMES = {
    Role.JUDGE: Sentence("Giám khảo"),
    Role.CHIEF: Sentence("Trưởng Ban Giám khảo"),
    Role.SECRETARY: Sentence("Tổ Thư ký"),
    Role.COMMITTEE: Sentence("Ban Tổ chức"),
    Role.CHANNEL: Sentence("Phụ trách kênh tương tác"),
    Role.ADMIN: Sentence("Quản trị viên"),
    Role.SCREENER: Sentence("Người sơ loại"),
}


def _names(roles: Collection[Role]) -> Sentence:
    if not roles:
        return Sentence("Tên giám khảo không hiện bên cạnh điểm.")
    names = tuple(ROLE_NAMES[role] for role in Role if role in roles)
    return Sentence("Tên giám khảo bên cạnh điểm chỉ hiện cho: {roles}.", {"roles": _Listed(names)})


def _standings_for_judges(when: StandingsForJudges) -> Sentence:
    match when:
        case StandingsForJudges.NEVER:
            return Sentence("Giám khảo không được xem bảng xếp hạng.")
        case StandingsForJudges.AFTER_JUDGING:
            return Sentence("Giám khảo được xem bảng xếp hạng sau khi đóng vòng chấm.")
        case StandingsForJudges.AFTER_PUBLICATION:
            return Sentence("Giám khảo được xem bảng xếp hạng sau khi công bố kết quả.")
        case _:
            assert_never(when)


@dataclass(frozen=True, slots=True)
class _Listed:
    """Names separated by commas."""

    names: tuple[Sentence, ...]

    def localize(self, locale: Locale) -> str:
        return ", ".join(name.localize(locale) for name in self.names)
