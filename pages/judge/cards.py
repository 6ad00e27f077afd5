"""HTML of a judge's works as cards with poster, name and state. All text that people typed is escaped."""

from collections.abc import Iterable
from html import escape
from urllib.parse import quote

from core.desk.judging import judge_sheets
from core.desk.judging.judge_queue import Queue, QueuedWork
from core.rules.contest import Contest
from core.rules.judging.sheet_state import SHEET_STATES, SheetState
from core.rules.words import Locale, film_time
from pages.kit.i18n import _, localized


def state_name(state: SheetState) -> str:
    """The state's name in the visitor's language."""
    return localized(SHEET_STATES[state].name)


ALL = "all"


def filter_name(queue: Queue, state: str) -> str:
    """The label of a filter: the state (or ALL) with its number of works."""
    if state == ALL:
        return _("Tất cả {count}").format(count=len(queue.works))
    return f"{state_name(SheetState(state))} {queue.count(SheetState(state))}"


def progress_header(queue: Queue, locale: Locale) -> str:
    """HTML of the judge's progress, with a link to the next work while the round is open."""
    sealed, all_works = queue.count(SheetState.SEALED), len(queue.works) - queue.count(SheetState.RECUSED)
    text = _("Đã nộp {sealed} trên {all} phiếu").format(sealed=locale.count(sealed), all=locale.count(all_works))
    bar = f'<p class="judge-count">{escape(text)}</p><progress max="{max(all_works, 1)}" value="{sealed}"></progress>'
    following = queue.next if queue.closed is None else None
    if following is None:
        return f'<div class="judge-head"><div>{bar}</div></div>'
    verb = _("Bắt đầu chấm") if following.state is SheetState.NONE else _("Chấm tiếp")
    name = f"{verb} {following.work.code}"
    link = f'<a class="judge-next" href="{_address(following)}">{escape(name)}</a>'
    return f'<div class="judge-head"><div>{bar}</div>{link}</div>'


def card_grid(contest: Contest, works: Iterable[QueuedWork], locale: Locale) -> str:
    """HTML of the works as cards. The card of a work from which the judge has withdrawn is not a link."""
    return f'<ul class="judge-works">{"".join(_card(contest, queued, locale) for queued in works)}</ul>'


def _card(contest: Contest, queued: QueuedWork, locale: Locale) -> str:
    work, withdrawn = queued.work, queued.state is SheetState.RECUSED
    duration = f'<span class="judge-duration">{film_time(work.milliseconds)}</span>'
    poster = f'<img src="/poster/{quote(work.code, safe="")}" alt="" loading="lazy" width="320" height="180">'
    picture = f'<span class="judge-poster">{poster if work.has_poster and not withdrawn else ""}{duration}</span>'
    chip = f'<span class="judge-chip {SHEET_STATES[queued.state].tone}">{escape(state_name(queued.state))}</span>'
    by = f'<span class="judge-author">{escape(work.author)}</span>' if work.author else ""
    facts = f'<span class="judge-facts">{escape(" · ".join(_facts(contest, queued, locale)))}</span>'
    name = f'<span class="judge-name"><b>{escape(work.code)}</b> {escape(work.title)}</span>'
    content = f'{picture}{name}{by}<span class="judge-state">{chip}{facts}</span>'
    return f"<li>{content}</li>" if withdrawn else f'<li><a href="{_address(queued)}">{content}</a></li>'


def _facts(contest: Contest, queued: QueuedWork, locale: Locale) -> Iterable[str]:
    if queued.state is SheetState.RECUSED:
        return
    if queued.given:
        yield _("{total} điểm").format(total=judge_sheets.total_points(contest, queued.total).localize(locale))
    if queued.state in {SheetState.DRAFT, SheetState.RETURNED} and queued.given < len(contest.criteria):
        yield _("{given}/{all} tiêu chí").format(given=queued.given, all=len(contest.criteria))
    if queued.watched_share:
        yield _("đã xem {percent}%").format(percent=queued.watched_share // 100)


def _address(queued: QueuedWork) -> str:
    return f"/marking?work={quote(queued.work.code, safe='')}"
