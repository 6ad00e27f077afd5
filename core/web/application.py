"""The web application around Streamlit: our routes, the middleware (the gate among it), and the checks before start."""

import contextlib
import gc
import re
import threading
from collections.abc import AsyncIterator, Callable, Collection, Iterable
from dataclasses import dataclass, field
from functools import cached_property, partial

import anyio
from starlette.middleware import Middleware
from starlette.routing import BaseRoute, compile_path

from core.desk import context
from core.desk.accounts import accounts, devices, passwords, sessions, throttling
from core.desk.judging import film_files
from core.desk.maintenance import health as desk_health
from core.rules.access import Principal
from core.rules.words import Refusal
from core.settings import Settings
from core.web import assets, downloads, films, health, log_lines, results, worker_process
from core.web.board import board, jobs, live, readings, screening, twins
from core.web.entry import entry, office, person_data, tables
from core.web.gate.admission import Admission
from core.web.gate.anonymous_limits import AnonymousLimits
from core.web.gate.gate import Gate
from core.web.gate.session_connections import SessionConnections
from core.web.http import policy
from core.web.http.client_address import loopback
from core.web.http.connections import WaitingConnections, raise_descriptors
from core.web.http.server_limits import ServerLimits
from core.web.http.unavailable import RefusalMiddleware
from core.web.sheet import marking
from core.web.sign_in import OPEN as SIGN_IN_OPEN
from core.web.sign_in import SignIn
from core.web.streamlit_page.frames import Frames
from core.web.streamlit_page.host_config import HostConfig
from core.web.streamlit_page.index import Index
from core.web.uploads import uploads

OPEN = SIGN_IN_OPEN
ROUTE_MODULES = (
    board, downloads, entry, health, jobs, live, marking, films, office, person_data, readings, results, screening, tables,
    twins, uploads,
)  # fmt: skip


class NeedsTls(Refusal):
    """The server would be reachable from other machines without HTTPS, which would expose passwords and marks."""

    def __init__(self) -> None:
        super().__init__(
            "Máy chủ không mở ra ngoài máy này khi chưa có HTTPS: đặt proxy HTTPS phía trước, "
            "BEHIND_TLS_PROXY=yes và PUBLIC_ORIGIN=https://tên-miền."
        )


class DemoBeyondLoopback(Refusal):
    """The server would be reachable from other machines with demo accounts, whose passwords are public."""

    def __init__(self) -> None:
        super().__init__(
            "Cơ sở dữ liệu có tài khoản dùng thử mà mật khẩu ai cũng biết, nên máy chủ không mở ra ngoài máy này; "
            "nếu thật sự muốn, đặt cả ALLOW_DEMO_ACCOUNTS=yes và DEMO_PASSWORDS_ARE_PUBLIC=yes."
        )


