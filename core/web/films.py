"""Routes of films and posters: authorised, with byte ranges, streamed from disk (docs/security.md, Films)."""

from collections.abc import Callable
from pathlib import Path

import anyio.to_thread
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from core.desk import context
from core.desk.finals.film_proposals import proposed_film
from core.desk.judging import film_files
from core.desk.judging.film_access_log import FilmAccessLog
from core.desk.judging.film_files import FileReplaced
from core.desk.judging.judge_assignment import NoSuchWork
from core.desk.screening import submission_films
from core.rules.words import Refusal
from core.settings import settings
from core.web.http.responses import principal_of, refusal_response

HEADERS = {
    "cache-control": "private, no-store",
    "x-content-type-options": "nosniff",
    "content-security-policy": "sandbox; default-src 'none'; media-src 'self'",
    "cross-origin-resource-policy": "same-origin",
}
OWN_SITE = frozenset({"same-origin", "none"})  # accepted values of Sec-Fetch-Site; a missing header is accepted too
FILM_ACCESS_LOG = FilmAccessLog()
POSTERS = {".jpg": "image/jpeg", ".png": "image/png", ".webp": "image/webp"}


Found = Callable[..., Path]  # a function of `film_files`: the path of a work's file, if the principal may read it


def _no_such_copy(*_: object) -> Path:
    raise NoSuchWork


COPIES: dict[tuple[str, ...], Found] = {(): film_files.film, ("light",): film_files.light_film}  # by values of `copy`
SUBMISSION_COPIES: dict[tuple[str, ...], Found] = {
    (): submission_films.film,
    ("light",): submission_films.light_film,
}


class ForeignSite(Refusal):
    """The request for a film or poster comes from another site."""

    def __init__(self) -> None:
        super().__init__("Không phát tác phẩm trên trang khác.")


def routes() -> list[Route]:
    """The films and posters of works and of submissions."""
    return [
        Route("/video/{code}", film, methods=["GET"]),
        Route("/poster/{code}", poster, methods=["GET"]),
        Route("/submissions/{code}/film", submission_film, methods=["GET"]),
        Route("/submissions/{code}/poster", submission_poster, methods=["GET"]),
        Route("/proposed-films/{code}", film_of_proposal, methods=["GET"]),
    ]


async def film(request: Request) -> Response:
    """The film, or with `?copy=light` its light copy, for its judges and the organisers; 404 for everybody else.

    Records who opened it.
    """
    found = COPIES.get(tuple(request.query_params.getlist("copy")), _no_such_copy)
    answer = await _file(request, found, lambda _name: "video/mp4")
    if isinstance(answer, FileResponse):
        await anyio.to_thread.run_sync(_opened, request)
    return answer


async def poster(request: Request) -> Response:
    """The poster, for the same principals as the film."""
    return await _file(request, film_files.poster, _picture)


async def submission_film(request: Request) -> Response:
    """A submission's film, or with `?copy=light` its light copy, for screeners and the office. Records who opened it."""
    found = SUBMISSION_COPIES.get(tuple(request.query_params.getlist("copy")), _no_such_copy)
    answer = await _file(request, found, lambda _name: "video/mp4")
    if isinstance(answer, FileResponse):
        await anyio.to_thread.run_sync(_opened, request)
    return answer


async def submission_poster(request: Request) -> Response:
    """A submission's poster, for the same principals as its film."""
    return await _file(request, submission_films.poster, _picture)


async def film_of_proposal(request: Request) -> Response:
    """The film that is to replace a finalist's, by the finalist's judging code. Records who opened it."""
    answer = await _file(request, proposed_film, lambda _name: "video/mp4")
    if isinstance(answer, FileResponse):
        await anyio.to_thread.run_sync(_opened, request)
    return answer


def _picture(name: str) -> str:
    return POSTERS.get(Path(name).suffix, "application/octet-stream")


async def _file(request: Request, found: Found, kind: Callable[[str], str]) -> Response:
    if request.headers.get("sec-fetch-site", "none") not in OWN_SITE:
        return refusal_response(request, ForeignSite(), 403)
    try:
        path = await anyio.to_thread.run_sync(_path, request, found)
    except NoSuchWork as unknown:
        return refusal_response(request, unknown, 404)
    except FileReplaced as replaced:
        return refusal_response(request, replaced, 409)
    return FileResponse(path, media_type=kind(path.name), headers=HEADERS)


def _opened(request: Request) -> None:
    who = principal_of(request)
    if who is not None:
        FILM_ACCESS_LOG.note(context.store(), who, request.path_params["code"], context.now())


def _path(request: Request, found: Found) -> Path:
    return found(context.store(), principal_of(request), request.path_params["code"], settings().library)
