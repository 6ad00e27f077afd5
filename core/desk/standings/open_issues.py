"""What is open before the round is closed and the committee decides: each kind with its works, and where it is settled."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from core.desk.matching import match_decisions
from core.desk.standings import panel_progress
from core.desk.standings.live_standings import LiveStandings
from core.desk.standings.panel_progress import Panel
from core.rules import permissions
from core.rules.access import Principal
from core.rules.contest import Contest
from core.rules.judging.sheet_state import EXPECTED, SheetState
from core.rules.permissions import must
from core.rules.words import Points, Sentence
from core.store.queries import readings
from core.store.queries import standings as rows
from core.store.queries.standings import UnwatchedSheet

USUAL_SHARE = 9500  # basis points of a film; below it a sealed sheet is named


@dataclass(frozen=True, slots=True)
class Issue:
    """One kind of what is open. `items`: a sentence for each; `address`: the page where it is settled."""

    title: Sentence
    items: tuple[Sentence, ...]
    address: str
    settled_by: Sentence
    sheets: int | None = None  # where an item stands for several

    @property
    def count(self) -> int:
        """How much is open: sheets where an item stands for several of them, else items."""
        return len(self.items) if self.sheets is None else self.sheets


@dataclass(frozen=True, slots=True)
class OpenIssues:
    """Everything that is open, and how many works' marks this reader may not see yet, so that they are left out."""

    issues: tuple[Issue, ...]  # only kinds of which something is open
    hidden: int
    closed: bool  # the round


def open_issues(live: LiveStandings, who: Principal, now: datetime) -> OpenIssues:
    """What is open, as this organiser may see it. Raises NotAllowed."""
    must(permissions.may_see_the_panel(who))
    panel = panel_progress.panel(live, who, now=now)
    with live.store.read() as connection:
        waiting = [each for each in readings.readings(connection) if each.verdict is None and each.detail is not None]
        conflicts = match_decisions.open_lines(connection)
        unwatched = rows.unwatched(connection, USUAL_SHARE)
    found = (
        _missing(panel), _without_score(panel), _gaps(panel), _unwatched(panel, unwatched),
        _conflicts(conflicts, names=permissions.may_keep_officials(who)), _readings([each.entry for each in waiting], works=permissions.may_see_interactions(who)),
        _ties(live, panel),
    )  # fmt: skip
    return OpenIssues(tuple(each for each in found if each.items), len(panel.hidden), panel.counts.closed)


def _missing(panel: Panel) -> Issue:
    lefts = [(judge.name, judge.count(*EXPECTED) - judge.count(SheetState.SEALED)) for judge in panel.judges]
    items = tuple(
        Sentence("{judge}: còn {count} phiếu", {"judge": name, "count": left}) for name, left in lefts if left
    )
    settled_by = Sentence("Giám khảo nộp phiếu, hoặc rút khỏi tác phẩm.")
    return Issue(Sentence("Phiếu chưa nộp"), items, "panel", settled_by, sum(left for _name, left in lefts))


def _without_score(panel: Panel) -> Issue:
    titles = dict(panel.every_work)
    items = tuple(Sentence("{code} {title}", {"code": code, "title": titles[code]}) for code in panel.scoreless)
    return Issue(Sentence("Tác phẩm chưa đủ phiếu để có điểm"), items, "panel", Sentence("Trưởng Ban Giám khảo phân công thêm giám khảo."))  # fmt: skip


def _gaps(panel: Panel) -> Issue:
    items = tuple(
        Sentence("{code} {title}: {judge} chấm {total}, trung bình {mean}", {
            "code": gap.entry, "title": gap.title, "judge": gap.name,
            "total": Points(gap.total, panel.total_decimals), "mean": Points(gap.mean, panel.total_decimals),
        })
        for gap in panel.gaps
    )  # fmt: skip
    return Issue(
        Sentence("Phiếu lệch quá ngưỡng"), items, "panel", Sentence("Ban Giám khảo hội ý; phiếu vẫn được tính.")
    )


def _unwatched(panel: Panel, found: Sequence[UnwatchedSheet]) -> Issue:
    names = {judge.key: judge.name for judge in panel.judges}
    items = tuple(
        Sentence("{code}: {judge} đã xem {share} % phim", {
            "code": each.entry, "judge": names[each.judge], "share": Points(each.share // 100, 0),
        })
        for each in found
        if each.entry not in panel.hidden and each.judge in names
    )  # fmt: skip
    return Issue(Sentence("Phim chưa xem hết mà phiếu đã nộp"), items, "panel", Sentence("Trưởng Ban Giám khảo trả lại phiếu nếu cần xem lại."))  # fmt: skip


def _conflicts(lines: Sequence[match_decisions.MatchLine], *, names: bool) -> Issue:
    items = tuple(
        line.match.about(line.author.name) if names and line.author else Sentence("{code} {title}", {"code": line.work, "title": line.title})
        for line in lines
    )  # fmt: skip
    return Issue(Sentence("Tác giả giống thành viên các ban, chưa ai quyết định"), items, "officials", Sentence("Tổ Thư ký hoặc quản trị viên quyết định."))  # fmt: skip


def _readings(codes: Sequence[str], *, works: bool) -> Issue:
    """The readings that wait; only their number where the reader, who marks, sees no interactions."""
    items: tuple[Sentence, ...] = (Sentence("Số lần đọc: {count}", {"count": len(codes)}),) if codes else ()
    if works:
        items = tuple(
            Sentence("{code}: {count} lần đọc", {"code": code, "count": codes.count(code)})
            for code in sorted(set(codes))
        )
    return Issue(Sentence("Số liệu tương tác chưa ai xác nhận"), items, "readings", Sentence("Một người khác người nhập xác nhận; số chưa xác nhận không được tính."))  # fmt: skip


def _ties(live: LiveStandings, panel: Panel) -> Issue:
    """Ties at the edge of a prize by score; none while some marks are hidden from this reader."""
    contest: Contest = panel.contest
    ties = () if panel.hidden else live.allocation(with_interactions=False).undecided
    items = tuple(
        Sentence("{prize}: chọn {count} trong {codes}", {
            "prize": contest.prize(tie.prize).name, "count": tie.quantity, "codes": ", ".join(tie.entries),
        })
        for tie in ties
    )  # fmt: skip
    return Issue(
        Sentence("Tác phẩm đồng hạng ở ranh giới giải"),
        items,
        "awards",
        Sentence("Ban Tổ chức chọn, sau khi vòng chấm đóng."),
    )
