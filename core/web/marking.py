"""The marking sheet: one small page of our own and the routes it talks to. It decides nothing; the desk does."""

from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Any, TypeVar

import anyio.to_thread
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from core.desk import house, judging, recusing, seats, viewing, watching
from core.desk.sheet_refusals import BadFields, Incomplete, SheetIsSealed, StaleVersion
from core.rules.access import NotAllowed, Principal
from core.rules.words import Refusal, Unavailable
from core.web import asked, sheet_document
from core.web.answers import answered, language_of, principal_of, refused, tongue_of, words_of
from core.web.assets import TEMPLATES
from core.web.browser_storage import AnotherAccount, is_owner, owner_key
from core.web.sheet_words import words

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
    tongue = tongue_of(request)
    match refusal:
        case StaleVersion():
            contest = await _ask(lambda: house.contest(house.store()))
            return 409, {"sheet": sheet_document.stands(contest, refusal, tongue)}
        case (
            SheetIsSealed() | seats.JudgingClosed() | seats.JudgingOver() | seats.JudgingNotYetOpen() | AnotherAccount()
        ):
            return 409, {"ended": True}
        case BadFields():
            return 422, {"fields": {name: sheet_document.by_field(why, tongue) for name, why in refusal.fields.items()}}
        case Incomplete():
            return 422, {"missing": list(refusal.missing)}
    return (404 if isinstance(refusal, seats.NoSuchWork) else 422), {}


async def page(request: Request) -> Response:
    """The sheet itself."""
    tongue, _ = tongue_of(request), words_of(request)
    told = {"_": _, "language": language_of(request)}
    try:
        sheet = await _ask(lambda: _open(_who(request), _code(request)))
    except Unavailable:
        raise  # not this sheet's trouble: a page that comes back by itself says so (`core.web.away`)
    except Refusal as refusal:
        status = 403 if isinstance(refusal, NotAllowed) else 404
        html = TEMPLATES.get_template("no_sheet.html").render(said=refusal.sentence.said(tongue), **told)
        return HTMLResponse(html, status)
    html = TEMPLATES.get_template("sheet.html").render(sheet=_document(request, sheet), words=words(_), **told)
    return HTMLResponse(html)


@_refusing
async def opened(request: Request) -> Response:
    """The sheet as the database holds it now."""
    sheet = await _ask(lambda: viewing.open_sheet(house.store(), _who(request), _code(request), house.now()))
    return answered(_document(request, sheet))


@_refusing
async def changed(request: Request) -> Response:
    """Keep a change: {"version": 3, "marks": {"ND": "8,5"}, "remarks": {"": "…"}}."""
    body = await asked.document(request, "version", "marks", "remarks")
    change = judging.Change(asked.texts(body["marks"]), asked.texts(body["remarks"]))
    version = asked.whole(body["version"])
    store = house.store()
    kept = await _ask(lambda: judging.save(store, _who(request), _code(request), change, version, house.now()))
    contest = await _ask(lambda: house.contest(store))
    return answered(sheet_document.saved(contest, kept, tongue_of(request)))


@_refusing
async def submitted(request: Request) -> Response:
    """Seal the sheet: {"version": 3, "key": "…"}; the same key again is the same receipt."""
    body = await asked.document(request, "version", "key")
    version, key = asked.whole(body["version"]), asked.text(body["key"])
    who, code = _who(request), _code(request)
    receipt = await _ask(lambda: judging.submit(house.store(), who, code, version, key, house.now()))
    return answered({"receipt": sheet_document.receipt(receipt, tongue_of(request))})


@_refusing
async def watched(request: Request) -> Response:
    """Count what was played: {"played": [[0, 5000], …]} in milliseconds of the film."""
    played = asked.pairs((await asked.document(request, "played"))["played"], INTERVALS)
    who, code = _who(request), _code(request)
    share = await _ask(lambda: watching.report(house.store(), who, code, played, house.now()))
    return answered(sheet_document.watched(share))


@_refusing
async def noted(request: Request) -> Response:
    """Keep a note: {"at_ms": 90000, "text": "…"}."""
    body = await asked.document(request, "at_ms", "text")
    at_ms, said = asked.whole(body["at_ms"]), asked.text(body["text"])
    who, code = _who(request), _code(request)
    note = await _ask(lambda: watching.add_note(house.store(), who, code, at_ms, said, house.now()))
    return answered(
        {"id": note.id, "at_ms": note.at_ms, "at": sheet_document.clock(note.at_ms), "text": note.text}, 201
    )


@_refusing
async def unnoted(request: Request) -> Response:
    """Remove a note of one's own."""
    note = asked.digits(request.path_params["note"])
    who, code = _who(request), _code(request)
    await _ask(lambda: watching.remove_note(house.store(), who, code, note, house.now()))
    return answered({})


@_refusing
async def recused(request: Request) -> Response:
    """Withdraw from the work: {"reason": "…"}."""
    reason = asked.text((await asked.document(request, "reason"))["reason"])
    who, code = _who(request), _code(request)
    await _ask(lambda: recusing.declare(house.store(), who, code, reason, house.now()))
    return answered({})


def _document(request: Request, sheet: viewing.OpenSheet) -> sheet_document.Document:
    """What the page shows, with the key under which this judge's tab stores what is typed."""
    return {**sheet_document.opened(sheet, tongue_of(request)), "owner": owner_key(_who(request))}


def _open(who: Principal, code: str) -> viewing.OpenSheet:
    """The sheet opened by a person: the time of the film begins to count."""
    store, now = house.store(), house.now()
    watching.begin(store, who, code, now)
    return viewing.open_sheet(store, who, code, now)


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
