"""Templates, scripts and styles of our own pages.

Pages link to scripts and styles under a URL prefix with one common fingerprint, and these files link to each other by
relative URLs. So after an upgrade no browser mixes an old cached file with a new one. Only the fonts have a fixed URL,
so that an upgrade does not download them again; a font that changes must get a new file name.
"""

import gzip
import hashlib
from collections.abc import Iterable
from functools import cache
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

import anyio.to_thread
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

STATIC = Path(__file__).parent / "static"
FOREVER, FOR_A_DAY, ASK_FIRST = "public, max-age=31536000, immutable", "public, max-age=86400", "no-cache"


def named() -> list[Path]:
    """The files that pages link to: our scripts, styles and icon, and Plotly's script from the installed package."""
    ours = sorted(path for path in STATIC.iterdir() if path.suffix in {".js", ".css", ".svg"})
    plotlys = distribution("plotly").locate_file("plotly/package_data/plotly.min.js")  # plotly itself is not imported
    return [*ours, Path(str(plotlys))]


def address(files: Iterable[Path]) -> str:
    """The URL prefix of these files: the first 12 hex digits of a SHA-256 over all of them, in the given order."""
    digest = hashlib.sha256()
    for path in files:
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return f"/assets/{digest.hexdigest()[:12]}"


HERE = address(named())
TEMPLATES = Environment(
    loader=FileSystemLoader(STATIC.with_name("templates")),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
TEMPLATES.globals["assets"] = HERE


class CachedFiles(StaticFiles):
    """Static files with a fixed Cache-Control header."""

    def __init__(self, directory: Path, cache_control: str) -> None:
        super().__init__(directory=directory)
        self.cache_control = cache_control

    def file_response(self, *args: Any, **kwargs: Any) -> Response:
        """The file, or a 304 response when it has not changed, with the Cache-Control header set."""
        response = super().file_response(*args, **kwargs)
        response.headers["cache-control"] = self.cache_control
        return response


def routes() -> list[BaseRoute]:
    """Routes of the static files, by how long they are cached.

    Under the fingerprint: cached for a year. Fonts: for a day. Every file under its plain name: revalidated each time.
    """
    fingerprinted = [Route("/plotly.min.js", plotly), Mount("/", CachedFiles(STATIC, FOREVER))]
    fonts = Mount("/assets/fonts", CachedFiles(STATIC / "fonts", FOR_A_DAY))
    return [Mount(HERE, routes=fingerprinted), fonts, Mount("/assets", CachedFiles(STATIC, ASK_FIRST))]


async def plotly(request: Request) -> Response:
    """Plotly's script, compressed with gzip once per process. 406 for clients that do not accept gzip."""
    if "gzip" not in request.headers.get("accept-encoding", ""):
        return PlainTextResponse("gzip", status_code=406)
    compressed = await anyio.to_thread.run_sync(_compressed_plotly)
    headers = {"content-encoding": "gzip", "cache-control": FOREVER, "vary": "accept-encoding"}
    return Response(compressed, media_type="text/javascript", headers=headers)


@cache
def _compressed_plotly() -> bytes:
    return gzip.compress(named()[-1].read_bytes(), compresslevel=6)
