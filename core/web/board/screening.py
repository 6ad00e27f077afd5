"""The screeners' page, framed by `pages/secretary/screening.py`: the queue, one work with its film, and the verdict."""

from typing import Any, TypeVar

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from core.desk import context
from core.desk.entries.entry_refusals import UnknownSubmission
from core.desk.screening import screening_queue, verdicts
from core.desk.screening.screening_access import NotYours
from core.rules.access import NotAllowed, Principal
from core.rules.entries.screening import MOST_MARK, VERDICT_NAMES, Answer, Judgement, Verdict, WrongMark
from core.rules.entries.states import MOVES, STATE_NAMES
from core.rules.permissions import may_see_the_screening
from core.rules.words import Locale, Refusal, Sentence, film_time
from core.web.http import request_json
from core.web.http.browser_storage import owner_key
from core.web.http.request_json import BadRequest
from core.web.http.responses import (
    closed_page,
    html_page,
    in_thread,
    json_response,
    language_of,
    locale_of,
    member_of,
    principal_of,
    refusing,
)

T = TypeVar("T")
WAITS_FOR_OTHERS = Sentence("Đã ghi đánh giá. Tác phẩm còn chờ người sơ loại khác.")
DECIDED = Sentence("Đã ghi đánh giá. Kết quả sơ loại: {result}.")


async def page(request: Request) -> Response:
    """The queue; with `?work=` one work."""
    who = principal_of(request)
    if who is None or not may_see_the_screening(who):
        return closed_page(request, NotAllowed().sentence)
    code, language = request.query_params.get("work"), language_of(request)
    try:
        if code is not None:
            work = await in_thread(lambda: screening_queue.opened(context.store(), who, code, language))
            return _page(request, who, "screening_work.html", work=work)
    except (UnknownSubmission, NotYours) as refused:
        return await _list(request, who, refused)
    return await _list(request, who, None)


async def _list(request: Request, who: Principal, refused: Refusal | None) -> Response:
    queue = await in_thread(lambda: screening_queue.queue(context.store(), who, context.now()))
    return _page(request, who, "screening.html", queue=queue, refused=refused.sentence if refused else None)


@refusing
async def give(request: Request) -> Response:
    """Give a verdict about the revision that the page showed."""
    sent = await request_json.document(request, "revision", "verdict", "points", "answers", "reason", "names_author")
    who, code, said = member_of(request), request.path_params["code"], _judgement(sent)
    revision = request_json.whole(sent["revision"])
    outcome = await in_thread(lambda: verdicts.give(context.store(), who, code, revision, said, context.now()))
    done = WAITS_FOR_OTHERS
    if outcome is not None:
        done = Sentence(DECIDED.text, {"result": STATE_NAMES[MOVES[outcome.move].target]})
    return json_response({"done": done.localize(locale_of(request))})


@refusing
async def recuse(request: Request) -> Response:
    """Leave a work to other screeners."""
    sent = await request_json.document(request, "reason")
    who, code, reason = member_of(request), request.path_params["code"], request_json.text(sent["reason"])
    await in_thread(lambda: verdicts.recuse(context.store(), who, code, reason, context.now()))
    done = Sentence("Tác phẩm này được chuyển cho người sơ loại khác.")
    return json_response({"done": done.localize(locale_of(request))})


def _judgement(sent: dict[str, Any]) -> Judgement:
    """The verdict in a request. Raises BadRequest for anything that our page does not send, WrongMark."""
    answers = request_json.texts(sent["answers"])
    if sent["verdict"] not in tuple(Verdict) or not set(answers.values()) <= set(Answer):
        raise BadRequest
    names_author = request_json.flag(sent["names_author"])
    verdict = Verdict(sent["verdict"])
    points = _points(request_json.text(sent["points"])) if verdict is Verdict.MARK else None
    reason = request_json.text(sent["reason"])
    return Judgement(verdict, {key: Answer(each) for key, each in answers.items()}, reason, points, names_author)


def _points(typed: str) -> int:
    """A mark as typed, "62,5" or "62.5", in hundredths. Raises WrongMark."""
    whole, _, part = typed.strip().replace(",", ".").partition(".")
    if not (whole.isascii() and whole.isdigit() and len(whole) <= 3 and part in {"", "0", "5", "00", "50"}):
        raise WrongMark
    points = int(whole) * 100 + (50 if part.startswith("5") else 0)
    if points > MOST_MARK:
        raise WrongMark
    return points


def words(locale: Locale) -> dict[str, object]:
    """The texts of the page's script."""
    _ = locale.translate
    return {
        "failed": _("Không gửi được yêu cầu; hãy thử lại."),
        "choose": _("Hãy chọn kết quả."),
        "noFilm": _("Không phát được phim; hãy tải lại trang."),
    }


def routes() -> list[Route]:
    """The routes of this module."""
    return [
        Route("/board/screening", page),
        Route("/api/screening/{code}/verdict", give, methods=["POST"]),
        Route("/api/screening/{code}/recusal", recuse, methods=["POST"]),
    ]


def _page(request: Request, who: Principal, name: str, **facts: object) -> Response:
    spoken = locale_of(request)
    return html_page(
        request, name, say=lambda sentence: sentence.localize(spoken), film_time=film_time, states=STATE_NAMES,
        verdict_names=VERDICT_NAMES, words=words(spoken), owner=owner_key(who),
        **facts,
    )  # fmt: skip
