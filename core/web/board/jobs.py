"""The page of background jobs, framed by `pages/secretary/jobs.py`: its event stream, and its buttons' requests."""

from collections.abc import Callable
from functools import cache
from typing import TypeVar

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from core.desk import context
from core.desk.background import background_jobs
from core.desk.background.background_jobs import JobLine
from core.live.channel import Subscriber
from core.live.snapshot import Json, Snapshot
from core.live.watcher import Watcher
from core.rules.access import NotAllowed, Principal
from core.rules.permissions import may_manage_jobs
from core.rules.words import Language, Locale, Moment, Number, Sentence
from core.settings import settings
from core.speech import locale
from core.web.board import board_words
from core.web.http import request_json
from core.web.http.browser_storage import owner_key
from core.web.http.event_stream import EventStream
from core.web.http.responses import (
    closed_page,
    html_page,
    in_thread,
    json_response,
    language_of,
    locale_of,
    member_of,
    principal_of,
    refusal_response,
    refusing,
)

T = TypeVar("T")


class JobStream:
    """The source that the watcher reads: every job's line, by language. It reads the database at every poll."""

    def __init__(self) -> None:
        self.watcher = Watcher(self)
        self._snapshots: dict[Language, Snapshot] = {}

    def catch_up(self) -> None:
        """Nothing: each snapshot is read by itself."""

    def snapshot(self, view: object) -> Snapshot:
        """The jobs in the language `view`. The revision rises with every change that a reader sees."""
        assert isinstance(view, Language)
        lines = background_jobs.lines(context.store(), view)
        order = tuple(str(line.id) for line in lines)
        rows = {str(line.id): row(line, locale(view)) for line in lines}
        last = self._snapshots.get(view)
        if last is None or (last.order, last.rows) != (order, rows):
            head = {"living": sum(line.living for line in lines), "bad": sum(not line.good for line in lines)}
            last = Snapshot(last.revision + 1 if last else 1, head, order, rows)
            self._snapshots[view] = last
        return last


@cache
def job_stream() -> JobStream:
    """The one JobStream of this process."""
    return JobStream()


def row(line: JobLine, locale: Locale) -> dict[str, Json]:
    """One job as the page's script shows it."""
    return {
        "title": line.title.localize(locale),
        "subject": line.subject,
        "state": line.state.value,
        "stateName": _state_name(line).localize(locale),
        "progress": line.progress,
        "report": line.report,
        "asks": line.asks,
        "attempts": line.attempts,
        "ended": Moment(line.ended_at).localize(locale) if line.ended_at else "",
        "living": line.living,
        "cancelling": line.cancelling,
        "good": line.good,
    }


def _state_name(line: JobLine) -> Sentence:
    return Sentence("Đang hủy") if line.cancelling else background_jobs.STATE_NAMES[line.state]


def words(locale: Locale) -> dict[str, object]:
    """The texts of the page's script."""
    _ = locale.translate
    return {
        "states": board_words.lines(locale) | {"live": _("Trực tiếp")},
        "empty": _("Chưa có việc chạy nền nào. Bấm “Kiểm tra mọi phim” để kiểm tra các phim trong thư viện."),
        "cancel": _("Hủy"),
        "retry": _("Chạy lại"),
        "about": _("{act}: {title}, {subject}"),
        "attempts": _("lần thử thứ {attempts}"),
        "more": _("Kết quả từng quy định ({count})"),
        "living": _("{living} việc đang chờ hoặc đang chạy"),
        "bad": _("{bad} việc cần xem lại"),
        "still": _("Không có việc nào đang chờ hay đang chạy"),
        "failed": _("Không gửi được yêu cầu; hãy thử lại."),
    }


async def page(request: Request) -> Response:
    """The list of jobs."""
    who = principal_of(request)
    if who is None or not may_manage_jobs(who):
        return closed_page(request, NotAllowed().sentence)
    spoken = locale_of(request)
    return html_page(request, "jobs.html", words=words(spoken), owner=owner_key(who))


async def live_jobs(request: Request) -> Response:
    """The stream of the jobs: their states and progress as they change."""
    who = principal_of(request)
    if who is None or not may_manage_jobs(who):
        return refusal_response(request, NotAllowed())
    return EventStream(job_stream().watcher, language_of(request), Subscriber())


@refusing
async def check_films(request: Request) -> Response:
    """Request a check of every film."""
    await request_json.document(request)
    who = member_of(request)
    count = await in_thread(
        lambda: background_jobs.request_film_checks(context.store(), who, settings().library, context.now())
    )
    said = Sentence("Đã yêu cầu kiểm tra {count} phim.", {"count": Number(count)})
    none = Sentence("Mọi phim đều đang được kiểm tra, hoặc chưa có phim nào.")
    return json_response({"done": (said if count else none).localize(locale_of(request))})


@refusing
async def copy_films(request: Request) -> Response:
    """Request the copies that films lack."""
    await request_json.document(request)
    who, library = member_of(request), settings().library
    count = await in_thread(lambda: background_jobs.request_film_copies(context.store(), who, library, context.now()))
    said = Sentence("Đã yêu cầu làm bản sao cho {count} phim.", {"count": Number(count)})
    none = Sentence("Mọi phim đều đã có bản nhẹ hoặc đang được làm, hoặc chưa có phim nào.")
    return json_response({"done": (said if count else none).localize(locale_of(request))})


@refusing
async def cancel(request: Request) -> Response:
    """Cancel a job."""

    def act(who: Principal, job: int) -> None:
        background_jobs.cancel(context.store(), who, job, context.now())

    return await _change(request, act, Sentence("Đã yêu cầu hủy."))


@refusing
async def retry(request: Request) -> Response:
    """Request an ended job again."""

    def act(who: Principal, job: int) -> None:
        background_jobs.retry(context.store(), who, job, context.now())

    return await _change(request, act, Sentence("Đã xếp việc vào hàng chờ."))


async def _change(request: Request, act: Callable[[Principal, int], None], done: Sentence) -> Response:
    """Do `act` to the job in the path, as the principal of the request, and answer with `done`."""
    await request_json.document(request)
    who, job = member_of(request), request_json.digits(request.path_params["job"])
    await in_thread(lambda: act(who, job))
    return json_response({"done": done.localize(locale_of(request))})


def routes() -> list[Route]:
    """The routes of this module."""
    return [
        Route("/board/jobs", page),
        Route("/live/jobs", live_jobs),
        Route("/api/jobs/film-checks", check_films, methods=["POST"]),
        Route("/api/jobs/film-copies", copy_films, methods=["POST"]),
        Route("/api/jobs/{job}/cancel", cancel, methods=["POST"]),
        Route("/api/jobs/{job}/retry", retry, methods=["POST"]),
    ]
