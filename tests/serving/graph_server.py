"""A server on loopback that answers like Facebook's Graph API, and records what it was asked."""

import json
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from core.settings import GraphApi

TOKEN, PAGE = "EAAbimat" + "x1Y" * 20, "100200300400"
MISSING = {"message": f"Unsupported get request {TOKEN}", "type": "GraphMethodException", "code": 100}


def counted(reactions: object, comments: object, shares: object = None) -> bytes:
    """An answer with these counts; without shares, the field is absent."""
    facts: dict[str, object] = {
        "reactions": {"data": [], "summary": {"total_count": reactions}},
        "comments": {"data": [], "summary": {"total_count": comments}},
        "id": "1_1",
    }
    return json.dumps(facts if shares is None else facts | {"shares": {"count": shares}}).encode()


def failed(code: object, **more: object) -> bytes:
    """An error object. Like some of Facebook's, its message repeats the token."""
    return json.dumps({"error": MISSING | {"code": code} | more}).encode()


@dataclass
class GraphServer:
    """`answers`: status and body by the post's name, or what writes the whole answer; others are not found."""

    port: int = 0
    answers: dict[str, tuple[int, bytes] | Callable[[BaseHTTPRequestHandler], None]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)  # paths with their queries
    tokens: set[str | None] = field(default_factory=set)  # the Authorization headers
    connections: int = 0

    @property
    def api(self) -> GraphApi:
        """The settings that name this server."""
        return GraphApi(TOKEN, PAGE, secure=False, host="127.0.0.1", port=self.port)


class _Handler(BaseHTTPRequestHandler):
    graph: GraphServer

    def setup(self) -> None:
        super().setup()
        self.graph.connections += 1

    def do_GET(self) -> None:
        self.graph.asked.append(self.path)
        self.graph.tokens.add(self.headers["Authorization"])
        answer = self.graph.answers.get(self.path[1:].partition("?")[0], (400, failed(100)))
        with suppress(OSError):
            if callable(answer):
                answer(self)
                return
            status, body = answer
            self.send_response(status)
            self.send_header("Location", f"http://127.0.0.1:{self.graph.port}/elsewhere")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # its name in the standard library
        """Print nothing."""


@contextmanager
def graph_server(certificate: Path | None = None) -> Iterator[GraphServer]:
    """Serve on a free port of loopback until the block ends; with a certificate, over TLS."""
    graph = GraphServer()
    handler = type("Handler", (_Handler,), {"graph": graph})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        if certificate is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate, certificate.with_suffix(".key"))
            server.socket = context.wrap_socket(server.socket, server_side=True)
        graph.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield graph
        finally:
            server.shutdown()
            thread.join()
