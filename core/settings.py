"""What the desk is told from outside, read once; a setting that is wrong is refused by its name.

| variable | is | default |
|---|---|---|
| `DATABASE_URL` | `sqlite:///…` or `postgresql+psycopg://…` | SQLite in `DATA_DIR` |
| `DATA_DIR` | where the database, films and exports lie | `data/var` |
| `PORT` | the port `make run` serves on | 8501 |
| `SECRET_KEY` | at least 32 characters; signs Streamlit's own cookies and those of known browsers | made once in `DATA_DIR` |
| `CONTEST` | the contest file of `init` and `demo` | `data/contests/son-la-2024.toml` |
| `LANGUAGE` | `vi` or `en`, until a visitor chooses | `vi` |
| `PUBLIC_ORIGIN` | the exact addresses people type, e.g. `https://cham.example.vn`, with spaces between | this machine |
| `BEHIND_TLS_PROXY` | `yes`: a proxy in front speaks HTTPS | no |
| `PROXY_ADDRESSES` | proxies whose `X-Forwarded-For` is believed | none |
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

from core.rules.words import Language, Refusal, Sentence

ROOT = Path(__file__).resolve().parent.parent
SECRET_LENGTH = 32
SQLITE, POSTGRESQL = "sqlite:///", "postgresql+psycopg://"
_BROKEN_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")


class BadSetting(Refusal):
    """A setting from the environment cannot be used."""

    def __init__(self, name: str, why: Sentence) -> None:
        super().__init__("Biến môi trường {name} không dùng được: {why}.", name=name, why=why)


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything the desk was told from outside."""

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

    def folder(self) -> Path:
        """The data folder, made where there is none, for its owner to write in. Raises BadSetting."""
        try:
            self.data_dir.mkdir(parents=True, exist_ok=True)
        except OSError as broken:
            raise self._no_folder(broken.strerror) from broken
        if not os.access(self.data_dir, os.W_OK | os.X_OK):
            raise self._no_folder(os.strerror(errno.EACCES))
        return self.data_dir

    def _no_folder(self, why: str | None) -> BadSetting:
        facts = {"folder": self.data_dir, "why": why}
        return BadSetting("DATA_DIR", Sentence("không tạo hoặc không ghi được thư mục {folder} ({why})", facts))

    @property
    def library(self) -> Path:
        """Where the films lie."""
        return self.data_dir / "library"

    def secret(self) -> str:
        """The secret key; where none was given, one is made once and kept in the data folder for its owner alone.

        Raises BadSetting where the file cannot be made or read, or holds no key.
        """
        if self.secret_key:
            return self.secret_key
        path = self.folder() / "secret.key"
        try:
            found = _kept_secret(path)
        except (OSError, ValueError) as broken:
            facts = {"file": path, "why": getattr(broken, "strerror", None) or "UTF-8"}
            raise BadSetting(
                "DATA_DIR", Sentence("không đọc hoặc không ghi được tệp {file} ({why})", facts)
            ) from broken
        if len(found) < SECRET_LENGTH:
            broken_key = Sentence("tệp {file} không còn giữ khóa bí mật nào; hãy xóa tệp đó", {"file": path})
            raise BadSetting("DATA_DIR", broken_key)
        return found


@cache
def settings() -> Settings:
    """The settings of this process, read from the environment at first use."""
    return read(os.environ)


def read(environment: Mapping[str, str]) -> Settings:
    """The settings an environment tells. Raises BadSetting with the name of the first that is wrong."""
    given = {name: value.strip() for name, value in environment.items() if value.strip()}
    data_dir = _folder(environment["DATA_DIR"]) if given.get("DATA_DIR") else ROOT / "data" / "var"
    return Settings(
        database_url=_database(given.get("DATABASE_URL", sqlite_url(data_dir / "desk.db"))),
        data_dir=data_dir,
        port=_port(given.get("PORT", "8501")),
        secret_key=_secret(given.get("SECRET_KEY")),
        contest=Path(given.get("CONTEST", ROOT / "data" / "contests" / "son-la-2024.toml")).resolve(),
        language=_language(given.get("LANGUAGE", "vi")),  # POSIX's LANGUAGE may hold a list: see _language
        public_origins=tuple(_origin(each) for each in given.get("PUBLIC_ORIGIN", "").split()),
        behind_tls_proxy=_yes("BEHIND_TLS_PROXY", given),
        proxy_addresses=frozenset(given.get("PROXY_ADDRESSES", "").replace(",", " ").split()),
        demo_beyond_loopback=_yes("ALLOW_DEMO_ACCOUNTS", given) and _yes("DEMO_PASSWORDS_ARE_PUBLIC", given),
    )


def sqlite_url(path: Path) -> str:
    """The URL of an SQLite file, with every character percent-encoded that a URL would read as something else."""
    return SQLITE + quote(str(path), safe="/")


def _folder(text: str) -> Path:
    """DATA_DIR as an absolute path without symbolic links. Raises BadSetting for what is nobody's intended folder."""
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
    except (OSError, RuntimeError) as loop:  # RuntimeError: symbolic links that lead to one another
        facts = {"folder": text, "why": getattr(loop, "strerror", None) or os.strerror(errno.ELOOP)}
        raise BadSetting(
            "DATA_DIR", Sentence("không tạo hoặc không ghi được thư mục {folder} ({why})", facts)
        ) from loop


def _database(url: str) -> str:
    """DATABASE_URL, if it is read by everybody as it was meant. No refusal repeats what may be a password."""
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
    """RFC 3986: between :// and the last @ stand only a name and a password, percent-encoded; a # belongs nowhere."""
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
    """Whether every % begins an encoded byte, and the bytes are UTF-8 without NUL."""
    try:
        return not _BROKEN_PERCENT.search(text) and "\0" not in unquote_to_bytes(text).decode("utf-8")
    except UnicodeDecodeError:
        return False


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 65536):
        raise BadSetting("PORT", Sentence("“{text}” không phải là một cổng từ 1 đến 65535", {"text": text}))
    return int(text)


def _secret(text: str | None) -> str | None:
    if text is not None and len(text) < SECRET_LENGTH:
        raise BadSetting("SECRET_KEY", Sentence("cần ít nhất {least} ký tự", {"least": SECRET_LENGTH}))
    return text


def _language(text: str) -> Language:
    """`LANGUAGE` is also gettext's own variable ("en_US:en"): what is neither vi nor en speaks Vietnamese."""
    return Language.EN if text == "en" else Language.VI


def _origin(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.netloc or parts.path or parts.query or parts.fragment:
        form = Sentence("“{text}” phải có dạng https://tên-miền, không có dấu / ở cuối", {"text": text})
        raise BadSetting("PUBLIC_ORIGIN", form)
    return text.lower()


def _yes(name: str, given: Mapping[str, str]) -> bool:
    value = given.get(name, "no").lower()
    if value not in {"yes", "no"}:
        raise BadSetting(name, Sentence("chỉ nhận yes hoặc no, không nhận “{value}”", {"value": value}))
    return value == "yes"


def _kept_secret(path: Path) -> str:
    if not path.exists():
        with tempfile.NamedTemporaryFile("w", dir=path.parent, prefix=".secret-") as file:  # mode 0600
            file.write(secrets.token_urlsafe(SECRET_LENGTH))
            file.flush()
            os.fsync(file.fileno())
            with suppress(FileExistsError):  # another process of ours was first
                os.link(file.name, path)  # whole or not at all
    return path.read_text(encoding="utf-8").strip()
