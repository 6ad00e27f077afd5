"""The marking sheet: one small page of our own and the routes it talks to. It decides nothing; the desk does."""

from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Any, TypeVar

import anyio.to_thread
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from core.desk import context
from core.desk.judging import judge_assignment, judge_queue, judge_sheets, recusals, watch_time
from core.desk.judging.sheet_refusals import BadFields, Incomplete, SheetIsSealed, StaleVersion
from core.rules.access import NotAllowed, Principal
from core.rules.words import Refusal, Unavailable
from core.web.assets import TEMPLATES
from core.web.http import request_json
from core.web.http.browser_storage import AnotherAccount, is_owner, owner_key
from core.web.http.responses import answered, language_of, locale_of, principal_of, refused, words_of
from core.web.sheet import sheet_document
from core.web.sheet.sheet_words import words

T = TypeVar("T")
INTERVALS = 64  # in one report of what was played
Answer = Callable[[Request], Awaitable[Response]]


def routes() -> list[Route]:
    """`/sheet/{code}` and `/api/sheet/{code}…`."""
    api = "/api/sheet/{code}"
    return [
        Route("/sheet/{code}", page, methods=["GET"]),
        Route(api, opened, methods=["GET"]),
        Route(api, changed, methods=["PATCH"]),
        Route(api + "/submit", submitted, methods=["POST"]),
        Route(api + "/watched", watched, methods=["POST"]),
        Route(api + "/notes", noted, methods=["POST"]),
        Route(api + "/notes/{note}", unnoted, methods=["DELETE"]),
        Route(api + "/recusal", recused, methods=["POST"]),
    ]


def _refusing(answer: Answer) -> Answer:
    """Turn the desk's refusals into JSON with the sentence and what the page needs to go on."""

    @wraps(answer)
    async def refusing(request: Request) -> Response:
        try:
            return await answer(request)
        except Refusal as refusal:
            status, facts = await _told(request, refusal)
            return refused(request, refusal, status, **facts)

    return refusing


async def _told(request: Request, refusal: Refusal) -> tuple[int, dict[str, Any]]:
    """The status of a refusal, and what the page needs to go on."""
    locale = locale_of(request)
    match refusal:
        case StaleVersion():
            contest = await _ask(lambda: context.contest(context.store()))
            return 409, {"sheet": sheet_document.stands(contest, refusal, locale)}
        case (
            SheetIsSealed()
            | judge_assignment.JudgingClosed()
            | judge_assignment.JudgingOver()
            | judge_assignment.JudgingNotYetOpen()
            | AnotherAccount()
        ):
            return 409, {"ended": True}
        case BadFields():
            return 422, {"fields": {name: sheet_document.by_field(why, locale) for name, why in refusal.fields.items()}}
        case Incomplete():
            return 422, {"missing": list(refusal.missing)}
    return (404 if isinstance(refusal, judge_assignment.NoSuchWork) else 422), {}


async def page(request: Request) -> Response:
    """The sheet itself."""
    locale, _ = locale_of(request), words_of(request)
    told = {"_": _, "language": language_of(request)}
    try:
        sheet = await _ask(lambda: _open(_who(request), _code(request)))
    except Unavailable:
        raise  # not this sheet's trouble: a page that comes back by itself says so (`core.web.http.unavailable`)
    except Refusal as refusal:
        status = 403 if isinstance(refusal, NotAllowed) else 404
        html = TEMPLATES.get_template("no_sheet.html").render(said=refusal.sentence.localize(locale), **told)
        return HTMLResponse(html, status)
    html = TEMPLATES.get_template("sheet.html").render(sheet=_document(request, sheet), words=words(_), **told)
    return HTMLResponse(html)


@_refusing
async def opened(request: Request) -> Response:
    """The sheet as the database holds it now."""
    sheet = await _ask(lambda: judge_queue.open_sheet(context.store(), _who(request), _code(request), context.now()))
    return answered(_document(request, sheet))


@_refusing
async def changed(request: Request) -> Response:
    """Keep a change: {"version": 3, "marks": {"ND": "8,5"}, "remarks": {"": "…"}}."""
    body = await request_json.document(request, "version", "marks", "remarks")
    change = judge_sheets.Change(request_json.texts(body["marks"]), request_json.texts(body["remarks"]))
    version = request_json.whole(body["version"])
    store = context.store()
    kept = await _ask(lambda: judge_sheets.save(store, _who(request), _code(request), change, version, context.now()))
    contest = await _ask(lambda: context.contest(store))
    return answered(sheet_document.saved(contest, kept, locale_of(request)))


@_refusing
async def submitted(request: Request) -> Response:
    """Seal the sheet: {"version": 3, "key": "…"}; the same key again is the same receipt."""
    body = await request_json.document(request, "version", "key")
    version, key = request_json.whole(body["version"]), request_json.text(body["key"])
    who, code = _who(request), _code(request)
    receipt = await _ask(lambda: judge_sheets.submit(context.store(), who, code, version, key, context.now()))
    return answered({"receipt": sheet_document.receipt(receipt, locale_of(request))})


@_refusing
async def watched(request: Request) -> Response:
    """Count what was played: {"played": [[0, 5000], …]} in milliseconds of the film."""
    played = request_json.pairs((await request_json.document(request, "played"))["played"], INTERVALS)
    who, code = _who(request), _code(request)
    share = await _ask(lambda: watch_time.report(context.store(), who, code, played, context.now()))
    return answered(sheet_document.watched(share))


@_refusing
async def noted(request: Request) -> Response:
    """Keep a note: {"at_ms": 90000, "text": "…"}."""
    body = await request_json.document(request, "at_ms", "text")
    at_ms, said = request_json.whole(body["at_ms"]), request_json.text(body["text"])
    who, code = _who(request), _code(request)
    note = await _ask(lambda: watch_time.add_note(context.store(), who, code, at_ms, said, context.now()))
    return answered(
        {"id": note.id, "at_ms": note.at_ms, "at": sheet_document.clock(note.at_ms), "text": note.text}, 201
    )


@_refusing
async def unnoted(request: Request) -> Response:
    """Remove a note of one's own."""
    note = request_json.digits(request.path_params["note"])
    who, code = _who(request), _code(request)
    await _ask(lambda: watch_time.remove_note(context.store(), who, code, note, context.now()))
    return answered({})


@_refusing
async def recused(request: Request) -> Response:
    """Withdraw from the work: {"reason": "…"}."""
    reason = request_json.text((await request_json.document(request, "reason"))["reason"])
    who, code = _who(request), _code(request)
    await _ask(lambda: recusals.declare(context.store(), who, code, reason, context.now()))
    return answered({})


def _document(request: Request, sheet: judge_queue.OpenSheet) -> sheet_document.Document:
    """What the page shows, with the key under which this judge's tab stores what is typed."""
    return {**sheet_document.opened(sheet, locale_of(request)), "owner": owner_key(_who(request))}


def _open(who: Principal, code: str) -> judge_queue.OpenSheet:
    """The sheet opened by a person: the time of the film begins to count."""
    store, now = context.store(), context.now()
    watch_time.begin(store, who, code, now)
    return judge_queue.open_sheet(store, who, code, now)


def _who(request: Request) -> Principal:
    who = principal_of(request)
    if who is None:
        raise NotAllowed
    if not is_owner(request, who):
        raise AnotherAccount
    return who


def _code(request: Request) -> str:
    code: str = request.path_params["code"]
    return code


async def _ask(question: Callable[[], T]) -> T:
    return await anyio.to_thread.run_sync(question)
