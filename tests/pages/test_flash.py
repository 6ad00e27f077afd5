"""The toast of an action is shown by the next complete run, not by the run that `st.rerun` ends."""

import asyncio
from typing import Any

from core.desk.demo.material import PASSWORD
from pages.kit.pages_registry import FOLDER
from tests.serving.raw_socket import RawSocket, elements, options, widgets
from tests.serving.servers import Server

TOAST = "Đã lưu số liệu của T\\-094; số liệu được tính khi một người khác xác nhận."  # Markdown: the code is escaped


def test_a_completed_action_is_announced_once_by_the_run_that_shows_it(own_demo: Server) -> None:
    async def toasts() -> list[list[str]]:
        async with RawSocket(own_demo.origin, own_demo.cookies("kenh", PASSWORD)) as socket:
            widget_ids = widgets(drawn := await socket.run("interactions"))
            widget_values: dict[str, tuple[str, Any]] = {widget_ids["Lưu số liệu"]: ("trigger_value", True)}
            (first_work, *_) = options(drawn, "Tác phẩm")
            widget_values[widget_ids["Tác phẩm"]] = ("string_value", first_work)
            for name in ("Cảm xúc", "Bình luận", "Chia sẻ", "Lượt xem"):
                widget_values[widget_ids[name]] = ("string_value", "9999")
            widget_values[widget_ids["Giải thích, nếu số liệu khác thường"]] = ("string_value", "Bài lên trang lớn.")
            runs = [await socket.run("interactions", widgets=widget_values)]  # the act's own, which ends in the next
            runs += [await socket.until_finished(), await socket.run("interactions")]
            return [[str(each.body) for kind, each in elements(run) if kind == "toast"] for run in runs]

    assert asyncio.run(toasts()) == [[], [TOAST], []]


def test_no_page_announces_it_another_way() -> None:
    pages = [page for page in FOLDER.rglob("*.py") if "st.toast" in page.read_text(encoding="utf-8")]
    assert pages == [FOLDER / "kit" / "flash.py"]
