"""Our own scripts and styles. A page of ours asks for them under their fingerprint, so that after an upgrade no browser
puts an old script from its cache beside a new one.
"""

import hashlib
from pathlib import Path

from starlette.routing import BaseRoute, Mount
from starlette.staticfiles import StaticFiles

STATIC = Path(__file__).parent / "static"
_FILES = sorted(path for path in STATIC.iterdir() if path.suffix in {".js", ".css"})
HERE = f"/assets/{hashlib.sha256(b''.join(path.read_bytes() for path in _FILES)).hexdigest()[:12]}"


def routes() -> list[BaseRoute]:
    """The files under their fingerprint, and under their plain names."""
    files = StaticFiles(directory=STATIC)
    return [Mount(HERE, files), Mount("/assets", files)]
