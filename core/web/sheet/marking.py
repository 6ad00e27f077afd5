"""The marking sheet: a page of our own and its JSON routes. All rules are checked in `core.desk`."""

from functools import partial
from typing import Any, TypeVar

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from core.desk import context
from core.desk.judging import judge_assignment, judge_queue, judge_sheets, recusals, watch_time
from core.desk.judging.sheet_refusals import BadFields, Incomplete, SheetIsSealed, StaleVersion
from core.desk.printed_marks import receipt_mark
from core.rules.access import NotAllowed, Principal
from core.rules.judging.sheet_state import SHEET_STATES
from core.rules.words import Refusal, Unavailable, film_time
from core.web.assets import TEMPLATES
from core.web.http import request_json
from core.web.http.browser_storage import AnotherAccount, is_owner, owner_key
from core.web.http.responses import in_thread, json_response, language_of, locale_of, member_of, refusing
from core.web.sheet import sheet_document
from core.web.sheet.sheet_words import words

T = TypeVar("T")
INTERVALS = 64  # played intervals accepted in one report


def routes() -> list[Route]:
    """`/sheet/{code}` and `/api/sheet/{code}…`."""
    api = "/api/sheet/{code}"
    return [
        Route("/sheet/{code}", page, methods=["GET"]),
        Route(api, read_sheet, methods=["GET"]),
        Route(api, save_sheet, methods=["PATCH"]),
        Route(api + "/submit", submit_sheet, methods=["POST"]),
        Route(api + "/watched", report_watched, methods=["POST"]),
        Route(api + "/notes", add_note, methods=["POST"]),
        Route(api + "/notes/{note}", remove_note, methods=["DELETE"]),
        Route(api + "/recusal", recuse, methods=["POST"]),
    ]


async def _refusal_details(request: Request, refusal: Refusal) -> tuple[int, dict[str, Any]]:
    """The status for a refusal, and the data the page needs to continue."""
    locale = locale_of(request)
    match refusal:
        case StaleVersion():
            contest = await in_thread(lambda: context.contest(context.store()))
            return 409, {"sheet": sheet_document.current(contest, refusal, locale)}
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


_refusing = partial(refusing, details=_refusal_details)


async def page(request: Request) -> Response:
    """The page of one sheet. Opening it starts the measurement of watch time."""
    locale = locale_of(request)
    template_values = {"_": locale.translate, "language": language_of(request)}
    try:
        sheet = await in_thread(lambda: _open(_who(request), _code(request)))
    except Unavailable:
        raise  # handled by `core.web.http.unavailable`: a page that reloads itself
    except Refusal as refusal:
        status = 403 if isinstance(refusal, NotAllowed) else 404
        html = TEMPLATES.get_template("no_sheet.html").render(
            message=refusal.sentence.localize(locale), **template_values
        )
        return HTMLResponse(html, status)
    html = TEMPLATES.get_template("sheet.html").render(
        sheet=_document(request, sheet),
        state=SHEET_STATES[sheet.state],
        locale=locale,
        words=words(locale),
        mark=receipt_mark(sheet.receipt.text) if sheet.receipt else None,
        **template_values,
    )
    return HTMLResponse(html)


@_refusing
async def read_sheet(request: Request) -> Response:
    """The sheet as it is stored now."""
    sheet = await in_thread(
        lambda: judge_queue.open_sheet(context.store(), _who(request), _code(request), context.now())
    )
    return json_response(_document(request, sheet))


@_refusing
async def save_sheet(request: Request) -> Response:
    """Save a change: {"version": 3, "marks": {"ND": "8,5"}, "remarks": {"": "…"}}."""
    body = await request_json.document(request, "version", "marks", "remarks")
    change = judge_sheets.Change(request_json.texts(body["marks"]), request_json.texts(body["remarks"]))
    version = request_json.whole(body["version"])
    store = context.store()
    saved_sheet = await in_thread(
        lambda: judge_sheets.save(store, _who(request), _code(request), change, version, context.now())
    )
    contest = await in_thread(lambda: context.contest(store))
    return json_response(sheet_document.saved(contest, saved_sheet, locale_of(request)))


@_refusing
async def submit_sheet(request: Request) -> Response:
    """Submit the sheet: {"version": 3, "key": "…"}. A retry with the same key returns the same receipt."""
    body = await request_json.document(request, "version", "key")
    version, key = request_json.whole(body["version"]), request_json.text(body["key"])
    who, code = _who(request), _code(request)
    receipt = await in_thread(lambda: judge_sheets.submit(context.store(), who, code, version, key, context.now()))
    return json_response({"receipt": sheet_document.receipt(receipt, locale_of(request))})


@_refusing
async def report_watched(request: Request) -> Response:
    """Add played intervals to the watch time: {"played": [[0, 5000], …]} in milliseconds of the film."""
    played = request_json.pairs((await request_json.document(request, "played"))["played"], INTERVALS)
    who, code = _who(request), _code(request)
    share = await in_thread(lambda: watch_time.report(context.store(), who, code, played, context.now()))
    return json_response(sheet_document.watched(share))


@_refusing
async def add_note(request: Request) -> Response:
    """Save a note: {"at_ms": 90000, "text": "…"}."""
    body = await request_json.document(request, "at_ms", "text")
    at_ms, text = request_json.whole(body["at_ms"]), request_json.text(body["text"])
    who, code = _who(request), _code(request)
    note = await in_thread(lambda: watch_time.add_note(context.store(), who, code, at_ms, text, context.now()))
    return json_response({"id": note.id, "at_ms": note.at_ms, "at": film_time(note.at_ms), "text": note.text}, 201)


@_refusing
async def remove_note(request: Request) -> Response:
    """Remove one of the judge's own notes."""
    note = request_json.digits(request.path_params["note"])
    who, code = _who(request), _code(request)
    await in_thread(lambda: watch_time.remove_note(context.store(), who, code, note, context.now()))
    return json_response({})


@_refusing
async def recuse(request: Request) -> Response:
    """Recuse the judge from the work: {"reason": "…"}."""
    reason = request_json.text((await request_json.document(request, "reason"))["reason"])
    who, code = _who(request), _code(request)
    await in_thread(lambda: recusals.declare(context.store(), who, code, reason, context.now()))
    return json_response({})


def _document(request: Request, sheet: judge_queue.OpenSheet) -> sheet_document.Document:
    """The page's data, with the owner key under which the browser tab stores unsaved input."""
    return {**sheet_document.opened(sheet, locale_of(request)), "owner": owner_key(_who(request))}


def _open(who: Principal, code: str) -> judge_queue.OpenSheet:
    """Start the measurement of watch time and read the sheet."""
    store, now = context.store(), context.now()
    watch_time.begin(store, who, code, now)
    return judge_queue.open_sheet(store, who, code, now)


def _who(request: Request) -> Principal:
    who = member_of(request)
    if not is_owner(request, who):
        raise AnotherAccount
    return who


def _code(request: Request) -> str:
    code: str = request.path_params["code"]
    return code
