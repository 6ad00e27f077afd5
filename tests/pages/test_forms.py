"""A form saves what was typed in it and acts on what it showed, whatever changed since it was drawn."""

import ast
import asyncio
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from core.desk.demo.material import PASSWORD
from core.desk.finals import draw
from core.desk.finals.draw import ClosedList
from core.rules.words import VIETNAM
from core.store.engine import connect
from core.store.queries.readings import readings
from pages.kit.pages_registry import FOLDER
from tests.desk.entries.entered import FORM, OFFICE
from tests.serving.finals_server import pass_one, serving_finals
from tests.serving.raw_socket import RawSocket, options, texts, widgets
from tests.serving.servers import Server

FIELDS = frozenset(
    {"checkbox", "date_input", "datetime_input", "file_uploader", "multiselect", "number_input", "pills", "radio",
     "segmented_control", "select_slider", "selectbox", "slider", "text_area", "text_input", "time_input", "toggle"}
)  # fmt: skip
PART_OF_NO_IDENTITY = frozenset({"key", "format_func"})  # a keyed field's, or a function
STATIC = frozenset({"_", "list"})  # a translated label; a list of a constant


def test_the_typed_time_is_kept_when_the_minute_turns(own_demo: Server) -> None:
    """The default of the two fields is the time of now: a minute later it is another."""
    read = (datetime.now(VIETNAM) - timedelta(days=1)).replace(hour=7, minute=42, second=0, microsecond=0)

    async def saved() -> str:
        async with RawSocket(own_demo.origin, own_demo.cookies("kenh", PASSWORD)) as socket:
            ids = widgets(drawn := await socket.run("interactions"))
            typed: dict[str, tuple[str, Any]] = {
                ids["Tác phẩm"]: ("string_value", options(drawn, "Tác phẩm")[0]),
                ids["Ngày đọc số liệu"]: ("string_array_value", [f"{read:%Y/%m/%d}"]),
                ids["Giờ đọc số liệu (giờ Việt Nam)"]: ("string_value", "07:42"),
                ids["Giải thích, nếu số liệu khác thường"]: ("string_value", "Bài lên trang lớn."),
                ids["Lưu số liệu"]: ("trigger_value", True),
            }
            typed |= {ids[name]: ("string_value", "9999") for name in ("Cảm xúc", "Bình luận", "Chia sẻ", "Lượt xem")}
            await asyncio.sleep(60.5 - datetime.now(VIETNAM).second)
            return texts(await socket.run("interactions", widgets=typed))

    assert "Lưu số liệu" in asyncio.run(saved())
    with closing(connect(own_demo.database_url)) as store, store.read() as connection:
        newest = max(readings(connection), key=lambda each: each.id)
    assert newest.counts["reactions"] == 9999
    assert newest.taken_at == round(read.timestamp() * 1000)


@pytest.fixture
def finals(demo_template: Path, tmp_path: Path) -> Iterator[Server]:
    with serving_finals(demo_template, tmp_path / "var") as server:
        yield server


def test_a_list_that_changed_since_it_was_shown_is_not_closed(finals: Server) -> None:
    """Another work passes between the page and the click: the click is refused once, and the page shows both."""

    async def clicks() -> list[str]:
        async with RawSocket(finals.origin, finals.cookies("thuky", PASSWORD)) as socket:
            drawn = await socket.run("finals")
            closes: dict[str, tuple[str, Any]] = {
                widgets(drawn)["Con số bốc thăm sẽ lấy từ đâu"]: ("string_value", "Xổ số miền Bắc"),
                widgets(drawn)["Chốt danh sách"]: ("trigger_value", True),
            }
            pass_one(finals, replace(FORM, title="Chợ phiên số bản Bó"))
            shown = [texts(drawn), texts(await socket.run("finals", widgets=closes))]
            assert closed_list(finals) is None
            await socket.run("finals", widgets=closes)
            return [*shown, texts(await socket.until_finished())]

    first, refused, closed = asyncio.run(clicks())
    assert "**1** tác phẩm" in first and "**2** tác phẩm" in refused
    assert "Danh sách lần 1: 2 tác phẩm" in closed and closed_list(finals) is not None


def closed_list(server: Server) -> ClosedList | None:
    with closing(connect(server.database_url)) as store:
        return draw.state(store, OFFICE).closed


def unkeyed(source: str) -> list[int]:
    """The lines of the fields without a key whose identity comes from more than constants."""
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    fields = [call for call in calls if isinstance(call.func, ast.Attribute) and call.func.attr in FIELDS]
    return [call.lineno for call in fields if not _has(call, "key") and not all(map(_constant, _identity(call)))]


def _has(call: ast.Call, name: str) -> bool:
    return any(each.arg == name for each in call.keywords)


def _identity(call: ast.Call) -> list[ast.expr]:
    return [*call.args, *(each.value for each in call.keywords if each.arg not in PART_OF_NO_IDENTITY)]


def _constant(node: ast.expr) -> bool:
    """Whether it has one value: a literal, a constant of the module, or a label made of these."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in STATIC:
        return all(map(_constant, node.args))
    if isinstance(node, ast.Name):
        return node.id.isupper() or node.id == "Role"
    if isinstance(node, ast.Attribute):
        return node.attr.isupper()
    return isinstance(node, ast.Constant)


@pytest.mark.parametrize(
    "source, lines",
    [
        ('st.text_input(_("Lý do"), max_chars=REASON)', []),
        ('st.text_input(_("Tên"), form.title)', [1]),
        ('st.text_input(_("Tên"), form.title, key=f"{key}_title")', []),
        ('left.time_input(_("Giờ"), minute, step=60)', [1]),
        ('st.selectbox(_("Tác phẩm"), list(titles), index=None)', [1]),
        ("st.text_input(label)", [1]),
    ],
)
def test_a_planted_field_is_found(source: str, lines: list[int]) -> None:
    assert unkeyed(source) == lines


def test_every_field_that_is_drawn_from_data_or_the_clock_has_a_key() -> None:
    found = {
        f"{page.relative_to(FOLDER)}:{line}"
        for page in FOLDER.rglob("*.py")
        for line in unkeyed(page.read_text(encoding="utf-8"))
    }
    assert found == set()
