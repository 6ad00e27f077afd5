"""`account`: account management on the command line; a secret is printed once, alone on standard output."""

from datetime import UTC, datetime

import pytest

from core import cli
from core.cli import account
from core.desk import context
from core.desk.accounts import passwords, sessions
from core.rules.access import NotAllowed
from core.store.engine import Store

NOW = datetime(2026, 1, 5, 8, tzinfo=UTC)
Captured = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def desk(store: Store, monkeypatch: pytest.MonkeyPatch) -> Store:
    """Make the command use this database."""
    monkeypatch.setattr(passwords, "ROUNDS", 4)
    monkeypatch.setattr(context, "store", lambda: store)
    return store


def ran(*words: str) -> int:
    return cli.main(["account", *words])


def made(captured: Captured, username: str = "gk1", roles: str = "judge", name: str = "Lò Thị Hoà") -> str:
    """Create an account. Returns its temporary password."""
    assert ran("add", username, "--name", name, "--roles", roles) == cli.DONE
    return captured.readouterr().out


def signs_in(store: Store, username: str, password: str) -> str:
    return sessions.sign_in(store, sessions.Attempt(username, password, "10.0.0.1", "browser"), NOW)


def test_a_new_account_prints_only_its_password_and_it_signs_in(desk: Store, capsys: Captured) -> None:
    assert ran("add", "gk1", "--name", "Lò Thị Hoà", "--roles", "judge,chief") == cli.DONE
    out, err = capsys.readouterr()
    assert out.count("\n") == 1 and "một lần" in err
    assert signs_in(desk, "gk1", out.strip())


def test_the_list_names_everybody_with_their_roles_and_no_secret(capsys: Captured) -> None:
    secret = made(capsys).strip()
    made(capsys, "quantri", "admin", "Vì Thị Xuân")
    assert ran("deactivate", "gk1") == cli.DONE
    assert ran("list") == cli.DONE
    out = capsys.readouterr().out
    first, second = out.splitlines()
    assert first.startswith("gk1\tLò Thị Hoà\tjudge\tđã kh")
    assert second == "quantri\tVì Thị Xuân\tadmin"
    assert secret not in out


def test_roles_are_set_whole(desk: Store, capsys: Captured) -> None:
    made(capsys)
    assert ran("roles", "gk1", " Committee , secretary ") == cli.DONE
    ran("list")
    assert capsys.readouterr().out == "gk1\tLò Thị Hoà\tcommittee,secretary\n"


def test_a_new_password_replaces_the_old_one(desk: Store, capsys: Captured) -> None:
    old = made(capsys).strip()
    assert ran("password", "gk1") == cli.DONE
    new = capsys.readouterr().out.strip()
    with pytest.raises(sessions.WrongPassword):
        signs_in(desk, "gk1", old)
    assert signs_in(desk, "gk1", new)


def test_a_link_leads_to_the_reset_page(capsys: Captured) -> None:
    made(capsys)
    assert ran("link", "gk1") == cli.DONE
    address = capsys.readouterr().out.strip()
    assert address.startswith("http") and "/reset?link=" in address


def test_a_closed_account_signs_in_no_more_until_it_is_opened_again(desk: Store, capsys: Captured) -> None:
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
def test_a_refused_action_is_one_clear_line_and_status_one(words: list[str], says: str, capsys: Captured) -> None:
    made(capsys)
    assert ran(*words) == cli.REFUSED
    out, err = capsys.readouterr()
    assert out == "" and says in err and err.count("\n") == 1


def test_an_unknown_action_is_wrong_usage(capsys: Captured) -> None:
    assert ran("promote", "gk1") == cli.USAGE
    assert account.NAME in capsys.readouterr().err
