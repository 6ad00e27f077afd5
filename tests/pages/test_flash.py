"""What an act has done is said by the run that shows how things stand, not by one that is over before it is drawn."""

import asyncio
from typing import Any

from core.desk.demo.material import PASSWORD
from pages.kit.pages_registry import FOLDER
from tests.serving.raw_socket import RawSocket, elements, widgets
from tests.serving.servers import Server

SAID = "Đã lưu số liệu của T\\-094."  # Markdown: the code is escaped


def test_what_was_done_is_said_once_by_the_run_that_shows_it(own_demo: Server) -> None:
    async def toasts() -> list[list[str]]:
        async with RawSocket(own_demo.origin, own_demo.cookies("kenh", PASSWORD)) as socket:
            drawn = widgets(await socket.run("interactions"))
            told: dict[str, tuple[str, Any]] = {drawn["Lưu số liệu"]: ("trigger_value", True)}
            for name in ("Cảm xúc", "Bình luận", "Chia sẻ", "Lượt xem"):
                told[drawn[name]] = ("string_value", "9999")
            runs = [await socket.run("interactions", widgets=told)]  # the act's own, which ends in the next
            runs += [await socket.until_finished(), await socket.run("interactions")]
            return [[str(each.body) for kind, each in elements(run) if kind == "toast"] for run in runs]

    assert asyncio.run(toasts()) == [[], [SAID], []]


def test_no_page_says_it_another_way() -> None:
    pages = [page for page in FOLDER.rglob("*.py") if "st.toast" in page.read_text(encoding="utf-8")]
    assert pages == [FOLDER / "kit" / "flash.py"]
