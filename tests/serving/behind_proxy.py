"""The desk behind HTTPS, as a real contest is served: nginx with docs/nginx.conf, a half-judged contest, one film."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from core.desk import context
from core.desk.accounts import sessions
from core.settings import sqlite_url
from core.store.engine import connect
from core.store.migrate import migrate
from tests.fixtures.contest_with_sheets import PASSWORD, open_contest
from tests.serving.proxy import Proxy, proxied
from tests.serving.servers import BROWSER, Server, free_port, serving

FILM = bytes(range(256)) * 400


@dataclass(frozen=True)
class ProxiedServer:
    """A served desk and the proxy in front of it."""

    server: Server
    proxy: Proxy

    def cookies(self, username: str) -> dict[str, str]:
        """A new session of this account, under the cookie name that is used behind HTTPS."""
        (secret,) = self.server.cookies(username, PASSWORD).values()
        return {"__Host-desk": secret}

    def ticket(self, username: str) -> str:
        """The address to which the sign-in form would send this account's browser."""
        with closing(connect(self.server.database_url)) as store:
            attempt = sessions.Attempt(username, PASSWORD, "127.0.0.1", BROWSER)
            return "/auth/establish?t=" + sessions.sign_in(store, attempt, context.now())

    def last_address(self) -> str:
        """The client address that the newest session was stored with."""
        with closing(sqlite3.connect(self.server.data_dir / "desk.db")) as database:
            query = "select address from auth_session order by created_at desc, rowid desc limit 1"
            return str(database.execute(query).fetchone()[0])


@contextmanager
def behind_proxy(folder: Path) -> Iterator[ProxiedServer]:
    """Serve the desk on loopback, configured for its proxy, with nginx in front of it."""
    var, tls = folder / "var", free_port()
    _make_contest(var)
    environment = {
        "BEHIND_TLS_PROXY": "yes",
        "PUBLIC_ORIGIN": f"https://localhost:{tls}",
        "PROXY_ADDRESSES": "127.0.0.1",
    }
    with serving(var, **environment) as server, proxied(folder / "nginx", server.port, tls) as proxy:
        yield ProxiedServer(server, proxy)


def _make_contest(var: Path) -> None:
    (var / "library").mkdir(parents=True)
    (var / "library" / "film.mp4").write_bytes(FILM)
    with closing(connect(sqlite_url(var / "desk.db"))) as store:
        migrate(store)
        open_contest(store)
    with closing(sqlite3.connect(var / "desk.db")) as database:
        database.execute("update entry set video = 'film.mp4'")
        database.commit()
