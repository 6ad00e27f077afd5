"""What the desk is told from outside, read once; a setting that is wrong is refused by its name.

| variable | is | default |
|---|---|---|
| `DATABASE_URL` | `sqlite:///…` or `postgresql+psycopg://…` | SQLite in `DATA_DIR` |
| `DATA_DIR` | where the database, films and exports lie | `data/var` |
| `PORT` | the port `make run` serves on | 8501 |
| `SECRET_KEY` | at least 32 characters; signs Streamlit's own cookies | made once in `DATA_DIR` |
| `CONTEST` | the contest file of `init` and `demo` | `data/contests/son-la-2024.toml` |
| `LANGUAGE` | `vi` or `en`, until a visitor chooses | `vi` |
| `PUBLIC_ORIGIN` | the exact addresses people type, e.g. `https://cham.example.vn`, with spaces between | this machine |
| `BEHIND_TLS_PROXY` | `yes`: a proxy in front speaks HTTPS | no |
| `PROXY_ADDRESSES` | proxies whose `X-Forwarded-For` is believed | none |
| `ALLOW_DEMO_ACCOUNTS`, `DEMO_PASSWORDS_ARE_PUBLIC` | both `yes`: serve demo accounts beyond this machine | no |
"""

import errno
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from core.rules.words import Language, Refusal, Sentence

ROOT = Path(__file__).resolve().parent.parent
SECRET_LENGTH = 32


class BadSetting(Refusal):
    """A setting from the environment cannot be used."""

    def __init__(self, name: str, why: Sentence) -> None:
        super().__init__("Biến môi trường {name} không dùng được: {why}.", name=name, why=why)


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything the desk was told from outside."""

    database_url: str
    data_dir: Path
    port: int
    secret_key: str | None
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
        """The secret key; where none was given, one is made once and kept in the data folder for its owner alone."""
        return self.secret_key or _kept_secret(self.folder() / "secret.key")


@cache
def settings() -> Settings:
    """The settings of this process, read from the environment at first use."""
    return read(os.environ)


def read(environment: Mapping[str, str]) -> Settings:
    """The settings an environment tells. Raises BadSetting with the name of the first that is wrong."""
    given = {name: value.strip() for name, value in environment.items() if value.strip()}
    data_dir = Path(given.get("DATA_DIR", ROOT / "data" / "var")).resolve()
    return Settings(
        database_url=_database(given.get("DATABASE_URL", f"sqlite:///{data_dir / 'desk.db'}")),
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


def _database(url: str) -> str:
    if not url.startswith(("sqlite:///", "postgresql+psycopg://")):
        raise BadSetting("DATABASE_URL", Sentence("phải bắt đầu bằng sqlite:/// hoặc postgresql+psycopg://"))
    return url


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
        try:
            with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
                file.write(secrets.token_urlsafe(SECRET_LENGTH))
        except FileExistsError:  # another process of ours was first
            pass
    return path.read_text().strip()
