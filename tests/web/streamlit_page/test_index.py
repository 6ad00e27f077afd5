"""Streamlit's index page: its language and title, and no link to a path that the gate refuses."""

import calendar
import json
import re
from html.parser import HTMLParser
from importlib.resources import files

import httpx
import pytest

from core.rules.words import Language
from core.web.assets import HERE, STATIC
from core.web.http import policy
from core.web.streamlit_page import label_words
from core.web.streamlit_page.index import localized_page
from tests.serving.servers import Server

MONTHS = frozenset(calendar.month_name)  # written by the browser
STREAMLITS = files("streamlit").joinpath("static", "index.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("language", list(Language))
def test_the_page_says_which_language_it_is_in(language: Language) -> None:
    page = localized_page(STREAMLITS, language)
    assert f'<html lang="{language}">' in page
    assert page.count("<html ") == 1


def test_texts_of_streamlit_about_itself_are_removed() -> None:
    page = localized_page(STREAMLITS, Language.VI)
    for word in ("_stcore/agent", "service-desc", "SourceSans", "<title>Streamlit", "enable JavaScript"):
        assert word in STREAMLITS
        assert word not in page
    assert "<title>Bàn Giám khảo</title>" in page
    assert "bật JavaScript" in page


def test_all_that_streamlit_loads_is_loaded() -> None:
    def scripts(html: str) -> list[str]:
        return [part.partition('"')[0] for part in html.split('src="')[1:]] + [
            part.partition('"')[0]
            for part in html.split('href="./static/')[1:]
            if ".woff2" not in part.partition('"')[0]
        ]

    loaded = scripts(localized_page(STREAMLITS, Language.EN))
    ours = [f"{HERE}/labels.js", f"{HERE}/sockets.js", f"{HERE}/print.js"]
    assert [each for each in loaded if each not in ours] == scripts(STREAMLITS)
    assert [each for each in loaded if each in ours] == ours
    assert policy.inline_scripts(localized_page(STREAMLITS, Language.EN)) == policy.inline_scripts(STREAMLITS)


def test_our_styles_come_after_those_of_streamlit_and_before_anything_is_drawn() -> None:
    page = localized_page(STREAMLITS, Language.VI)
    head, body = page.split("</head>")
    links = re.findall(rf'<link rel="stylesheet" href="{HERE}/([a-z]+\.css)">', body)
    assert links == [
        "fonts.css",
        "tokens.css",
        "chips.css",
        "streamlit.css",
        "queue.css",
        "print.css",
    ]  # no script adds them, none waits for a run
    assert '<div id="root"></div>' in body.partition("<link")[0] and "static/css/" in head
    assert f'<link rel="icon" href="{HERE}/seal.svg">' in head and "favicon.png" not in page


@pytest.mark.parametrize("language, menu", [(Language.VI, '"Danh mục"'), (Language.EN, '"Menu"')])
def test_the_words_of_the_styles_are_in_the_reader_s_language(language: Language, menu: str) -> None:
    words = dict(re.findall(r"(--[a-z-]+-word): (\"[^\"]+\");", localized_page(STREAMLITS, language)))
    assert words["--menu-word"] == menu and len(words["--away-word"]) > len('""')
    used = set(re.findall(r"var\((--[a-z-]+-word)\)", "".join(path.read_text() for path in STATIC.glob("*.css"))))
    assert used == set(words)


def test_it_is_served_at_every_page_in_the_chosen_language(demo: Server) -> None:
    with httpx.Client(base_url=demo.origin, timeout=30) as client:
        for path in ("/", "/queue", "/reset", "/accounts"):
            answer = client.get(path)
            assert '<html lang="vi">' in answer.text
            assert answer.headers["cache-control"] == "no-store"
            assert '<html lang="en">' in client.get(path, headers={"cookie": "lang=en"}).text
            assert '<html lang="vi">' in client.get(path, headers={"cookie": 'lang="><script>'}).text


def test_search_engines_are_asked_to_stay_away(demo: Server) -> None:
    assert httpx.get(f"{demo.origin}/robots.txt", timeout=30).text == "User-agent: *\nDisallow: /\n"
    assert httpx.get(f"{demo.origin}/manifest.json", timeout=30).status_code == 401


class Attributes(HTMLParser):
    """The attributes that the page's scripts read."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.words = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.words = dict(attrs).get("data-words") or self.words


@pytest.mark.parametrize("language", list(Language))
def test_streamlits_own_names_are_translated_for_the_reader(language: Language) -> None:
    words = json.loads(Attributes(localized_page(STREAMLITS, language)).words)
    assert words["Expand sidebar"] == {Language.VI: "Mở danh mục", Language.EN: "Open the menu"}[language]
    assert all(words.values())


def test_every_translated_name_is_one_that_streamlit_gives() -> None:
    """A new pinned version may rename texts; then the new text must be replaced. A sentence is found by the parts
    around its facts.
    """
    scripts = files("streamlit").joinpath("static", "static", "js")
    written = "".join(path.read_text(encoding="utf-8") for path in scripts.iterdir() if path.name.endswith(".js"))
    names = label_words.words(lambda text: text)
    plain = [name for name in names if "{" not in name and name not in MONTHS]
    assert [name for name in plain if f"`{name}`" not in written and f'"{name}"' not in written] == []
    parts = {part for name in names if "{" in name for part in re.split(r"\{\w+\}| (?=available\.)", name)}
    assert [part for part in parts if part.strip(" .,") and part.strip(" .,") not in written] == []


def test_a_sentence_keeps_what_is_filled_in() -> None:
    words = label_words.words(lambda text: text)
    fields = {
        english: (set(re.findall(r"\{\w+\}", english)), set(re.findall(r"\{\w+\}", translated)))
        for english, translated in words.items()
    }
    assert [english for english, (given, used) in fields.items() if not used <= given] == []
