"""The routes of uploads: tus 1.0.0 with creation, termination, expiration and checksum. Films come in pieces of 32 MB.

A piece that was answered with 204 is on the disk. A client that lost its connection asks (HEAD) and goes on from there.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from functools import wraps

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from core.desk import context
from core.desk.channel import screenshots
from core.desk.uploads import upload_pieces, uploads
from core.desk.uploads.upload_pieces import PIECE_BYTES
from core.desk.uploads.upload_refusals import PieceTooLarge, UploadElsewhere, WrongOffset
from core.desk.uploads.uploads import Upload
from core.rules.words import Refusal
from core.settings import settings
from core.web.http.interrupts import on_stop
from core.web.http.responses import refusal_response
from core.web.uploads import tus
from core.web.uploads.holders import holder_of, upload_area
from core.web.uploads.receiving import Body, in_thread, receive_piece
from core.web.uploads.writers import Writers

COLLECTION, UPLOAD = "/uploads", "/uploads/{upload}"
OPEN = frozenset({COLLECTION, UPLOAD})  # authors have no account: their private link says who they are
STREAMED = frozenset({UPLOAD})  # the gate does not read these bodies
SWEEP_S = 3600.0
WRITERS = Writers()
Answer = Callable[[Request], Awaitable[Response]]
_log = logging.getLogger("judging-desk.uploads")


def _answering(answer: Answer) -> Answer:
    """Wrap a route: a Refusal becomes JSON with its status; every response has the headers of tus."""

    @wraps(answer)
    async def wrapped(request: Request) -> Response:
        try:
            response = await answer(request)
        except Refusal as refusal:
            response = refusal_response(request, refusal, tus.STATUSES.get(type(refusal), tus.REFUSED))
            if isinstance(refusal, WrongOffset):
                response.headers["upload-offset"] = str(refusal.kept)
            if isinstance(refusal, tus.WrongVersion):
                response.headers["tus-version"] = tus.VERSION
        response.headers.update(tus.ALWAYS)
        return response

    return wrapped


@_answering
async def options(_request: Request) -> Response:
    """What this server can do."""
    said = {
        "tus-version": tus.VERSION,
        "tus-extension": tus.EXTENSIONS,
        "tus-max-size": str(upload_area().most_bytes),
        "tus-checksum-algorithm": ",".join(upload_pieces.CHECKSUMS),
    }
    return Response(status_code=204, headers=said)


@_answering
async def create(request: Request) -> Response:
    """Begin an upload. The Location is a path: behind a proxy the server does not know its own address."""
    tus.require_version(request)
    declared, name, holder = tus.number(request, "upload-length"), tus.file_name(request), holder_of(request)
    begun = await in_thread(
        lambda: uploads.begin(context.store(), upload_area(), holder, declared, name, context.now())
    )
    return Response(status_code=201, headers={"location": f"{COLLECTION}/{begun.id}", **tus.progress(begun)})


@_answering
async def head(request: Request) -> Response:
    """How far an upload is. A request that still writes it, perhaps a dead one, first stores what it has."""
    tus.require_version(request)
    upload = await _find(request)
    if WRITERS.is_writing(upload.id):
        async with WRITERS.only(upload.id):
            upload = await _find(request)
    return Response(status_code=200, headers=tus.progress(upload))


@_answering
async def delete(request: Request) -> Response:
    """End an upload and remove its file."""
    tus.require_version(request)
    upload, holder = await _find(request), holder_of(request)
    async with WRITERS.only(upload.id):
        await in_thread(lambda: uploads.terminate(context.store(), upload_area(), holder, upload.id, context.now()))
    return Response(status_code=204)


@_answering
async def patch(request: Request) -> Response:
    """Receive one piece. A refused one is read to its end, so that its client reads the response."""
    on_stop(WRITERS.end_all, asyncio.get_running_loop())
    body = Body(request.receive)
    try:
        upload = await _receive(request, body)
    except (UploadElsewhere, tus.BrokenOff):
        raise
    except Refusal:
        await body.drain()
        raise
    return Response(status_code=204, headers=tus.progress(upload))


async def _receive(request: Request, body: Body) -> Upload:
    tus.require_version(request)
    if request.headers.get("content-type") != tus.PIECE_TYPE:
        raise tus.NotAPiece
    offset, checksum, holder = tus.number(request, "upload-offset"), tus.checksum(request), holder_of(request)
    if "content-length" in request.headers and tus.number(request, "content-length") > PIECE_BYTES:
        raise PieceTooLarge(PIECE_BYTES)
    upload_id = (await _find(request)).id
    async with WRITERS.only(upload_id) as leave:
        piece = await in_thread(
            lambda: upload_pieces.start(
                context.store(), upload_area(), holder, upload_id, offset, context.now(), checksum
            )
        )
        try:
            return await receive_piece(body, piece, leave)
        finally:
            await in_thread(piece.close)


async def _find(request: Request) -> Upload:
    holder, upload_id = holder_of(request), str(request.path_params["upload"])
    return await in_thread(lambda: uploads.find(context.store(), holder, upload_id, context.now()))


def routes() -> list[Route]:
    """The routes of this module."""
    return [
        Route(COLLECTION, options, methods=["OPTIONS"]),
        Route(COLLECTION, create, methods=["POST"]),
        Route(UPLOAD, options, methods=["OPTIONS"]),
        Route(UPLOAD, head, methods=["HEAD"]),
        Route(UPLOAD, patch, methods=["PATCH"]),
        Route(UPLOAD, delete, methods=["DELETE"]),
    ]


@asynccontextmanager
async def sweeping() -> AsyncIterator[None]:
    """Remove expired uploads, and screenshots that no reading names, at the start and every hour, within the block."""
    task = asyncio.create_task(_sweep())
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _sweep() -> None:
    while True:
        try:
            removed = await in_thread(lambda: uploads.sweep(context.store(), upload_area(), context.now()))
            if removed:
                _log.info("removed the files of %d unfinished uploads", removed)
            unsaved = await in_thread(lambda: screenshots.sweep(context.store(), settings().library, context.now()))
            if unsaved:
                _log.info("removed %d screenshots that no reading names", unsaved)
        except (Refusal, OSError):
            _log.warning("uploads or screenshots were not swept; trying again in an hour", exc_info=True)
        await asyncio.sleep(SWEEP_S)
