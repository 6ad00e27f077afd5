"""What the server serves around Streamlit: our routes, the gate in front of everything, and what is refused at start."""

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
from core.rules.access import Principal
from core.rules.words import Refusal
from core.settings import Settings
from core.web import assets, downloads, films, health, log_lines
from core.web.board import board, live
from core.web.gate.admission import Admission
from core.web.gate.gate import Gate
from core.web.gate.session_connections import Presence
from core.web.gate.strangers import Strangers
from core.web.http import policy
from core.web.http.client_address import loopback
from core.web.http.connections import Waiting, raise_descriptors
from core.web.http.server_limits import ServerLimits
from core.web.http.unavailable import Away
from core.web.sheet import marking
from core.web.sign_in import OPEN as SIGN_IN_OPEN
from core.web.sign_in import SignIn
from core.web.streamlit_page.frames import Frames
from core.web.streamlit_page.host_config import Host
from core.web.streamlit_page.index import Index

OPEN = SIGN_IN_OPEN
ROOMS = (board, downloads, health, live, marking, films)


class NeedsTls(Refusal):
    """Beyond this machine, passwords and marks travel under HTTPS or not at all."""

    def __init__(self) -> None:
        super().__init__(
            "Máy chủ không mở ra ngoài máy này khi chưa có HTTPS: đặt proxy HTTPS phía trước, "
            "BEHIND_TLS_PROXY=yes và PUBLIC_ORIGIN=https://tên-miền."
        )


class DemoBeyondLoopback(Refusal):
    """Demo passwords are known to everybody."""

    def __init__(self) -> None:
        super().__init__(
            "Cơ sở dữ liệu có tài khoản dùng thử mà mật khẩu ai cũng biết, nên máy chủ không mở ra ngoài máy này; "
            "nếu thật sự muốn, đặt cả ALLOW_DEMO_ACCOUNTS=yes và DEMO_PASSWORDS_ARE_PUBLIC=yes."
        )


@dataclass(frozen=True)
class Application:
    """The server of one house: where it listens, its pages, and the page Streamlit serves."""

    settings: Settings
    address: str | None
    port: int
    pages: frozenset[str]
    index_html: str
    ready: Callable[[], None] = lambda: None  # what is to be done before the server says that it serves
    frames: Frames = field(default_factory=Frames)  # how Streamlit's own messages are read

    def check(self) -> None:
        """Refuse to listen where that would be unsafe, or with no database to open. Raises Refusal."""
        told = self.settings
        reached = not loopback(self.address) or not _all_loopback(told.public_origins)
        if reached and not (self._all_https and told.behind_tls_proxy):
            raise NeedsTls
        opened = context.store(create=True, on_migration=context.log_migration)
        if reached and not told.demo_beyond_loopback and accounts.any_demo(opened):
            raise DemoBeyondLoopback

    @cached_property
    def presence(self) -> Presence:
        """The open connections of this process."""
        found = Presence(lambda asked: sessions.living(context.store(), asked, context.now()))
        sessions.on_ending(found.tell)
        return found

    @cached_property
    def routes(self) -> list[BaseRoute]:
        """Every route of ours."""
        rooms = [route for room in ROOMS for route in room.routes()]
        index = Index(self.index_html, self.pages)
        return [*index.routes(), *SignIn(self.admission).routes(), *rooms, *assets.routes()]

    @cached_property
    def admission(self) -> Admission:
        """What exists, and from where it may be asked."""
        origins = self.settings.public_origins or tuple(
            f"http://{name}:{self.port}" for name in ("localhost", "127.0.0.1", "[::1]")
        )
        opened = OPEN.union(*(getattr(room, "OPEN", frozenset()) for room in ROOMS))
        paths = {route.path for room in ROOMS for route in room.routes()}
        hosts = frozenset(origin.partition("://")[2] for origin in origins)
        named = (origin for origin in origins if "[" not in origin)  # a source list has no way to write an IPv6 address
        sockets = " ".join(sorted(origin.replace("http", "ws", 1) for origin in named))
        return Admission(
            pages=self.pages,
            open_routes=_patterns(opened),
            member_routes=_patterns(paths - opened),
            origins=frozenset(origins),
            hosts=hosts,
            secure=self._all_https,
            proxies=self.settings.proxy_addresses,
            policy=policy.Policy(policy.inline_scripts(self.index_html), sockets, self._all_https),
            inside=loopback(self.address),
        )

    @property
    def middleware(self) -> list[Middleware]:
        """The limits of the server, outermost; the gate; what Streamlit asks its host, and where the desk refuses."""
        descriptors = raise_descriptors()
        gate = Middleware(
            Gate,
            admission=self.admission,
            presence=self.presence,
            recall=_recall,
            strangers=Strangers(descriptors),
            frames=self.frames,
            device=partial(devices.of_anybody, self.settings.secret()),
        )
        waiting = Waiting(descriptors // 4, frozenset(map(throttling.network, self.settings.proxy_addresses)))
        return [Middleware(ServerLimits, waiting=waiting), gate, Middleware(Host), Middleware(Away)]

    @contextlib.asynccontextmanager
    async def lifespan(self, _app: object) -> AsyncIterator[None]:
        """Start the watch, and let start-up's objects out of the collector's way."""
        await anyio.to_thread.run_sync(passwords.decoy)
        await anyio.to_thread.run_sync(self.ready)
        log_lines.begin()
        threading.Thread(target=self._check_films, name="films", daemon=True).start()
        gc.collect()
        gc.freeze()
        async with self.presence.watching():
            yield

    def _check_films(self) -> None:
        """Hash every film while nobody waits for one; each that is another than registered has a line in the log."""
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
