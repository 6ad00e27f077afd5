"""The catalogues have no gaps, and no text bypasses them. Each check is also tested on a planted error."""

import ast
import re
import unicodedata
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog

from core.rules.words import Language
from core.speech import catalogue
from tests import untranslated, words

ROOT = Path(__file__).resolve().parents[2]
KEPT_VIETNAMESE = {  # files that show Vietnamese to every reader, and why
    "core/web/entry/entry_words.py": "the name of the language, in itself",
    "core/papers/": "papers are issued in Vietnamese",
    "core/desk/award_table.py": "the words of the papers",
    "core/desk/demo/material.py": "the demo contest's own name",
    "core/media/film/": "what is painted in the demo films",
    "core/desk/text_input/lost_letters.py": "letters and syllables, not words",
    "core/desk/text_input/legacy_encodings.py": "words by which an encoding is recognized",
    "core/desk/table_files/people_words.py": "words in people's tables",
    "core/desk/files/work_columns.py": "the names of the columns in people's tables",
    "core/desk/submission_tables/submission_columns.py": "the same of tables of submissions",
    "core/desk/entries/official_headings.py": "the column names of people's lists, which have English ones too",
    "core/rules/people/names.py": "words between names",
    "core/rules/look_alikes.py": "letters that look alike",
    "core/rules/vietnamese.py": "the language itself",
    "core/web/gate/refusals.py": "said in both languages to whoever is not known yet",
}
FIRST_ROUND = (  # where sentences of the first round stand, with counts that are often one
    "pages/secretary/", "core/web/templates/", "core/web/entry/", "core/web/board/jobs.py", "core/web/board/reading",
    "core/web/board/twins.py", "core/desk/screening/", "core/desk/finals/", "core/rules/calendar.py",
)  # fmt: skip
PLURAL = re.compile(r"\{(?:count|days|left|saved|new)\} (?:[a-z]+ )?[a-z]+s\b")
NAMES = ("Tiếng Việt",)  # a language is shown by its own name
KEPT_IN_ENGLISH = ("Bàn Giám khảo", "đồng", "Dự thảo")  # a name, a currency, a word printed on the paper


@pytest.mark.parametrize("language", list(Language))
class TestCatalogue:
    """`make words` was run, and its new entries were translated."""

    def test_is_what_make_words_would_write(self, language: Language) -> None:
        assert catalogue(language).read_bytes() == words.written(words.updated(language)), "run `make words`"

    def test_contains_every_sentence(self, language: Language) -> None:
        assert gaps(words.read(language)) == [], "translate these"

    def test_keeps_the_facts_of_every_sentence(self, language: Language) -> None:
        assert unlike(words.read(language)) == []


def test_english_is_english() -> None:
    assert still_vietnamese(words.read(Language.EN)) == []


def test_no_translation_says_itself_twice() -> None:
    assert doubled(words.read(Language.EN)) == []


def test_a_count_of_the_first_round_may_be_one() -> None:
    """Nothing inflects a noun after a count: the count follows the noun, "Works to screen: 1"."""
    assert plurals(words.read(Language.EN), FIRST_ROUND) == []


class TestGuardsOfTheCatalogue:
    """A missing translation, a stale sentence, a lost fact and a copied source text are each found."""

    def test_a_gap(self) -> None:
        assert gaps(a_catalogue({"Điểm": "Score", "Hạng": ""})) == ["Hạng"]

    def test_a_lost_fact(self) -> None:
        assert unlike(a_catalogue({"Còn {left} phiếu": "{count} sheets left", "{at:%d}": "{at}"})) == [
            "Còn {left} phiếu"
        ]

    def test_a_copied_source(self) -> None:
        assert still_vietnamese(a_catalogue({"Điểm": "Điểm", " đồng": " đồng"})) == ["Điểm"]

    def test_a_sentence_pasted_twice(self) -> None:
        once = "Enter moves between cells. "
        assert doubled(a_catalogue({"Một": once, "Hai": once * 2, "Ba": "Yes. Yes."})) == ["Hai"]

    def test_a_plural_after_a_count(self) -> None:
        said = a_catalogue({"{count} phim": "{count} new films", "Phim: {count}": "Films: {count}"})
        for message in said:
            message.locations = [("pages/secretary/finals.py", 1)]
        assert plurals(said, FIRST_ROUND) == ["{count} phim"]
        assert plurals(said, ("core/cli/",)) == []

    def test_an_unused_sentence_and_a_new_one(self) -> None:
        old = a_catalogue({"Điểm": "Score", "Cũ": "Old"})
        fresh = words.brought_up_to_date(old, {"Điểm": ["a.py"], "Mới": ["b.py"]}, Language.EN)
        assert {each.id: each.string for each in fresh if each.id} == {"Điểm": "Score", "Mới": ""}
        assert words.written(fresh) != words.written(old)


