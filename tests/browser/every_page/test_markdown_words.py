"""Outside text is shown literally in every element that reads Markdown: no link, no image, no arrow."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.person import Visit, still
from tests.serving.servers import Server, serving

WORDS = (
    "www.stranger.example", "https://stranger.example/a?b=c#d", "Xem http://127.0.0.1:1/b ngay", "HTTPS://STRANGER.EXAMPLE",
    "WWW.Stranger.Example/x", "lo@stranger.example", "mailto:lo@stranger.example", "xmpp:a@b.example", "//stranger.example",
    ":smile: :+1: :material/lock: :streamlit: :red[đỏ] :blue-badge[x] :small[]", "A -> B <- C <-> D -- E >= F <= G ~= H",
    "![x](https://stranger.example/x.png) [y](www.stranger.example) <a href=x>z</a>", "**đậm** _nghiêng_ ~~gạch~~ `mã` $x^2$ $$y$$",
    "# Đề mục", "1. một", "- hai", "> ba", "a | b", "--- ", "https\\://stranger.example", "&lt;b&gt; &#58;", "T-101: Sống số", "[^1]: x",
)  # fmt: skip
PLACES = ("markdown", "caption", "error", "success", "title", "subheader", "button", "checkbox", "expander", "sentence")
DRAWN = "a:not([href^='#']), img, .katex, code, del, blockquote, li"
TEXT = "each => each.querySelector('[data-testid=stMarkdownContainer], [data-testid=stCaptionContainer]').textContent"


@pytest.fixture(scope="module")
def words(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder: Path = tmp_path_factory.mktemp("words")
    with serving(folder, script="tests/browser/markdown_words.py", WORDS=json.dumps(WORDS)) as server:
        yield server


def test_they_are_read_as_they_were_typed(words: Server, visit: Callable[..., Visit]) -> None:
    page: Page = visit(words).open("/")
    still(page)
    for place in PLACES:
        texts = page.evaluate(
            "([place, count]) => [...Array(count).keys()].map(at => "
            f"({TEXT})(document.querySelector(`.st-key-${{place}}_${{at}}`)))",
            [place, len(WORDS)],
        )
        assert texts == [" ".join(each.split()) for each in WORDS], place
        assert page.locator(f"[class*='st-key-{place}_'] :is({DRAWN})").count() == 0, place
    expect(page.get_by_test_id("stToast")).to_contain_text(WORDS[0])
    assert page.get_by_test_id("stToast").locator("a").count() == 0
