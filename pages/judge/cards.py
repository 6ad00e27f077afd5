"""How a judge's works are drawn: a poster, a name, a state. Every word of somebody else's is escaped."""

from collections.abc import Iterable
from html import escape
from typing import assert_never
from urllib.parse import quote

from core.desk.judging import judge_sheets
from core.desk.judging.judge_queue import Queue, QueuedWork, WorkState
from core.rules.contest import Contest
from core.rules.words import Locale
from pages.kit.speech import _


def state_name(state: WorkState) -> str:
    """The state as a judge reads it."""
    match state:
        case WorkState.LEFT:
            return _("Chưa chấm")
        case WorkState.DRAFT:
            return _("Đang chấm")
        case WorkState.RETURNED:
            return _("Được trả lại")
        case WorkState.SEALED:
            return _("Đã nộp")
        case WorkState.RECUSED:
            return _("Không chấm")
    assert_never(state)


ALL = "all"
LOOK = {WorkState.DRAFT: "doing", WorkState.RETURNED: "warn", WorkState.SEALED: "done"}


def filter_name(queue: Queue, state: str) -> str:
    """A state with its count; ALL is every work."""
    if state == ALL:
        return _("Tất cả {count}").format(count=len(queue.works))
    return f"{state_name(WorkState(state))} {queue.count(WorkState(state))}"


def head(queue: Queue, locale: Locale) -> str:
    """How far the judge has come, and the work to go on with."""
    sealed, all_works = queue.count(WorkState.SEALED), len(queue.works) - queue.count(WorkState.RECUSED)
    told = _("Đã nộp {sealed} trên {all} phiếu").format(sealed=locale.count(sealed), all=locale.count(all_works))
    bar = f'<p class="judge-told">{escape(told)}</p><progress max="{max(all_works, 1)}" value="{sealed}"></progress>'
    following = queue.next if queue.closed is None else None
    if following is None:
        return f'<div class="judge-head"><div>{bar}</div></div>'
    verb = _("Bắt đầu chấm") if following.state is WorkState.LEFT else _("Chấm tiếp")
    name = f"{verb} {following.work.code}"
    link = f'<a class="judge-next" href="{_address(following)}">{escape(name)}</a>'
    return f'<div class="judge-head"><div>{bar}</div>{link}</div>'


def grid(contest: Contest, works: Iterable[QueuedWork], locale: Locale) -> str:
    """The works as cards; one the judge has withdrawn from leads nowhere."""
    return f'<ul class="judge-works">{"".join(_card(contest, queued, locale) for queued in works)}</ul>'


def _card(contest: Contest, queued: QueuedWork, locale: Locale) -> str:
    work, withdrawn = queued.work, queued.state is WorkState.RECUSED
    seconds = work.milliseconds // 1000
    duration = f'<span class="judge-length">{seconds // 60}:{seconds % 60:02d}</span>'
    poster = f'<img src="/poster/{quote(work.code, safe="")}" alt="" loading="lazy" width="320" height="180">'
    picture = f'<span class="judge-poster">{poster if work.has_poster and not withdrawn else ""}{duration}</span>'
    chip = f'<span class="judge-chip {LOOK.get(queued.state, "")}">{escape(state_name(queued.state))}</span>'
    by = f'<span class="judge-by">{escape(work.author)}</span>' if work.author else ""
    facts = f'<span class="judge-facts">{escape(" · ".join(_facts(contest, queued, locale)))}</span>'
    name = f'<span class="judge-name"><b>{escape(work.code)}</b> {escape(work.title)}</span>'
    inside = f'{picture}{name}{by}<span class="judge-line">{chip}{facts}</span>'
    return f"<li>{inside}</li>" if withdrawn else f'<li><a href="{_address(queued)}">{inside}</a></li>'


def _facts(contest: Contest, queued: QueuedWork, locale: Locale) -> Iterable[str]:
    if queued.state is WorkState.RECUSED:
        return
    if queued.given:
        yield _("{total} điểm").format(total=judge_sheets.total_points(contest, queued.total).localize(locale))
    if queued.state in {WorkState.DRAFT, WorkState.RETURNED} and queued.given < len(contest.criteria):
        yield _("{given}/{all} tiêu chí").format(given=queued.given, all=len(contest.criteria))
    if queued.watched_share:
        yield _("đã xem {percent}%").format(percent=queued.watched_share // 100)


def _address(queued: QueuedWork) -> str:
    return f"/marking?work={quote(queued.work.code, safe='')}"
