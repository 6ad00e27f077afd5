"""What our own small pages are made of: templates, scripts, styles.

A page names its scripts and styles under their common fingerprint, and they name one another beside themselves: after an
upgrade no browser puts an old file from its cache beside a new one. Only the faces keep one plain address, so that an
upgrade does not send them anew; a face that changes takes another name.
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
    """The files that pages name: our scripts, styles and seal, and Plotly's own script from the installed package."""
    ours = sorted(path for path in STATIC.iterdir() if path.suffix in {".js", ".css", ".svg"})
    plotlys = distribution("plotly").locate_file("plotly/package_data/plotly.min.js")  # nothing of it is imported
    return [*ours, Path(str(plotlys))]


def address(files: Iterable[Path]) -> str:
    """Where these files lie: one changed byte, another address for all of them."""
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


class Kept(StaticFiles):
    """Files, and how long a browser may keep them unasked."""

    def __init__(self, directory: Path, keep: str) -> None:
        super().__init__(directory=directory)
        self.keep = keep

    def file_response(self, *asked: Any, **more: Any) -> Response:
        """The file, or that it has not changed."""
        found = super().file_response(*asked, **more)
        found.headers["cache-control"] = self.keep
        return found


def routes() -> list[BaseRoute]:
    """The files under their fingerprint, kept for ever; the faces; and every file under its plain name, asked for anew."""
    fingerprinted = [Route("/plotly.min.js", plotly), Mount("/", Kept(STATIC, FOREVER))]
    faces = Mount("/assets/fonts", Kept(STATIC / "fonts", FOR_A_DAY))
    return [Mount(HERE, routes=fingerprinted), faces, Mount("/assets", Kept(STATIC, ASK_FIRST))]


async def plotly(request: Request) -> Response:
    """Plotly's own script, pressed once."""
    if "gzip" not in request.headers.get("accept-encoding", ""):
        return PlainTextResponse("gzip", status_code=406)
    pressed = await anyio.to_thread.run_sync(_pressed)
    headers = {"content-encoding": "gzip", "cache-control": FOREVER, "vary": "accept-encoding"}
    return Response(pressed, media_type="text/javascript", headers=headers)


@cache
def _pressed() -> bytes:
    return gzip.compress(named()[-1].read_bytes(), compresslevel=6)
