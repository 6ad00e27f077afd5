"""An SMTP server on loopback for tests: STARTTLS with a certificate of its own, a password, and the mails it took."""

import base64
import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from tests.serving.certificates import self_signed

USER, PASSWORD = "desk@example.org", "mat khau: thu!"


@dataclass
class MailBox:
    """What the server was told. `refuses`: the reply to RCPT, such as "550 no such user"."""

    certificate: Path
    port: int = 0
    mails: list[EmailMessage] = field(default_factory=list)
    plain: list[str] = field(default_factory=list)  # commands before TLS
    refuses: str = ""
    tls: bool = True


class _Session(socketserver.StreamRequestHandler):
    """One connection. RFC 5321 as far as smtplib speaks it."""

    box: MailBox

    def setup(self) -> None:
        super().setup()
        self.secure = self.signed_in = False

    def handle(self) -> None:
        self._say("220 test")
        while line := self.rfile.readline():
            text = line.decode().strip()
            verb = text.split(" ", 1)[0].upper()
            if not self.secure:
                self.box.plain.append(verb)
            if verb == "QUIT":
                return self._say("221 bye")
            if verb == "STARTTLS" and not self._starts_tls():
                return None
            if verb != "STARTTLS":
                self._answer(verb, text)
        return None

    def _answer(self, verb: str, text: str) -> None:
        if verb == "EHLO":
            self._say("250-test", "250 AUTH PLAIN" if self.secure else "250 STARTTLS" if self.box.tls else "250 HELP")
        elif verb == "AUTH":
            self.signed_in = base64.b64decode(text.split()[2]).decode().split("\0")[1:] == [USER, PASSWORD]
            self._say("235 ok" if self.signed_in else "535 wrong")
        elif verb == "RCPT" and self.box.refuses:
            self._say(self.box.refuses)
        elif verb == "DATA":
            self._say("354 go on")
            self._take()
            self._say("250 taken")
        else:
            self._say("250 ok" if self.secure and self.signed_in else "530 sign in first")

    def _starts_tls(self) -> bool:
        """False for a client that does not trust the certificate."""
        self._say("220 go on")
        with suppress(OSError):
            self._wrap()
            self.secure = True
        return self.secure

    def finish(self) -> None:
        with suppress(OSError):
            super().finish()
        self.connection.close()

    def _take(self) -> None:
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            lines.append(line)
        self.box.mails.append(message_from_bytes(b"".join(lines), policy=policy.default))

    def _wrap(self) -> None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.box.certificate, self.box.certificate.with_suffix(".key"))
        self.connection = context.wrap_socket(self.connection, server_side=True)
        self.rfile, self.wfile = self.connection.makefile("rb"), self.connection.makefile("wb", 0)

    def _say(self, *lines: str) -> None:
        self.wfile.write("".join(f"{line}\r\n" for line in lines).encode())
        self.wfile.flush()


@contextmanager
def mail_server(folder: Path) -> Iterator[MailBox]:
    """Serve on a free port of localhost until the block ends."""
    box = MailBox(self_signed(folder))
    handler = type("Session", (_Session,), {"box": box})
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        box.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield box
        finally:
            server.shutdown()
            thread.join()
