"""Comparing, sorting and reading out Vietnamese (docs/design.md, Text)."""

import unicodedata
from collections.abc import Callable
from itertools import permutations, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.rules.look_alikes import LETTERS
from core.rules.vietnamese import bare, fold, identity, money_in_words, name_key, nfc, number_in_words

SYLLABLES = [
    "Lò",
    "Hoà",
    "Thuý",
    "Giàng",
    "Quý",
    "Nguyễn",
    "Đỗ",
    "Ướt",
    "Yến",
    "khoẻ",
    "hoạt",
    "giếng",
    "Ỷ",
    "số",
    "01",
    "T-417",
    "A",
    "Páo",
    "Uyên",
]
names = st.lists(st.sampled_from(SYLLABLES), min_size=1, max_size=4).map(" ".join)
PARTS = """
b c ch d đ g gh gi h k kh l m n ng ngh nh p ph qu r s t th tr v x
a ă â e ê i o ô ơ u ư y ia iê ua uô ưa ươ oa oă oe uê uy uơ uya uyê yê ai ao au ay âu ây eo êu iu oi ôi ơi ui ưi ưu iêu yêu oai oay
oeo uây uôi ươi ươu uyu an ang anh ach at ăng ân âp ênh iên oang oăn uân uyên uông ương oong
"""
ONSETS, RIMES = ["", *PARTS.split("\n")[1].split()], " ".join(PARTS.split("\n")[2:]).split()
UNSEEN = "\u200b\u00ad\u200d\u2060\ufeff\u202a\u034f\ufe0f\u3164\U000e0020\x00"
TWINS = {latin: chr(other) for other, latin in LETTERS.items()}
LATE_TONES = {
    "hoà": "hòa",
    "Hoà": "Hòa",
    "Thuý": "Thúy",
    "Quý": "Qúy",
    "khoẻ": "khỏe",
    "hoạt": "họat",
    "giếng": "gíêng",
}
WAYS: list[Callable[[str], str]] = [
    str.upper, str.lower, str.title, str.swapcase,
    lambda name: unicodedata.normalize("NFD", name),
    lambda name: unicodedata.normalize("NFKD", name),
    lambda name: name.replace(" ", "\u00a0\u2003 "),
    lambda name: f"\t{name}\u3000",
    lambda name: name.replace("Đ", "Ð").replace("đ", "ð"),
    lambda name: name.replace("-", "–"),
    lambda name: "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in name),
    lambda name: "".join(TWINS.get(c, c) for c in unicodedata.normalize("NFD", name)),
    lambda name: " ".join(LATE_TONES.get(word, word) for word in name.split()),
]  # fmt: skip


