"""`/healthz`: 200 where the desk can do its work, 503 with a word of what it cannot, for monitors under any name."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import anyio.to_thread
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from core.desk import context
from core.desk.maintenance import health
from core.settings import settings

OPEN = frozenset({"/healthz"})
LATE_S = 3.0  # a check that takes longer: the database does not work
FRESH_S = 1.0  # whoever asks within a second of a check is told what it found
Check = Callable[[], tuple[str, ...]]


@dataclass(slots=True)
class Health:
    """One check at a time, however many ask."""

    check: Check
    clock: Callable[[], float] = time.monotonic
    _checking: "asyncio.Task[tuple[str, ...]] | None" = None
    _found: tuple[str, ...] = ()
    _checked_at: float = field(default=-FRESH_S)

    async def failing(self) -> tuple[str, ...]:
        """What does not work now."""
        if self._checking is None and self.clock() - self._checked_at < FRESH_S:
            return self._found
        if self._checking is None:
            self._checking = asyncio.create_task(self._checked())
        done, _ = await asyncio.wait({self._checking}, timeout=LATE_S)
        return self._found if done else (health.Part.DATABASE,)

    async def _checked(self) -> tuple[str, ...]:
        try:
            self._found = await anyio.to_thread.run_sync(self.check)
        finally:
            self._checked_at, self._checking = self.clock(), None
        return self._found


def routes() -> list[Route]:
    """`/healthz`."""
    checks = Health(lambda: health.failing(context.store(), settings(), context.now()))

    async def healthz(_request: Request) -> Response:
        failing = await checks.failing()
        status, said = (503, "failing") if failing else (200, "ok")
        headers = {"cache-control": "no-store", **({"retry-after": "5"} if failing else {})}
        return JSONResponse({"status": said, "failing": list(failing)}, status, headers)

    return [Route("/healthz", healthz, methods=["GET"])]
