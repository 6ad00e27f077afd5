"""The settings, read once from environment variables. A wrong value is refused with the variable's name.

| variable | meaning | default |
|---|---|---|
| `DATABASE_URL` | `sqlite:///…` or `postgresql+psycopg://…` | SQLite in `DATA_DIR` |
| `DATA_DIR` | the folder of the database, films and exports | `data/var` |
| `PORT` | the port `make run` serves on | 8501 |
| `SECRET_KEY` | at least 32 characters; signs Streamlit's own cookies and those of known browsers | made once in `DATA_DIR` |
| `CONTEST` | the contest file of `init` and `demo` | `data/contests/son-la-2024.toml` |
| `LANGUAGE` | `vi` or `en`, until a visitor chooses | `vi` |
| `PUBLIC_ORIGIN` | the exact addresses people type, e.g. `https://cham.example.vn`; spaces between | this machine |
| `BEHIND_TLS_PROXY` | `yes`: a proxy in front speaks HTTPS | no |
| `PROXY_ADDRESSES` | proxies whose `X-Forwarded-For` is trusted | none |
| `BACKGROUND_WORKER` | `no`: the server starts no worker process; run `python -m core work` instead | yes |
| `UPLOAD_MEGABYTES` | the largest film that can be uploaded | 2048 |
| `UPLOAD_RESERVE_MEGABYTES` | free disk that uploads never use | 2048 |
| `MAIL_HOST` | the SMTP server that sends mail to authors; always with TLS | none: no mail is sent |
| `MAIL_PORT` | 465: TLS from the start; any other: STARTTLS | 587 |
| `MAIL_USER`, `MAIL_PASSWORD_FILE` | the account there, and a file with its password | none |
| `MAIL_SENDER` | the sender's address; needed with `MAIL_HOST` | none |
| `GRAPH_API_TOKEN` | a page token of Facebook's Graph API, which reads interaction counts | none: nothing is read |
| `GRAPH_API_PAGE` | the page's number; needed with `GRAPH_API_TOKEN` | none |
| `GRAPH_API_ORIGIN` | the server of the Graph API | `https://graph.facebook.com` |
| `ALLOW_DEMO_ACCOUNTS`, `DEMO_PASSWORDS_ARE_PUBLIC` | both `yes`: serve demo accounts beyond this machine | no |
"""

import errno
import os
import re
import secrets
import tempfile
import unicodedata
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from urllib.parse import quote, unquote_to_bytes, urlsplit

from core import service_settings
from core.rules.words import Language, Sentence
from core.service_settings import BadSetting as BadSetting  # noqa: PLC0414  # core.settings is what others import
from core.service_settings import GraphApi as GraphApi  # noqa: PLC0414
from core.service_settings import MailServer as MailServer  # noqa: PLC0414

