"""Whose address a request has: what a stranger claims is worth nothing (docs/security.md, Gate; PROXY_ADDRESSES)."""

import pytest

from core.web.http.client_address import visitor

PROXY = frozenset({"127.0.0.1"})
FAR = frozenset({"10.0.0.2", "10.0.0.3"})


class TestWhereOnlyThisMachineConnects:
    """uvicorn puts X-Forwarded-For in the client's place for anybody on this machine: that word is not ours."""

    @pytest.mark.parametrize("client", ["203.0.113.9", "x" * 200, ""])
    def test_without_a_proxy_nobody_is_believed(self, client: str) -> None:
        assert visitor(client, "203.0.113.9", frozenset(), inside=True) == "127.0.0.1"

    def test_the_proxy_is_believed_though_uvicorn_has_put_its_word_there(self) -> None:
        assert visitor("203.0.113.9", "198.51.100.7, 203.0.113.9", PROXY, inside=True) == "203.0.113.9"
        assert visitor("127.0.0.1", "203.0.113.9", PROXY, inside=True) == "203.0.113.9"

    def test_another_address_of_this_machine_is_no_proxy(self) -> None:
        assert visitor("127.0.0.5", "203.0.113.9", PROXY, inside=True) == "127.0.0.5"

    def test_a_proxy_that_says_nothing_is_itself_the_visitor(self) -> None:
        assert visitor("127.0.0.1", " , ", PROXY, inside=True) == "127.0.0.1"


class TestWhereOthersConnect:
    def test_a_proxy_is_believed_to_the_last_that_is_none(self) -> None:
        told = "1.1.1.1, 203.0.113.9, 10.0.0.3"
        assert visitor("10.0.0.2", told, FAR, inside=False) == "203.0.113.9"
        assert visitor("10.0.0.9", told, FAR, inside=False) == "10.0.0.9"

    def test_a_long_word_is_cut(self) -> None:
        assert len(visitor("10.0.0.2", "x" * 200, FAR, inside=False)) == 64
