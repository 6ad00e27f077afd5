"""The public pages: the form for entering a work, and the page behind an author's private link.

The secret of a private link stands behind the `#` of its address, which no browser sends: it reaches the server in a
header, and no log.
"""

from typing import Any, TypeVar

import anyio
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from core import http_names
from core.desk import context
from core.desk.accounts.throttling import network
from core.desk.entries import entry_door, film_intake, registration, submission_views, submissions
from core.desk.entries.entry_refusals import TooManyFromHere, UnknownLink, UnknownSubmission
from core.desk.entries.film_intake import FilmRefused, Sent
from core.desk.entries.registration import Stranger
from core.desk.uploads.upload_refusals import NoSuchUpload, UploadGone
from core.rules.entries.form import FormRefused
from core.rules.words import Moment, Refusal
from core.settings import settings
from core.web.assets import TEMPLATES
from core.web.entry import entry_words
from core.web.entry.entry_json import form_of, view_json
from core.web.http import request_json
from core.web.http.responses import in_thread, json_response, language_of, locale_of, refusing
from core.web.uploads.holders import holder_of, upload_area
from core.web.uploads.upload_words import words as upload_words

T = TypeVar("T")
FORM, MINE = "/entry", "/entry/mine"
OPEN = frozenset(
    {
        FORM,
        MINE,
        "/api/entry",
        "/api/entry/mine",
        "/api/entry/mine/correct",
        "/api/entry/mine/film",
        "/api/entry/mine/resubmit",
        "/api/entry/mine/withdraw",
    }
)
FILM_CHECKS = anyio.CapacityLimiter(2)  # films looked at together: a hundred that come on the last evening wait in turn
LINKED = frozenset({FORM, MINE})  # pages that other sites link to


async def faults_of(request: Request, refusal: Refusal) -> tuple[int, dict[str, Any]]:
    """The status of a refusal, and each fault of a form with its field."""
    if isinstance(refusal, UnknownLink | UnknownSubmission | NoSuchUpload | UploadGone):
        return 404, {}
    if isinstance(refusal, TooManyFromHere):
        return 429, {}
    if isinstance(refusal, FilmRefused):
        film = [each.localize(locale_of(request)) for each in refusal.faults]
        return (409 if refusal.waits else 422), {"film": film, "waits": refusal.waits}
    if not isinstance(refusal, FormRefused):
        return 409, {}
    locale = locale_of(request)
    return 422, {"faults": [{"field": each.field, "what": each.what.localize(locale)} for each in refusal.faults]}


async def form_page(request: Request) -> Response:
    """The form for entering a work."""
    state = await in_thread(lambda: entry_door.form_state(context.store(), context.now()))
    return _page(request, "entry.html", state, notice=entry_words.closed_notice(state, locale_of(request)))


async def mine_page(request: Request) -> Response:
    """The page of one submission; its script reads the secret from the address."""
    state = await in_thread(lambda: entry_door.form_state(context.store(), context.now()))
    return _page(request, "entry_mine.html", state, kinds=entry_words.kinds(locale_of(request)))


def _page(request: Request, template: str, state: entry_door.FormState, **facts: object) -> Response:
    locale, contest = locale_of(request), state.contest
    window = contest.phases.submission if contest.phases is not None else None
    html = TEMPLATES.get_template(template).render(
        _=locale.translate, language=language_of(request).value, words={**entry_words.words(locale), "upload": upload_words(locale)}, contest=contest,
        terms=entry_words.terms(contest, locale), asks_code=state.asks_code, published=state.published, rules=contest.entries, languages=entry_words.LANGUAGES,
        links={key: name.localize(locale) for key, name in entry_words.LINK_NAMES.items()},
        closes=Moment(window.closes, seconds=False).localize(locale) if window else "", **facts,
    )  # fmt: skip
    return HTMLResponse(html, headers={"cache-control": "no-store"})


async def register(request: Request) -> Response:
    """Enter a work; answers with the receipt."""
    document = await request_json.document(request, "secret", "unit_code", "form")
    code = request_json.text(document["unit_code"])[:200]
    address = request.scope.get("state", {}).get("address", "")
    stranger = Stranger(request_json.text(document["secret"]), network(address), code)
    form = form_of(document["form"])
    done = await in_thread(lambda: registration.register_online(context.store(), stranger, form, context.now()))
    at = Moment(done.at).localize(locale_of(request))
    return json_response({"code": done.code, "at": at, "receipt": done.receipt})


async def mine(request: Request) -> Response:
    """The submission behind the private link."""
    secret = _secret(request)
    view = await in_thread(lambda: submission_views.of_author(context.store(), secret, context.now()))
    return json_response(view_json(view, locale_of(request)))


async def correct(request: Request) -> Response:
    """Correct one's form."""
    document, secret = await request_json.document(request, "version", "form"), _secret(request)
    version, form = request_json.whole(document["version"]), form_of(document["form"])
    await in_thread(lambda: submissions.author_correct(context.store(), secret, version, form, context.now()))
    return await mine(request)


async def withdraw(request: Request) -> Response:
    """Withdraw one's work."""
    document, secret = await request_json.document(request, "version"), _secret(request)
    version = request_json.whole(document["version"])
    await in_thread(lambda: submissions.author_withdraw(context.store(), secret, version, context.now()))
    return await mine(request)


async def resubmit(request: Request) -> Response:
    """Send one's completed work to be screened again."""
    document, secret = await request_json.document(request, "version"), _secret(request)
    version = request_json.whole(document["version"])
    await in_thread(lambda: submissions.author_resubmit(context.store(), secret, version, context.now()))
    return await mine(request)


async def give_film(request: Request) -> Response:
    """Take a complete upload as the film of one's submission."""
    document, secret = await request_json.document(request, "version", "upload"), _secret(request)
    version, upload = request_json.whole(document["version"]), request_json.text(document["upload"])
    sent = Sent(holder_of(request), upload[:64], version)
    await in_thread(
        lambda: film_intake.author_give_film(
            context.store(), upload_area(), settings().library, secret, sent, context.now()
        ),
        FILM_CHECKS,
    )
    return await mine(request)


def routes() -> list[Route]:
    """The routes of this module."""
    return [
        Route(FORM, form_page),
        Route(MINE, mine_page),
        Route("/api/entry", refusing(register, faults_of), methods=["POST"]),
        Route("/api/entry/mine", refusing(mine, faults_of)),
        Route("/api/entry/mine/correct", refusing(correct, faults_of), methods=["POST"]),
        Route("/api/entry/mine/film", refusing(give_film, faults_of), methods=["POST"]),
        Route("/api/entry/mine/resubmit", refusing(resubmit, faults_of), methods=["POST"]),
        Route("/api/entry/mine/withdraw", refusing(withdraw, faults_of), methods=["POST"]),
    ]


def _secret(request: Request) -> str:
    return request.headers.get(http_names.ENTRY_LINK_HEADER, "")