ROOT = Path(__file__).resolve().parent.parent
SECRET_LENGTH = 32
SQLITE, POSTGRESQL = "sqlite:///", "postgresql+psycopg://"
_BROKEN_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings."""

    database_url: str = field(repr=False)  # may hold a password
    data_dir: Path
    port: int
    secret_key: str | None = field(repr=False)
    contest: Path
    language: Language
    public_origins: tuple[str, ...]
    behind_tls_proxy: bool
    proxy_addresses: frozenset[str]
    demo_beyond_loopback: bool
    background_worker: bool
    upload_bytes: int  # of the largest film that can be uploaded
    upload_reserve_bytes: int  # free disk that uploads never use
    mail: MailServer | None = None
    graph: GraphApi | None = None  # reads interaction counts from Facebook

    def folder(self) -> Path:
        """The data folder; created if missing. Raises BadSetting if it cannot be created or written to."""
        try:
            self.data_dir.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise self._no_folder(error.strerror) from error
        if not os.access(self.data_dir, os.W_OK | os.X_OK):
            raise self._no_folder(os.strerror(errno.EACCES))
        return self.data_dir

    def _no_folder(self, why: str | None) -> BadSetting:
        facts = {"folder": self.data_dir, "why": why}
        return BadSetting("DATA_DIR", Sentence("không tạo hoặc không ghi được thư mục {folder} ({why})", facts))

    @property
    def library(self) -> Path:
        """The folder of the films."""
        return self.data_dir / "library"

    @property
    def uploads(self) -> Path:
        """The folder of films on their way; beside the library, which is served, and on the same disk."""
        return self.data_dir / "uploads"

    @property
    def evidence(self) -> Path:
        """The folder of the bundles of evidence that were downloaded; they can be made again at any time."""
        return self.data_dir / "evidence"

    @property
    def signing_key(self) -> Path:
        """The file of the key that signs checkpoints; made at its first use."""
        return self.data_dir / "signing.key"

    def secret(self) -> str:
        """The secret key. Without SECRET_KEY, one is generated once and stored in the data folder, mode 0600.

        Raises BadSetting if the file cannot be created or read, or contains no key.
        """
        if self.secret_key:
            return self.secret_key
        path = self.folder() / "secret.key"
        try:
            found = _stored_secret(path)
        except (OSError, ValueError) as error:
            facts = {"file": path, "why": getattr(error, "strerror", None) or "UTF-8"}
            raise BadSetting("DATA_DIR", Sentence("không đọc hoặc không ghi được tệp {file} ({why})", facts)) from error
        if len(found) < SECRET_LENGTH:
            broken_key = Sentence("tệp {file} không còn giữ khóa bí mật nào; hãy xóa tệp đó", {"file": path})
            raise BadSetting("DATA_DIR", broken_key)
        return found


@cache
def settings() -> Settings:
    """The settings of this process, read from the environment at first use."""
    return read(os.environ)


def read(environment: Mapping[str, str]) -> Settings:
    """The settings of an environment; empty variables count as missing. Raises BadSetting for the first wrong value."""
    given = {name: value.strip() for name, value in environment.items() if value.strip()}
    data_dir = _folder(environment["DATA_DIR"]) if given.get("DATA_DIR") else ROOT / "data" / "var"
    return Settings(
        database_url=_database(given.get("DATABASE_URL", sqlite_url(data_dir / "desk.db"))),
        data_dir=data_dir,
        port=service_settings.port(given.get("PORT", "8501")),
        secret_key=_secret(given.get("SECRET_KEY")),
        contest=Path(given.get("CONTEST", ROOT / "data" / "contests" / "son-la-2024.toml")).resolve(),
        language=_language(given.get("LANGUAGE", "vi")),  # may be gettext's list: see _language
        public_origins=tuple(_origin(each) for each in given.get("PUBLIC_ORIGIN", "").split()),
        behind_tls_proxy=_yes("BEHIND_TLS_PROXY", given),
        proxy_addresses=frozenset(given.get("PROXY_ADDRESSES", "").replace(",", " ").split()),
        demo_beyond_loopback=_yes("ALLOW_DEMO_ACCOUNTS", given) and _yes("DEMO_PASSWORDS_ARE_PUBLIC", given),
        background_worker=_yes("BACKGROUND_WORKER", given, default="yes"),
        upload_bytes=_megabytes("UPLOAD_MEGABYTES", given.get("UPLOAD_MEGABYTES", "2048")),
        upload_reserve_bytes=_megabytes("UPLOAD_RESERVE_MEGABYTES", given.get("UPLOAD_RESERVE_MEGABYTES", "2048")),
        mail=service_settings.mail_server(given),
        graph=service_settings.graph_api(given),
    )


def sqlite_url(path: Path) -> str:
    """The URL of an SQLite file; characters with a meaning in URLs are percent-encoded."""
    return SQLITE + quote(str(path), safe="/")


def _folder(text: str) -> Path:
    """DATA_DIR as an absolute path without symbolic links. Raises BadSetting if it is obviously a mistake.

    Mistakes: leading or trailing whitespace, control characters, text that is not UTF-8, a leading ~, a link loop.
    """
    wrong = None
    if text != text.strip():
        wrong = Sentence("“{text}” có khoảng trắng ở đầu hoặc cuối", {"text": text})
    elif any(unicodedata.category(letter) in {"Cc", "Cs", "Zl", "Zp"} for letter in text):
        wrong = Sentence("“{text}” có ký tự xuống dòng, ký tự điều khiển hoặc không phải UTF-8", {"text": repr(text)})
    elif text.startswith("~"):
        wrong = Sentence("“{text}” bắt đầu bằng ~; hãy viết đường dẫn đầy đủ", {"text": text})
    if wrong:
        raise BadSetting("DATA_DIR", wrong)
    try:
        return Path(text).resolve()
    except (OSError, RuntimeError) as error:  # RuntimeError: a loop of symbolic links
        facts = {"folder": text, "why": getattr(error, "strerror", None) or os.strerror(errno.ELOOP)}
        raise BadSetting(
            "DATA_DIR", Sentence("không tạo hoặc không ghi được thư mục {folder} ({why})", facts)
        ) from error


def _database(url: str) -> str:
    """DATABASE_URL, if it is unambiguous; else raises BadSetting. No message repeats what may be a password."""
    if not url.startswith((SQLITE, POSTGRESQL)):
        raise BadSetting("DATABASE_URL", Sentence("phải bắt đầu bằng sqlite:/// hoặc postgresql+psycopg://"))
    wrong = _ambiguous_file(url) if url.startswith(SQLITE) else _ambiguous_server(url)
    if wrong:
        raise BadSetting("DATABASE_URL", wrong)
    return url


def _ambiguous_file(url: str) -> Sentence | None:
    path = url.removeprefix(SQLITE)
    if "?" in path or not _well_encoded(path):
        return Sentence("trong đường dẫn tệp SQLite, hãy viết ? thành %3F và % thành %25; không nhận tham số sau dấu ?")
    if path.startswith("~"):
        return Sentence("“{text}” bắt đầu bằng ~; hãy viết đường dẫn đầy đủ", {"text": path})
    return None


def _ambiguous_server(url: str) -> Sentence | None:
    """The error in a PostgreSQL URL, or None. Special characters in the user name and password must be percent-encoded.

    RFC 3986: there is at most one @, before the path; # is not allowed.
    """
    rest = url.removeprefix(POSTGRESQL)
    authority = re.split(r"[/?#]", rest, maxsplit=1)[0]
    if rest.count("@") > 1 or ("@" in rest and "@" not in authority) or "#" in rest or not _well_encoded(rest):
        return Sentence(
            "trong tên và mật khẩu, mỗi ký tự đặc biệt phải được mã hóa phần trăm: @ thành %40, / thành %2F, # thành %23, "
            "? thành %3F, : thành %3A, % thành %25; ví dụ mật khẩu a@b/c viết là a%40b%2Fc"
        )
    _, colon, port = re.sub(r"^\[[^\]]*\]", "", authority.rpartition("@")[2]).partition(":")
    if colon and not (port.isascii() and port.isdigit() and 0 < int(port) < 65536):
        return Sentence(
            "cổng sau dấu : không phải là số từ 1 đến 65535; nhiều máy chủ thì viết ?host=a,b&port=5432,5433"
        )
    return None


def _well_encoded(text: str) -> bool:
    """Whether every % starts an encoded byte, and the decoded bytes are UTF-8 without NUL."""
    try:
        return not _BROKEN_PERCENT.search(text) and "\0" not in unquote_to_bytes(text).decode("utf-8")
    except UnicodeDecodeError:
        return False


def _megabytes(name: str, text: str) -> int:
    """A whole number of megabytes (2**20 bytes), in bytes."""
    if not (text.isascii() and text.isdigit() and 0 < len(text) <= 7 and int(text)):
        raise BadSetting(name, Sentence("“{text}” không phải là một số MB nguyên dương", {"text": text}))
    return int(text) << 20


def _secret(text: str | None) -> str | None:
    if text is not None and len(text) < SECRET_LENGTH:
        raise BadSetting("SECRET_KEY", Sentence("cần ít nhất {least} ký tự", {"least": SECRET_LENGTH}))
    return text


def _language(text: str) -> Language:
    """EN for "en", else VI. `LANGUAGE` is also gettext's variable and may hold a list ("en_US:en"): no error for it."""
    return Language.EN if text == "en" else Language.VI


def _origin(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.netloc or parts.path or parts.query or parts.fragment:
        form = Sentence("“{text}” phải có dạng https://tên-miền, không có dấu / ở cuối", {"text": text})
        raise BadSetting("PUBLIC_ORIGIN", form)
    return text.lower()


def _yes(name: str, given: Mapping[str, str], default: str = "no") -> bool:
    value = given.get(name, default).lower()
    if value not in {"yes", "no"}:
        raise BadSetting(name, Sentence("chỉ nhận yes hoặc no, không nhận “{value}”", {"value": value}))
    return value == "yes"


def _stored_secret(path: Path) -> str:
    if not path.exists():
        with tempfile.NamedTemporaryFile("w", dir=path.parent, prefix=".secret-") as file:  # mode 0600
            file.write(secrets.token_urlsafe(SECRET_LENGTH))
            file.flush()
            os.fsync(file.fileno())
            with suppress(FileExistsError):  # another process was first
                os.link(file.name, path)  # atomic: the file appears complete
    return path.read_text(encoding="utf-8").strip()
