"""`/healthz` for monitoring: 200 when everything works, else 503 with the failing parts. Accepts any Host header."""

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
LATE_S = 3.0  # a check that takes longer means that the database is failing
FRESH_S = 1.0  # how long the result of a check is reused
Check = Callable[[], tuple[str, ...]]


@dataclass(slots=True)
class Health:
    """Runs at most one check at a time; concurrent requests share its result."""

    check: Check
    clock: Callable[[], float] = time.monotonic
    _checking: "asyncio.Task[tuple[str, ...]] | None" = None
    _found: tuple[str, ...] = ()
    _checked_at: float = field(default=-FRESH_S)

    async def failing(self) -> tuple[str, ...]:
        """The parts that do not work now; the database when the check takes longer than LATE_S."""
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
        status, text = (503, "failing") if failing else (200, "ok")
        headers = {"cache-control": "no-store", **({"retry-after": "5"} if failing else {})}
        return JSONResponse({"status": text, "failing": list(failing)}, status, headers)

    return [Route("/healthz", healthz, methods=["GET"])]
