"""Environment variables are read as intended or refused by name; a password is never repeated (DECISIONS 56)."""

from pathlib import Path
from urllib.parse import quote

import pytest
import sqlalchemy as sa

from core import cli
from core.settings import BadSetting, read, sqlite_url
from tests.cli.commands import Commands, core
from tests.serving.databases import APPLICATION, TEMPLATE, Cluster

__all__ = ["core"]
SECRET = "mat-khau-bi-mat"


@pytest.mark.parametrize(
    "password",
    [
        "a@b",
        "a/b",
        "a#b",
        "a?b",
        "a%b",
        "50%",
        "%zz",
        "%",
        "@",
        "a@b@c",
        "a/b#c?d@e",
        "a:b@c",
        "?x=1@2",
        "%E1%BB",
        "%FF",
        "%00",
    ],
)
def test_the_refusal_of_an_unencoded_password_explains_the_encoding(password: str) -> None:
    url = f"postgresql+psycopg://desk:{SECRET}{password}@localhost:5432/desk"
    with pytest.raises(BadSetting) as refused:
        read({"DATABASE_URL": url})
    message = str(refused.value)
    assert "DATABASE_URL" in message and "mã hóa phần trăm" in message and "a%40b%2Fc" in message
    assert SECRET not in message and "\n" not in message


@pytest.mark.parametrize("password", ["a@b/c#d?e%f:g", "%41", "ký tự", "'\"\\`$ &=+", ":", "x" * 200])
def test_an_encoded_one_is_taken_whole(password: str) -> None:
    url = f"postgresql+psycopg://desk:{quote(password, safe='')}@localhost/desk"
    assert sa.make_url(read({"DATABASE_URL": url}).database_url).password == password


@pytest.mark.parametrize(
    "url",
    [
        "postgresql+psycopg:///desk",
        "postgresql+psycopg://desk@/desk?host=/var/run/postgresql",
        "postgresql+psycopg://desk:x@[::1]:5432/desk?sslmode=verify-full&options=-c%20search_path%3Da",
        "postgresql+psycopg://desk:x@/desk?host=a:5432&host=b:5433&target_session_attrs=read-write",
        "postgresql+psycopg://desk:x@db.example.vn/desk",
    ],
)
def test_the_usual_forms_are_taken(url: str) -> None:
    assert read({"DATABASE_URL": url}).database_url == url


@pytest.mark.parametrize("host", ["h:54x2", "h:0", "h:65536", "h:", "a:5432,b:5433", "[::1]:x"])
def test_an_invalid_port_is_named(host: str) -> None:
    with pytest.raises(BadSetting, match="cổng sau dấu : không phải"):
        read({"DATABASE_URL": f"postgresql+psycopg://desk:x@{host}/desk"})


def test_the_printed_settings_contain_no_secret() -> None:
    settings = read({"DATABASE_URL": f"postgresql+psycopg://desk:{SECRET}@h/desk", "SECRET_KEY": SECRET * 3})
    assert SECRET not in repr(settings)


@pytest.mark.parametrize("path", ["/a b/%20?#&'\"[é\n.db", "rel/x.db", "/100%"])
def test_the_url_of_a_file_leads_back_to_it(path: str) -> None:
    assert sa.make_url(sqlite_url(Path(path))).database == path


