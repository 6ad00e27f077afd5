"""Where the server refuses to start, and with which message: `Application.check` and `core.settings`."""

from dataclasses import replace
from pathlib import Path

import pytest

from core.desk import context
from core.desk.accounts import accounts
from core.rules.words import Language
from core.settings import BadSetting, Settings, read
from core.store.engine import Store
from core.web.application import Application, DemoBeyondLoopback, NeedsTls
from core.web.http.client_address import loopback

PLAIN = read({"DATA_DIR": "nowhere"})
HTTPS = replace(PLAIN, public_origins=("https://cham.example.vn",), behind_tls_proxy=True)


@pytest.fixture
def demo(sqlite_store: Store, monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Set whether the database has demo accounts."""
    there = [False]
    monkeypatch.setattr(context, "store", lambda **_: sqlite_store)
    monkeypatch.setattr(accounts, "any_demo", lambda _store: there[0])
    return there


def checked(settings: Settings, address: str | None) -> None:
    Application(settings, address, 8501, frozenset({"/"}), "").check()


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "localhost", "127.8.8.8"])
def test_on_this_machine_only_no_setting_is_needed(demo: list[bool], address: str) -> None:
    demo[0] = True
    checked(PLAIN, address)


@pytest.mark.parametrize("address", [None, "", "0.0.0.0", "::", "192.168.1.5", "cham.example.vn"])  # noqa: S104  # what is tested
def test_beyond_it_https_is_required(demo: list[bool], address: str | None) -> None:
    assert not loopback(address)
    for settings in (
        PLAIN,
        replace(HTTPS, behind_tls_proxy=False),
        replace(HTTPS, public_origins=()),
        replace(HTTPS, public_origins=("http://cham.example.vn",)),
        replace(HTTPS, public_origins=("https://cham.example.vn", "http://cham.example.vn")),
    ):
        with pytest.raises(NeedsTls):
            checked(settings, address)
    checked(HTTPS, address)


@pytest.mark.parametrize("address", ["0.0.0.0", "127.0.0.1"])  # noqa: S104  # what is tested
def test_demo_accounts_beyond_this_machine_need_a_second_setting(demo: list[bool], address: str) -> None:
    """Demo accounts beyond this machine need a second setting. A proxy makes a loopback address reachable from its
    public origin.
    """
    demo[0] = True
    once = {"ALLOW_DEMO_ACCOUNTS": "yes"}
    twice = {**once, "DEMO_PASSWORDS_ARE_PUBLIC": "yes"}
    for settings in ({}, once, {"DEMO_PASSWORDS_ARE_PUBLIC": "yes"}):
        with pytest.raises(DemoBeyondLoopback):
            checked(replace(HTTPS, demo_beyond_loopback=read(settings).demo_beyond_loopback), address)
    checked(replace(HTTPS, demo_beyond_loopback=read(twice).demo_beyond_loopback), address)


class TestSettings:
    @pytest.mark.parametrize(
        "name, value",
        [
            ("PORT", "80a"),
            ("PORT", "0"),
            ("PORT", "65536"),
            ("PORT", "８５０１"),
            ("DATABASE_URL", "mysql://x"),
            ("DATABASE_URL", "postgresql://x"),
            ("SECRET_KEY", "short"),
            ("PUBLIC_ORIGIN", "cham.example.vn"),
            ("PUBLIC_ORIGIN", "https://cham.example.vn/"),
            ("BEHIND_TLS_PROXY", "true"),
            ("ALLOW_DEMO_ACCOUNTS", "1"),
        ],
    )
    def test_a_wrong_one_is_refused_by_its_name(self, name: str, value: str) -> None:
        with pytest.raises(BadSetting, match=name):
            read({name: value})

    def test_an_empty_one_is_not_set(self) -> None:
        assert read({"PORT": "", "PUBLIC_ORIGIN": " "}).port == 8501

    def test_gettexts_own_variable_does_not_stop_the_desk(self) -> None:
        assert read({"LANGUAGE": "en_US:en"}).language is Language.VI
        assert read({"LANGUAGE": "en"}).language is Language.EN

    def test_the_secret_is_created_once_and_only_its_owner_can_read_it(self, tmp_path: Path) -> None:
        settings = read({"DATA_DIR": str(tmp_path / "var")})
        assert settings.secret() == settings.secret()
        assert len(settings.secret()) >= 32
        assert (tmp_path / "var" / "secret.key").stat().st_mode & 0o077 == 0
        assert replace(settings, secret_key="x" * 32).secret() == "x" * 32
