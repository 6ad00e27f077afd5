"""The client's address: headers of untrusted clients are ignored (docs/security.md, Gate; PROXY_ADDRESSES)."""

import pytest

from core.web.http.client_address import visitor

PROXY = frozenset({"127.0.0.1"})
FAR = frozenset({"10.0.0.2", "10.0.0.3"})


class TestLoopbackClients:
    """uvicorn accepts X-Forwarded-For from any local client and replaces the client address; the desk ignores that
    value.
    """

    @pytest.mark.parametrize("client", ["203.0.113.9", "x" * 200, ""])
    def test_without_a_proxy_the_header_is_ignored(self, client: str) -> None:
        assert visitor(client, "203.0.113.9", frozenset(), inside=True) == "127.0.0.1"

    def test_the_proxy_is_trusted_even_if_uvicorn_has_replaced_the_address(self) -> None:
        assert visitor("203.0.113.9", "198.51.100.7, 203.0.113.9", PROXY, inside=True) == "203.0.113.9"
        assert visitor("127.0.0.1", "203.0.113.9", PROXY, inside=True) == "203.0.113.9"

    def test_another_address_of_this_machine_is_not_a_proxy(self) -> None:
        assert visitor("127.0.0.5", "203.0.113.9", PROXY, inside=True) == "127.0.0.5"

    def test_a_proxy_that_sends_no_header_is_itself_the_visitor(self) -> None:
        assert visitor("127.0.0.1", " , ", PROXY, inside=True) == "127.0.0.1"


class TestOtherClients:
    def test_the_visitor_is_the_last_address_that_is_not_a_proxy(self) -> None:
        forwarded = "1.1.1.1, 203.0.113.9, 10.0.0.3"
        assert visitor("10.0.0.2", forwarded, FAR, inside=False) == "203.0.113.9"
        assert visitor("10.0.0.9", forwarded, FAR, inside=False) == "10.0.0.9"

    def test_a_long_value_is_cut(self) -> None:
        assert len(visitor("10.0.0.2", "x" * 200, FAR, inside=False)) == 64