@pytest.mark.parametrize(
    "one, other",
    [
        ("Hòa", "Hoà"), ("Tỉnh ủy", "Tỉnh uỷ"), ("Khoẻ", "Khỏe"), ("Quý", "Qúy"), ("Thuỷ", "THỦY"), ("Đỗ", "Ðỗ"),
        ("Nguyễn  Thị ", "nguyễn thị"), ("hoạ", "họa"), ("Hòa", unicodedata.normalize("NFD", "Hòa")),
    ],
)  # fmt: skip
def test_written_in_two_ways_is_the_same_word(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize("one, other", [("Hoa", "Hòa"), ("Đạt", "Dạt"), ("ma", "mà"), ("oa", "òa"), ("số", "sô")])
def test_different_words_stay_different(one: str, other: str) -> None:
    assert fold(one) != fold(other)


class TestIdentity:
    """One key for all spellings of a name or code, and another for every different name."""

    @pytest.mark.parametrize(
        "one, other",
        [
            ("giá", "gía"), ("quá", "qúa"), ("Thuý", "Thúy"), ("khoẻ", "khỏe"), ("khoè", "khòe"), ("hoạ", "họa"),
            ("Quý", "Qúy"), ("tuỳ", "tùy"), ("loạn", "lọan"), ("thuở", "thủơ"), ("giữa", "gĩưa"), ("quyển", "qủyên"),
            ("Đỗ", "Ðỗ"), ("Đèo", "Ɖèo"), ("đèn", "d\u0335èn"), ("Lò An", "Lò  An"), ("Lò An", "Lò\u00a0An"),
            ("Lò An", "\u3000Lò\u2009An\u2028"), ("J1", "J1\u200b"), ("J1", "J\u00ad1"), ("J1", "\ufeffJ1"), ("J1", "J\u2060\u200d1"),
            ("J1", "\u202eJ1\u202c"), ("J1", "J1\ufe0f"), ("J1", "J\u034f1"), ("J1", "J1\u3164"), ("J1", "J\u115f1"), ("J1", "J\x001"),
            ("J1", "J1\U000e0001"), ("J1", "J1\u180b"), ("GK01", "gk01"), ("GK01", "ＧＫ０１"), ("GK01", "𝗚𝗞𝟬𝟭"), ("T-1", "T–1"),
            ("T-1", "Т-1"), ("CAM", "САМ"), ("ABC", "ΑΒС"), ("no", "nο"), ("GK01", "GK٠١"), ("H'Mông", "H’Mông"), ("T-1", "T−1"),
            ("ắn", "ǎ\u0301n"), ("an", "аn"), ("ma", "ⓜⓐ"), ("á", "а\u0301"), ("Ứng", unicodedata.normalize("NFD", "ỨNG")),
        ],
    )  # fmt: skip
    def test_two_spellings(self, one: str, other: str) -> None:
        assert identity(one) == identity(other) != ""

    @pytest.mark.parametrize(
        "words",
        [
            "Hoa Hòa Hỏa Hõa Hóa Họa", "ma mâ mă mo mô mơ mu mư me mê", "da đa", "T-1 T-2 T-10 T1 T-01 T-I T-l", "GK01 GKO1",
            "hoa hao", "tuy tui", "quốc quôc", "Đạt Dạt Đát", "an ân ăn", "số sô so sổ", "An Anh Ánh", "nν n", "gia già giả giá",
        ],
    )  # fmt: skip
    def test_different_words_stay_different(self, words: str) -> None:
        spelled = words.split()
        assert len({identity(word) for word in spelled}) == len(spelled)
        assert identity("Lò An") != identity("LòAn")

    def test_every_syllable_has_a_key_of_its_own_whichever_vowel_carries_its_tone(self) -> None:
        keys: dict[str, set[str]] = {}
        for onset, rime, tone in product(ONSETS, RIMES, ["", *"\u0300\u0309\u0303\u0301\u0323"]):
            vowels = [at for at, letter in enumerate(rime) if letter in "aăâeêioôơuưy"]
            written = {onset + rime[: at + 1] + tone + rime[at + 1 :] for at in vowels}
            (key,) = {identity(nfc(each)) for each in written}
            keys.setdefault(key, set()).add(onset + rime + tone)
        assert {len(syllables) for syllables in keys.values()} == {1}
        assert len(keys) > 11_000

    def test_invisible_text_has_no_key(self) -> None:
        assert identity("") == identity(" \u00a0\u200b\ufeff\u3164\x07") == ""

    @given(st.text(max_size=20))
    def test_the_key_of_a_key_is_itself(self, text: str) -> None:
        assert identity(identity(text)) == identity(text)

    @given(names, st.data())
    def test_no_way_of_writing_it_changes_the_key(self, name: str, data: st.DataObject) -> None:
        written = data.draw(st.sampled_from(WAYS))(name)
        for _ in range(data.draw(st.integers(0, 3))):
            at = data.draw(st.integers(0, len(written)))
            written = written[:at] + data.draw(st.sampled_from(UNSEEN)) + written[at:]
        assert identity(written) == identity(name)

    @given(names, names)
    def test_two_names_of_other_letters_have_two_keys(self, one: str, other: str) -> None:
        assert (identity(one) == identity(other)) == (one.casefold() == other.casefold())


def test_bare_words_are_found_without_marks() -> None:
    assert bare("Đỗ Thị Thuý Ưng") == "do thi thuy ung"


@given(st.text(max_size=20))
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert nfc(nfc(text)) == nfc(text)


def test_tones_in_the_order_of_the_dictionaries() -> None:
    """ICU vi: ngang, huyền, hỏi, ngã, sắc, nặng."""
    assert sorted(["mả", "mạ", "má", "mã", "mà", "ma"], key=name_key) == ["ma", "mà", "mả", "mã", "má", "mạ"]
    assert sorted(["ở", "ơ", "ô", "o", "đ", "d", "ê", "e"], key=name_key) == ["d", "đ", "e", "ê", "o", "ô", "ơ", "ở"]
    assert min(["b", "a1", "", "a", "\u0301"], key=name_key) == ""


def test_people_by_given_name_then_family_name() -> None:
    names = [
        "Doãn Thị An", "Đinh Thị An", "Đỗ Văn An", "Nguyễn Văn An", "Nguyễn Văn Ản", "Trần Thị Ánh", "Nguyễn Văn Ằn",
        "Nguyễn Văn Ân", "Lò Văn Dũng", "Bùi Đình Đạt", "Lò Văn Đức",
    ]  # fmt: skip
    assert sorted(set(names), key=name_key) == names
    assert name_key("") == name_key(" ")


def test_spellings_of_one_word_sort_alike_and_then_by_code_point() -> None:
    words = ["hoà", "hòa", "Hòa", "hoá", "hóa", "hоà"]
    assert len({tuple(sorted(order, key=name_key)) for order in permutations(words)}) == 1
    assert [name_key(word)[:3] == name_key("hoà")[:3] for word in words] == [True, True, True, False, False, True]
    assert name_key("hòa") < name_key("hoán") < name_key("hoe") and name_key("Т-1")[:3] == name_key("T-1")[:3]


def test_people_whose_given_name_has_two_spellings_are_in_order_of_family_names() -> None:
    names = ["Lê Thị Hoà", "Bùi Thị Hòa", "Trần Thị Hòa", "Lò Thị Hoà", "Lò Thị Hòa"]
    orders = {tuple(sorted(order, key=name_key)) for order in permutations(names)}
    assert orders == {("Bùi Thị Hòa", "Lê Thị Hoà", "Lò Thị Hoà", "Lò Thị Hòa", "Trần Thị Hòa")}


@pytest.mark.parametrize(
    "amount, words",
    [
        (5_000_000, "Năm triệu đồng"), (3_000_000, "Ba triệu đồng"), (2_000_000, "Hai triệu đồng"),  # plan V
        (1_000_000, "Một triệu đồng"), (23_000_000, "Hai mươi ba triệu đồng"),
        (5_050_000, "Năm triệu không trăm năm mươi nghìn đồng"), (17_500_000, "Mười bảy triệu năm trăm nghìn đồng"),
        (0, "Không đồng"), (1, "Một đồng"), (10, "Mười đồng"), (15, "Mười lăm đồng"), (21, "Hai mươi mốt đồng"),
        (24, "Hai mươi bốn đồng"), (55, "Năm mươi lăm đồng"), (105, "Một trăm linh năm đồng"), (111, "Một trăm mười một đồng"),
        (1_001, "Một nghìn không trăm linh một đồng"), (666_666, "Sáu trăm sáu mươi sáu nghìn sáu trăm sáu mươi sáu đồng"),
        (2_500_000_000, "Hai tỷ năm trăm triệu đồng"), (10**15, "Một triệu tỷ đồng"), (1_000_000_001, "Một tỷ không trăm linh một đồng"),
    ],
)  # fmt: skip
def test_money_is_read_as_the_plan_reads_it(amount: int, words: str) -> None:
    assert money_in_words(amount) == words


def test_a_negative_amount_is_read_as_negative() -> None:
    assert number_in_words(-5) == "âm năm"


@given(st.integers(0, 10**12), st.integers(0, 10**12))
def test_two_numbers_are_never_read_alike(one: int, other: int) -> None:
    assert (number_in_words(one) == number_in_words(other)) == (one == other)
