"""The settings of services on other machines: the mail server, and Facebook's Graph API. Both are off by default."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from core.rules.words import Refusal, Sentence

GRAPH_ORIGIN = "https://graph.facebook.com"
_ADDRESS = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_TOKEN = re.compile(r"[A-Za-z0-9._|~+/=-]{20,1000}")
_PAGE = re.compile(r"[0-9]{5,25}")
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


class BadSetting(Refusal):
    """A setting from the environment cannot be used."""

    def __init__(self, name: str, why: Sentence) -> None:
        super().__init__("Biến môi trường {name} không dùng được: {why}.", name=name, why=why)


@dataclass(frozen=True, slots=True)
class MailServer:
    """The SMTP server that sends mail; without a user it asks for no password."""

    host: str
    port: int
    user: str
    password_file: Path | None
    sender: str


@dataclass(frozen=True, slots=True)
class GraphApi:
    """Facebook's Graph API: the page's token, the page's number, and scheme, host and port of the server."""

    token: str = field(repr=False)
    page: str
    secure: bool = True  # HTTPS; False only for this machine
    host: str = urlsplit(GRAPH_ORIGIN).netloc
    port: int = 443


def mail_server(given: Mapping[str, str]) -> MailServer | None:
    """The mail server of an environment, None without MAIL_HOST. Raises BadSetting."""
    if "MAIL_HOST" not in given:
        return None
    sender = given.get("MAIL_SENDER", "")
    if not _ADDRESS.fullmatch(sender):
        raise BadSetting("MAIL_SENDER", Sentence("“{text}” không phải một địa chỉ thư điện tử", {"text": sender}))
    if ("MAIL_USER" in given) != ("MAIL_PASSWORD_FILE" in given):
        raise BadSetting("MAIL_USER", Sentence("phải đặt cả MAIL_USER và MAIL_PASSWORD_FILE, hoặc không đặt cả hai"))
    file = Path(given["MAIL_PASSWORD_FILE"]) if "MAIL_PASSWORD_FILE" in given else None
    return MailServer(
        given["MAIL_HOST"], port(given.get("MAIL_PORT", "587"), "MAIL_PORT"), given.get("MAIL_USER", ""), file, sender
    )


def graph_api(given: Mapping[str, str]) -> GraphApi | None:
    """The Graph API of an environment, None without GRAPH_API_TOKEN. Raises BadSetting, which never repeats a value."""
    token = given.get("GRAPH_API_TOKEN", "")
    if not token:
        return None
    if not _TOKEN.fullmatch(token):
        raise BadSetting("GRAPH_API_TOKEN", Sentence("không có dạng của một mã truy cập"))
    page, origin = given.get("GRAPH_API_PAGE", ""), given.get("GRAPH_API_ORIGIN", GRAPH_ORIGIN)
    if not _PAGE.fullmatch(page):
        raise BadSetting("GRAPH_API_PAGE", Sentence("cần số của trang Facebook, chỉ gồm chữ số"))
    form = Sentence("phải có dạng https://tên-miền, hoặc http:// với địa chỉ của chính máy này")
    try:
        parts = urlsplit(origin)
        host, number = parts.hostname or "", parts.port
    except ValueError:
        raise BadSetting("GRAPH_API_ORIGIN", form) from None
    more = parts.path or parts.query or parts.fragment or "@" in parts.netloc or not re.fullmatch(r"[a-z0-9.:-]+", host)
    if more or not (parts.scheme == "https" or (parts.scheme == "http" and host in _LOOPBACK)):
        raise BadSetting("GRAPH_API_ORIGIN", form)
    secure = parts.scheme == "https"
    return GraphApi(token, page, secure, host, number or (443 if secure else 80))


def port(text: str, name: str = "PORT") -> int:
    """A port number. Raises BadSetting with the variable's name."""
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 65536):
        raise BadSetting(name, Sentence("“{text}” không phải là một cổng từ 1 đến 65535", {"text": text}))
    return int(text)