class TestEverySentenceIsFound:
    """`make words` finds sentences in every way they are written."""

    @pytest.mark.parametrize(
        "code, sentences",
        [
            ('_("Điểm")', ["Điểm"]),
            ('Sentence("Còn {x}", {})', ["Còn {x}"]),
            ('locale.translate("Đã đóng")', ["Đã đóng"]),
            ('_("Đúng" if good else "Sai lệch")', ["Sai lệch", "Đúng"]),
            ('text = "Hạn chót"\nif late: text = "Quá hạn"\nSentence(text)', ["Hạn chót", "Quá hạn"]),
            ('class R(Refusal):\n  def __init__(self): super().__init__("Không được")', ["Không được"]),
            ('class R(Refusal):\n  def __init__(self, text="Đã hết"): super().__init__(text)', ["Đã hết"]),
            ('class R(Refusal):\n  "One."\nclass S(R):\n  "Two."\nraise S("Không nhận", x=1)', ["Không nhận"]),
            ('class R(Refusal):\n  def __init__(self, who): super().__init__("Hỏi {who}")\nR("Lò Văn Ún")', ["Hỏi {who}"]),
            ('st.title("Không hỏi ai")', []),
        ],
    )  # fmt: skip
    def test_in_code(self, code: str, sentences: list[str]) -> None:
        module = ast.parse(code)
        assert sorted(text for text, _ in words.in_code(module, words.classes([module]))) == sentences

    def test_in_a_template(self) -> None:
        assert list(words.in_template('<p>\n{{ _("Điểm") }} {{ other("Hạng") }}</p>')) == [("Điểm", 2)]


class TestAllTextComesFromTheCatalogue:
    """Pages, modules, templates and scripts take every text they show from the catalogue."""

    def test_on_a_page(self) -> None:
        assert {
            path: found for path in ROOT.glob("pages/**/*.py") if (found := untranslated.on_page(path.read_text()))
        } == {}

    def test_in_a_module(self) -> None:
        known = {*words.sources(), *NAMES}
        modules = (each for each in words.modules().items() if not each[0].startswith(tuple(KEPT_VIETNAMESE)))
        assert {name: found for name, module in modules if (found := untranslated.in_module(module, known))} == {}

    def test_in_a_template(self) -> None:
        paths = ROOT.glob("core/web/templates/**/*.html")
        assert {path: found for path in paths if (found := untranslated.in_template(path.read_text()))} == {}

    def test_in_a_script(self) -> None:
        paths = set(ROOT.glob("core/web/static/*.js")) - set(ROOT.glob("core/web/static/*.min.js"))  # others' scripts
        assert {path: found for path in paths if (found := untranslated.in_script(path.read_text()))} == {}

    def test_what_is_kept_in_vietnamese_exists(self) -> None:
        names = words.modules()
        assert [prefix for prefix in KEPT_VIETNAMESE if not any(name.startswith(prefix) for name in names)] == []


LATE_TONE_MARK = re.compile(
    r"\b\w*(?:o[àáảãạ]|o[èéẻẽẹ]|(?<!q)u[ỳýỷỹỵ])\b", re.IGNORECASE
)  # hoá, khoẻ, thuỷ; quý is both


