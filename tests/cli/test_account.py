"""`account`: the same desk without a screen; what is secret is printed once, alone on standard output."""

from datetime import UTC, datetime

import pytest

from core import cli
from core.cli import account
from core.desk import context
from core.desk.accounts import passwords, sessions
from core.rules.access import NotAllowed
from core.store.engine import Store

NOW = datetime(2026, 1, 5, 8, tzinfo=UTC)
Localizable = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def desk(store: Store, monkeypatch: pytest.MonkeyPatch) -> Store:
    """The command finds this database."""
    monkeypatch.setattr(passwords, "ROUNDS", 4)
    monkeypatch.setattr(context, "store", lambda: store)
    return store


def ran(*words: str) -> int:
    return cli.main(["account", *words])


def made(said: Localizable, username: str = "gk1", roles: str = "judge", name: str = "Lò Thị Hoà") -> str:
    """The temporary password of a new account."""
    assert ran("add", username, "--name", name, "--roles", roles) == cli.DONE
    return said.readouterr().out


def signs_in(store: Store, username: str, password: str) -> str:
    return sessions.sign_in(store, sessions.Attempt(username, password, "10.0.0.1", "browser"), NOW)


def test_a_new_account_prints_its_password_alone_and_it_opens_the_door(desk: Store, capsys: Localizable) -> None:
    assert ran("add", "gk1", "--name", "Lò Thị Hoà", "--roles", "judge,chief") == cli.DONE
    out, told = capsys.readouterr()
    assert out.count("\n") == 1 and "một lần" in told
    assert signs_in(desk, "gk1", out.strip())


def test_the_list_names_everybody_with_their_roles_and_no_secret(capsys: Localizable) -> None:
    secret = made(capsys).strip()
    made(capsys, "quantri", "admin", "Vì Thị Xuân")
    assert ran("deactivate", "gk1") == cli.DONE
    assert ran("list") == cli.DONE
    out = capsys.readouterr().out
    first, second = out.splitlines()
    assert first.startswith("gk1\tLò Thị Hoà\tjudge\tđã kh")
    assert second == "quantri\tVì Thị Xuân\tadmin"
    assert secret not in out


def test_roles_are_set_whole(desk: Store, capsys: Localizable) -> None:
    made(capsys)
    assert ran("roles", "gk1", " Committee , secretary ") == cli.DONE
    ran("list")
    assert capsys.readouterr().out == "gk1\tLò Thị Hoà\tcommittee,secretary\n"


def test_a_new_password_replaces_the_old_one(desk: Store, capsys: Localizable) -> None:
    old = made(capsys).strip()
    assert ran("password", "gk1") == cli.DONE
    new = capsys.readouterr().out.strip()
    with pytest.raises(sessions.WrongPassword):
        signs_in(desk, "gk1", old)
    assert signs_in(desk, "gk1", new)


def test_a_link_leads_to_the_reset_page(capsys: Localizable) -> None:
    made(capsys)
    assert ran("link", "gk1") == cli.DONE
    address = capsys.readouterr().out.strip()
    assert address.startswith("http") and "/reset?link=" in address


def test_a_closed_account_signs_in_no_more_until_it_is_opened_again(desk: Store, capsys: Localizable) -> None:
    password = made(capsys).strip()
    assert ran("deactivate", "gk1") == cli.DONE
    with pytest.raises((sessions.WrongPassword, NotAllowed)):
        signs_in(desk, "gk1", password)
    assert ran("reactivate", "gk1") == cli.DONE
    assert signs_in(desk, "gk1", password)


@pytest.mark.parametrize(
    "words, says",
    [
        (["roles", "gk1", "hieutruong"], "Không có vai trò hieutruong"),
        (["roles", "gk1", "judge,committee"], "không kiêm"),
        (["roles", "gk1", ","], "ít nhất một vai trò"),
        (["add", "gk1", "--name", "A", "--roles", "judge"], "đã có người dùng"),
        (["add", "Ộ", "--name", "A", "--roles", "judge"], "3–32"),
        (["add", "gk2", "--name", "  ", "--roles", "judge"], "họ và tên"),
        (["link", "khongai"], "Không có tài khoản khongai"),
        (["deactivate", "khongai"], "Không có tài khoản khongai"),
    ],
)
def test_what_cannot_be_is_one_clear_line_and_status_one(words: list[str], says: str, capsys: Localizable) -> None:
    made(capsys)
    assert ran(*words) == cli.REFUSED
    out, told = capsys.readouterr()
    assert out == "" and says in told and told.count("\n") == 1


def test_an_act_nobody_knows_is_wrong_usage(capsys: Localizable) -> None:
    assert ran("promote", "gk1") == cli.USAGE
    assert account.NAME in capsys.readouterr().err