@pytest.mark.parametrize("more", [[], ["--trace"]])
@pytest.mark.parametrize("command", [["verify"], ["account", "list"], ["grants", "desk"], ["init"], ["backup", "copy"]])
def test_no_command_prints_a_password(
    core: Commands, cluster: Cluster, command: list[str], more: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    url = sa.make_url(cluster.url(TEMPLATE, APPLICATION, tcp=True)).set(password=SECRET)
    status, out, err = core(*more, *command, DATABASE_URL=url.render_as_string(hide_password=False))
    assert status == cli.REFUSED and "không nhận vai trò" in err and SECRET not in out + err + caplog.text


MAIL = {"MAIL_HOST": "smtp.example.vn", "MAIL_SENDER": "cuocthi@example.vn"}


class TestMail:
    def test_it_is_off_unless_a_server_is_named(self) -> None:
        assert read({"MAIL_SENDER": "cuocthi@example.vn"}).mail is None
        mail = read(MAIL).mail
        assert mail is not None and (mail.host, mail.port, mail.user) == ("smtp.example.vn", 587, "")

    @pytest.mark.parametrize(
        "given,named",
        [
            ({"MAIL_SENDER": ""}, "MAIL_SENDER"),
            ({"MAIL_SENDER": "a@b.vn\nBcc: c@d.vn"}, "MAIL_SENDER"),
            ({"MAIL_PORT": "0"}, "MAIL_PORT"),
            ({"MAIL_USER": "desk"}, "MAIL_USER"),
        ],
    )
    def test_what_is_wrong_is_named(self, given: dict[str, str], named: str) -> None:
        with pytest.raises(BadSetting, match=named):
            read({**MAIL, **given})


GRAPH = {"GRAPH_API_TOKEN": "EAAb" + SECRET.replace("-", "x") * 2, "GRAPH_API_PAGE": "100200300400"}


class TestGraphApi:
    def test_it_is_off_unless_a_token_is_given(self) -> None:
        assert read({"GRAPH_API_PAGE": "100200300400", "GRAPH_API_ORIGIN": "x"}).graph is None
        graph = read(GRAPH).graph
        assert graph is not None
        assert (graph.page, graph.secure, graph.host, graph.port) == ("100200300400", True, "graph.facebook.com", 443)

    @pytest.mark.parametrize(
        "origin,secure,host,port",
        [
            ("https://graph.example.vn", True, "graph.example.vn", 443),
            ("https://10.0.0.1:8443", True, "10.0.0.1", 8443),
            ("http://127.0.0.1:9000", False, "127.0.0.1", 9000),
            ("http://[::1]", False, "::1", 80),
            ("http://localhost:1", False, "localhost", 1),
        ],
    )
    def test_another_server_is_https_or_this_machine(self, origin: str, secure: bool, host: str, port: int) -> None:
        graph = read({**GRAPH, "GRAPH_API_ORIGIN": origin}).graph
        assert graph is not None and (graph.secure, graph.host, graph.port) == (secure, host, port)

    @pytest.mark.parametrize(
        "given,named",
        [
            ({"GRAPH_API_TOKEN": "ngan"}, "GRAPH_API_TOKEN"),
            ({"GRAPH_API_TOKEN": "x" * 30 + "\r\nHost: evil.vn"}, "GRAPH_API_TOKEN"),
            ({"GRAPH_API_TOKEN": "x" * 30 + " y"}, "GRAPH_API_TOKEN"),
            ({"GRAPH_API_PAGE": ""}, "GRAPH_API_PAGE"),
            ({"GRAPH_API_PAGE": "cuocthi"}, "GRAPH_API_PAGE"),
            ({"GRAPH_API_PAGE": GRAPH["GRAPH_API_TOKEN"]}, "GRAPH_API_PAGE"),
            *(
                ({"GRAPH_API_ORIGIN": origin}, "GRAPH_API_ORIGIN")
                for origin in (
                    "graph.facebook.com", "http://graph.facebook.com", "ftp://127.0.0.1", "https://:443", "https://a.vn/v1",
                    "https://a.vn?x=1", "https://u@a.vn", "https://a.vn:99999", "http://127.0.0.1.evil.vn", "https://[::1",
                    "https://a.vn#x", "http://10.0.0.1", "https://a vn",
                )
            ),
        ],
    )  # fmt: skip
    def test_what_is_wrong_is_named_and_no_value_is_repeated(self, given: dict[str, str], named: str) -> None:
        with pytest.raises(BadSetting, match=named) as refused:
            read({**GRAPH, **given})
        message = str(refused.value)
        assert not any(value in message for value in (GRAPH["GRAPH_API_TOKEN"], *filter(None, given.values())))

    def test_the_printed_settings_contain_no_token(self) -> None:
        assert GRAPH["GRAPH_API_TOKEN"] not in repr(read(GRAPH))