class TestToneMarks:
    """Our own texts write hóa, khỏe, thủy, as most of them do; people's data and contest files are not changed."""

    def test_are_on_the_first_vowel_in_every_text(self) -> None:
        paths = [*ROOT.glob("core/**/*.py"), *ROOT.glob("pages/**/*.py"), *ROOT.glob("core/web/templates/*.html")]
        paths += ROOT.glob("data/evidence/page/*")
        texts = {
            path: unicodedata.normalize("NFC", path.read_text("utf-8"))
            for path in paths
            if path.name != "vietnamese.py"
        }
        found = {str(path): LATE_TONE_MARK.findall(text) for path, text in texts.items()}
        assert {path: words for path, words in found.items() if words} == {}

    def test_elsewhere_are_found(self) -> None:
        assert LATE_TONE_MARK.findall("Số hoá, sức lan TOẢ, khoẻ, thuỷ điện, minh hoạ") == [
            "hoá",
            "TOẢ",
            "khoẻ",
            "thuỷ",
            "hoạ",
        ]
        assert LATE_TONE_MARK.findall("xóa, khóa, hủy, tòa, khỏe, quý, quỹ, loại, toàn, hoàn, thoát, khuyến") == []


class TestGuardsOfDisplayedText:
    """Planted texts that bypass the catalogue are found; translated texts and other strings are not reported."""

    @pytest.mark.parametrize(
        "code, found",
        [
            ('st.title("Bảng điểm")', ["Bảng điểm"]),
            ('st.title(_("Bảng điểm"))', []),
            ('st.caption(f"{n} phiếu")', [" phiếu"]),
            ('st.text_input(_("Mã"), help="Type it here")', ["Type it here"]),
            ('st.tabs(["Một", _("Hai")])', ["Một"]),
            ('st.button("Lưu" if new else "Sửa")', ["Lưu", "Sửa"]),
            ('Column("Hạng")', ["Hạng"]),
            ('st.markdown(f"**{name}**", help=_("Tên"))', []),
            ('st.info(words, icon=":material/info:")', []),
            ('logging.getLogger(__name__).error("a page failed")\nst.error("It failed")', ["It failed"]),
        ],
    )
    def test_on_a_page(self, code: str, found: list[str]) -> None:
        assert [text for text, _ in untranslated.on_page(code)] == found

    def test_in_a_module(self) -> None:
        planted = '"""Việc này."""\nA = {"x": "Chưa có"}\nSentence("Đã có")\nSIGN = "×"\n'
        assert untranslated.in_module(ast.parse(planted), {"Đã có"}) == [("Chưa có", 2)]

    def test_in_a_template(self) -> None:
        planted = '<p>{{ _("Điểm") }}</p>\n<b>Hạng</b><kbd>Enter</kbd><i title="Open">/</i><script>let one</script>'
        assert untranslated.in_template(planted) == [("Hạng", 2), ("Open", 2)]

    def test_in_a_script(self) -> None:
        planted = (
            '// Không phải lời\nnode.textContent = "Đã lưu";\nask("Try again later");\ncall("aria-label", words.saved)'
        )
        assert untranslated.in_script(planted) == [("Đã lưu", 2), ("Try again later", 3)]


def a_catalogue(translations: dict[str, str]) -> Catalog:
    made = Catalog(locale="en")
    for source, translation in translations.items():
        made.add(source, translation)
    return made


def gaps(known: Catalog) -> list[str]:
    """The sentences without a translation in a catalogue."""
    return [str(each.id) for each in known if each.id and (not each.string or each.fuzzy)]


def unlike(known: Catalog) -> list[str]:
    """The sentences whose translation has different fields."""
    pairs = [(str(each.id), str(each.string)) for each in known if each.id and each.string]
    return [source for source, translation in pairs if words.fields(source) != words.fields(translation)]


def still_vietnamese(english: Catalog) -> list[str]:
    """The sentences whose English translation is still Vietnamese."""

    def rest(text: str) -> str:
        for name in KEPT_IN_ENGLISH:
            text = text.replace(name, "")
        return text

    return [str(each.id) for each in english if each.id and words.VIETNAMESE.search(rest(str(each.string)))]


def doubled(english: Catalog) -> list[str]:
    """The sentences whose translation has 20 characters or more twice, one after the other."""
    return [str(each.id) for each in english if each.id and re.search(r"(.{20,})\1", str(each.string))]


def plurals(english: Catalog, folders: tuple[str, ...]) -> list[str]:
    """The sentences used in these folders whose translation has a plural after a count."""
    used = (each for each in english if each.id and any(place[0].startswith(folders) for place in each.locations))
    return [str(each.id) for each in used if PLURAL.search(str(each.string))]