@dataclass(frozen=True)
class Application:
    """The web server of one contest: its listening address, its pages, and Streamlit's index page."""

    settings: Settings
    address: str | None
    port: int
    pages: frozenset[str]
    index_html: str
    ready: Callable[[], None] = lambda: None  # called once at start-up, before requests are served
    frames: Frames = field(default_factory=Frames)  # parses Streamlit's WebSocket messages

    def check(self) -> None:
        """Check that listening is safe, that the database opens, and that there is a key to sign with. Raises Refusal."""
        settings = self.settings
        is_public = not loopback(self.address) or not _all_loopback(settings.public_origins)
        if is_public and not (self._all_https and settings.behind_tls_proxy):
            raise NeedsTls
        store = context.store(create=True, on_migration=context.log_migration)
        if is_public and not settings.demo_beyond_loopback and accounts.any_demo(store):
            raise DemoBeyondLoopback
        store.signing_key.private()

    @cached_property
    def session_connections(self) -> SessionConnections:
        """The open connections of this process."""
        connections = SessionConnections(lambda ids: sessions.open_sessions(context.store(), ids, context.now()))
        sessions.on_ending(connections.recheck)
        return connections

    @cached_property
    def routes(self) -> list[BaseRoute]:
        """All routes that this project defines; Streamlit adds its own."""
        module_routes = [route for module in ROUTE_MODULES for route in module.routes()]
        index = Index(self.index_html, self.pages)
        return [*index.routes(), *SignIn(self.admission).routes(), *module_routes, *assets.routes()]

    @cached_property
    def admission(self) -> Admission:
        """The gate's rules: existing pages and routes, allowed hosts and origins, cookies and security headers."""
        origins = self.settings.public_origins or tuple(
            f"http://{name}:{self.port}" for name in ("localhost", "127.0.0.1", "[::1]")
        )
        open_paths = OPEN.union(*(getattr(module, "OPEN", frozenset()) for module in ROUTE_MODULES))
        paths = {route.path for module in ROUTE_MODULES for route in module.routes()}
        hosts = frozenset(origin.partition("://")[2] for origin in origins)
        named = (origin for origin in origins if "[" not in origin)  # a CSP source list cannot contain an IPv6 address
        sockets = " ".join(sorted(origin.replace("http", "ws", 1) for origin in named))
        return Admission(
            pages=self.pages,
            linked=self.pages | entry.LINKED | results.LINKED,
            open_routes=_patterns(open_paths),
            member_routes=_patterns(paths - open_paths),
            streamed_routes=_patterns(uploads.STREAMED | readings.STREAMED),
            large_routes=_patterns(tables.LARGE | readings.LARGE),
            origins=frozenset(origins),
            hosts=hosts,
            secure=self._all_https,
            proxies=self.settings.proxy_addresses,
            policy=policy.Policy(policy.inline_scripts(self.index_html), sockets, self._all_https),
            inside=loopback(self.address),
        )

    @property
    def middleware(self) -> list[Middleware]:
        """The middleware, outermost first: server limits, the gate, Streamlit's host config, unhandled refusals."""
        descriptors = raise_descriptors()
        gate = Middleware(
            Gate,
            admission=self.admission,
            session_connections=self.session_connections,
            recall=_recall,
            anonymous_limits=AnonymousLimits(descriptors),
            frames=self.frames,
            device=partial(devices.of_anybody, self.settings.secret()),
        )
        waiting = WaitingConnections(
            descriptors // 4, frozenset(map(throttling.network, self.settings.proxy_addresses))
        )
        return [Middleware(ServerLimits, waiting=waiting), gate, Middleware(HostConfig), Middleware(RefusalMiddleware)]

    @contextlib.asynccontextmanager
    async def lifespan(self, _app: object) -> AsyncIterator[None]:
        """Run the start-up work, then watch for ended sessions and supervise the worker until shutdown.

        `gc.freeze` exempts the objects created at start-up from garbage collection.
        """
        await anyio.to_thread.run_sync(passwords.decoy)
        await anyio.to_thread.run_sync(self.ready)
        log_lines.begin()
        desk_health.log_missing_landlock()
        threading.Thread(target=self._check_films, name="films", daemon=True).start()
        gc.collect()
        gc.freeze()
        async with contextlib.AsyncExitStack() as running:
            await running.enter_async_context(self.session_connections.watching())
            await running.enter_async_context(uploads.sweeping())
            if self.settings.background_worker:
                await running.enter_async_context(worker_process.supervised())
            yield

    def _check_films(self) -> None:
        """Hash every film in the background; log each one that differs from the registered file."""
        with contextlib.suppress(Refusal):
            film_files.check_all(context.store(), self.settings.library)

    @property
    def _all_https(self) -> bool:
        origins = self.settings.public_origins
        return bool(origins) and all(origin.startswith("https://") for origin in origins)


def _all_loopback(origins: Iterable[str]) -> bool:
    return all(loopback(re.sub(r":\d+$", "", origin.partition("://")[2]).strip("[]")) for origin in origins)


def _patterns(paths: Collection[str]) -> tuple[re.Pattern[str], ...]:
    return tuple(compile_path(path)[0] for path in sorted(paths))


def _recall(secret: str) -> Principal | None:
    return sessions.principal(context.store(), secret, context.now())
