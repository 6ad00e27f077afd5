"""Scripts and styles after an upgrade: a browser never mixes an old file with a new one."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from core.desk.demo.material import PASSWORD
from core.web import assets
from tests.serving.servers import Server

PAGES = {  # page -> the account that opens it
    "/": "",
    "/queue": "gk02",
    "/board": "gk01",
    "/board?hall=1": "gk01",
    "/board/charts": "gk01",
    "/board/progress": "",
    "/board/progress?hall=1": "",
    "/auth/watch": "",
    "/sheet/T-417": "gk02",
    "/sheet/T-000": "gk02",
}
NAMED = re.compile(r"""(?:src=|href=|url\(|from |import )["']([^"'#]+\.(?:js|css|svg|woff2))["']""")
FACES = "/assets/fonts/"
STREAMLITS = "/static/"  # named by their own fingerprints


@pytest.fixture(scope="module")
def reader(demo: Server) -> Iterator[httpx.Client]:
    with demo.client() as client:
        yield client


def named(client: httpx.Client, page: httpx.Response) -> dict[str, httpx.Response]:
    """Every asset that a page refers to, and those that these refer to: address -> response."""
    found: dict[str, httpx.Response] = {}
    pending = [page]
    while pending:
        naming = pending.pop()
        if "plotly" in naming.url.path or naming.url.path.startswith(FACES):
            continue
        for name in NAMED.findall(naming.text):
            address = naming.url.join(name).path
            if address not in found and not address.startswith(STREAMLITS):
                found[address] = client.get(address)
                pending.append(found[address])
    return found


@pytest.mark.parametrize("path, who", PAGES.items())
def test_a_page_names_all_it_needs_under_the_fingerprint(demo: Server, path: str, who: str) -> None:
    with demo.client(who or None, PASSWORD) as client:
        found = named(client, client.get(path))
    assert found
    for address, answer in found.items():
        assert answer.status_code == 200, address
        face = address.startswith(FACES)
        assert face or address.startswith(f"{assets.HERE}/"), address
        assert answer.headers["cache-control"] == (assets.FOR_A_DAY if face else assets.FOREVER), address


def test_a_page_that_refuses_names_its_style_under_the_fingerprint(demo: Server) -> None:
    with demo.client("gk02", PASSWORD) as client:
        refused = client.get("/board")
        assert refused.status_code == 403
        assert f"{assets.HERE}/desk.css" in named(client, refused)


def test_one_changed_byte_of_any_file_is_another_address(tmp_path: Path) -> None:
    copies = [Path(shutil.copy(path, tmp_path)) for path in assets.named()]
    assert {"follow.js", "charts.css", "watch.js", "sheet.js", "plotly.min.js"} < {path.name for path in copies}
    assert assets.address(copies) == assets.HERE
    for path in copies:
        was = path.read_bytes()
        path.write_bytes(was + b"\n")
        assert assets.address(copies) != assets.HERE, path.name
        path.write_bytes(was)


def test_another_fingerprint_is_not_answered(reader: httpx.Client) -> None:
    assert reader.get("/assets/0123456789ab/follow.js").status_code == 404


def test_a_plain_name_answers_and_is_requested_again(reader: httpx.Client) -> None:
    for name in (path.name for path in assets.named()[:-1]):
        plain = reader.get(f"/assets/{name}")
        assert (plain.status_code, plain.headers["cache-control"]) == (200, "no-cache"), name
        again = reader.get(f"/assets/{name}", headers={"if-none-match": plain.headers["etag"]})
        assert (again.status_code, again.headers["cache-control"]) == (304, "no-cache"), name


def test_every_font_file_exists_and_is_named(reader: httpx.Client) -> None:
    named_faces = set(re.findall(r'url\("([^"]+)"\)', (assets.STATIC / "fonts.css").read_text()))
    assert named_faces == {FACES + path.name for path in (assets.STATIC / "fonts").glob("*.woff2")}
    assert {reader.get(face).headers["cache-control"] for face in named_faces} == {assets.FOR_A_DAY}
