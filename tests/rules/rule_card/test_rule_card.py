"""The rule card: any changed rule changes its fingerprint, and its sentences describe it completely."""

import json
from contextlib import nullcontext
from dataclasses import replace
from fractions import Fraction
from hashlib import sha256
from pathlib import Path

import pytest
import rfc8785

from core.rules.access import Role
from core.rules.contest import Contest, Judging, Method, StandingsForJudges, Then
from core.rules.contest_file.reader import load
from core.rules.ids import EntryId, JudgeId
from core.rules.judging.viewing_order import viewing_order
from core.rules.rule_card.card import CARDS, CURRENT, Plain, canonical, document, fingerprint
from core.rules.rule_card.sentences import in_words
from core.rules.scoring.methods import METHODS, score_of
from core.rules.words import Locale
from tests.rules.sample_contest import contest, prize

GOLDEN = Path("tests/golden")
TEXTS = {path.stem: path.read_text(encoding="utf-8") for path in sorted(Path("data/contests").glob("*.toml"))}
RULES = {name: load(text, name) for name, text in TEXTS.items()}


@pytest.mark.parametrize("name", RULES)
def test_the_canonical_form_is_that_of_rfc_8785(name: str) -> None:
    rules = RULES[name]
    assert canonical(rules).encode() == rfc8785.dumps(json.loads(json.dumps(document(rules))))
    assert fingerprint(rules) == "sha256:" + sha256(canonical(rules).encode()).hexdigest()


FIXED = {  # contest, version of the card -> its fingerprint
    ("son-la-2024", 1): "sha256:79860cc8d75dcfada31a3a8e9b2599ed178cbb48a584c24123e146d5c9a7b47a",
    ("thang-10", 1): "sha256:09cb01d9c49d1e6402e78aad99a53e0615b39228659aa14434be7c8dfb34488e",
}


def released(name: str, version: int) -> Contest:
    """The contest file as it was when this version of the card was released."""
    return load((GOLDEN / f"v{version}" / f"{name}.toml").read_text(encoding="utf-8"), name)


class TestVersions:
    """A database keeps the card's fingerprint for years: a released version of the card never changes."""

    @pytest.mark.parametrize("name, version", FIXED)
    def test_is_the_golden_file_byte_for_byte(self, name: str, version: int) -> None:
        golden = (GOLDEN / f"v{version}" / f"rule-card-{name}.json").read_bytes()
        assert canonical(released(name, version), version).encode() == golden
        assert json.loads(golden)["version"] == version

    @pytest.mark.parametrize("name, version", FIXED)
    def test_has_a_fixed_fingerprint(self, name: str, version: int) -> None:
        assert fingerprint(released(name, version), version) == FIXED[name, version]

    def test_every_version_has_its_golden_files(self) -> None:
        assert {version for _, version in FIXED} == set(CARDS) and max(CARDS) == CURRENT

    @pytest.mark.parametrize("name", RULES)
    def test_the_newest_is_made_where_none_is_named(self, name: str) -> None:
        rules = RULES[name]
        assert document(rules)["version"] == CURRENT
        assert (canonical(rules), fingerprint(rules)) == (canonical(rules, CURRENT), fingerprint(rules, CURRENT))

    @pytest.mark.parametrize("name", RULES)
    def test_one_more_key_in_a_later_version_changes_nothing_of_an_earlier(
        self, name: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def later(contest: Contest) -> dict[str, Plain]:
            return {**CARDS[CURRENT](contest), "categories": [contest.key]}

        rules, planted = RULES[name], CURRENT + 1
        before = {version: (canonical(rules, version), fingerprint(rules, version)) for version in CARDS}
        monkeypatch.setitem(CARDS, planted, later)
        assert {version: (canonical(rules, version), fingerprint(rules, version)) for version in before} == before
        assert document(rules, planted) == {**document(rules, CURRENT), "categories": [rules.key], "version": planted}
        assert fingerprint(rules, planted) != fingerprint(rules, CURRENT)

    def test_an_unknown_version_is_refused(self) -> None:
        with pytest.raises(KeyError):
            fingerprint(RULES["thang-10"], CURRENT + 1)


CHANGES = [
    ('max = "40"', 'max = "39"'),
    ('step = "0.5"', 'step = "1"'),
    ('weight = "1"', 'weight = "2"'),
    ("Sao chép ý tưởng", "Chép ý tưởng"),
    ('method = "mean"', 'method = "median"'),
    ("decimals = 2", "decimals = 1"),
    ("min_sheets = 3", "min_sheets = 2"),
    ('gap_alert = "15"', 'gap_alert = "20"'),
    ('"criterion:ND", "criterion:ST"', '"criterion:ST", "criterion:ND"'),
    ('chief = "gk01"', 'chief = "gk02"'),
    ('then = "committee"', 'then = "share"'),
    ("amount = 5_000_000", "amount = 5_000_001"),
    ("quantity = 2", "quantity = 1"),
    ("shares = 2", "shares = 5"),
    ("interactions_close = 2024-09-10T23:59:59", "interactions_close = 2024-09-10T23:59:58"),
    ("blind = true", "blind = false"),
    ('watched_share = "0"', 'watched_share = "0.5"'),
    ('names_beside_marks = ["chief", ', "names_beside_marks = ["),
    ("after_publication", "never"),
    ('key = "son-la-2024"', 'key = "son-la"'),
    ('name = "Cuộc thi', 'name = "Hội thi'),
    ('key = "LT"', 'key = "LTT"'),
    ('name = "Nội dung, thông điệp"', 'name = "Nội dung"'),
    ('from = "36"', 'from = "35"'),
    ("trim = 1", "trim = 2"),
    ('key = "KK"', 'key = "KKH"'),
    ('name = "Giải Nhì"', 'name = "Giải Hai"'),
    ('by = "interaction"', 'by = "score"'),
    ('certificate = "Bằng khen', 'certificate = "Giấy khen'),
    ("reactions = 1", "reactions = 3"),
    ("comments = 1", "comments = 3"),
    ("views = 0", "views = 1"),
]
WITHOUT_WORDS = {  # in the card, but in no sentence
    "Sao chép ý tưởng",  # the levels guide judges; no result depends on them
    'from = "36"',
    'chief = "gk01"',  # the chief's account: the papers name nobody
    "trim = 1",  # without effect in this method
    'key = "son-la-2024"',
    'name = "Cuộc thi',  # the head of every paper
    'key = "LT"',
    'key = "KK"',
}


@pytest.mark.parametrize("good, bad", CHANGES)
def test_every_changed_rule_changes_the_fingerprint(good: str, bad: str) -> None:
    text = TEXTS["son-la-2024"]
    assert good in text
    assert fingerprint(load(text.replace(good, bad, 1), "")) != fingerprint(RULES["son-la-2024"])


@pytest.mark.parametrize("good, bad", CHANGES)
def test_every_changed_rule_changes_the_sentences(good: str, bad: str) -> None:
    changed = load(TEXTS["son-la-2024"].replace(good, bad, 1), "")
    assert (in_words(changed) == in_words(RULES["son-la-2024"])) == (good in WITHOUT_WORDS)


@pytest.mark.parametrize(
    "good, same",
    [
        ('max = "40"', "max = 40"),
        ('step = "0.5"', 'step = "0,5"'),
        ("23:59:59+07:00    # mục IV.6", "23:59:59+07:00"),
        ("interactions_close = 2024-09-10T23:59:59+07:00", "interactions_close = 2024-09-10T16:59:59Z"),
        ("ceremony = 2024-10-10", "ceremony = 2024-10-09"),  # the day of the ceremony decides nothing
    ],
)
def test_another_notation_gives_the_same_card(good: str, same: str) -> None:
    text = TEXTS["son-la-2024"]
    assert good in text
    assert fingerprint(load(text.replace(good, same, 1), "")) == fingerprint(RULES["son-la-2024"])


def sentences(rules: Contest) -> list[str]:
    return [sentence.localize(Locale()) for sentence in in_words(rules)]


def test_the_first_contest_is_described_completely() -> None:
    assert sentences(RULES["son-la-2024"]) == [
        "Bảng điểm có 5 tiêu chí, tổng điểm tối đa của một phiếu là 100.",
        "Nội dung, thông điệp: từ 0 đến 40 điểm, mỗi mức cách nhau 0,5 điểm.",
        "Kết cấu, hình thức thể hiện: từ 0 đến 20 điểm, mỗi mức cách nhau 0,5 điểm.",
        "Tính sáng tạo: từ 0 đến 20 điểm, mỗi mức cách nhau 0,5 điểm.",
        "Kỹ thuật: từ 0 đến 15 điểm, mỗi mức cách nhau 0,5 điểm.",
        "Sức lan toả, tính giáo dục: từ 0 đến 5 điểm, mỗi mức cách nhau 0,5 điểm.",
        "Tổng điểm của một phiếu là tổng điểm của các tiêu chí.",
        "Chỉ phiếu đã nộp được tính. Giám khảo có xung đột lợi ích với tác phẩm nào thì không chấm tác phẩm đó; phiếu đã nộp, nếu có, không được tính.",
        "Tác phẩm có dưới 3 phiếu được tính là chưa đủ phiếu: không có điểm, không có hạng.",
        "Điểm của tác phẩm là trung bình cộng tổng điểm của các phiếu được tính.",
        "Mọi phép tính từ điểm trên phiếu đến điểm số của tác phẩm đều chính xác; điểm số của tác phẩm được làm tròn một lần, đến 2 chữ số thập phân, từ nửa đơn vị trở lên thì làm tròn lên, rồi được công bố và so sánh đúng như đã làm tròn.",
        "Phiếu có tổng điểm chênh quá 15 điểm so với trung bình cộng tổng điểm của các phiếu của tác phẩm được nêu ra để Ban Giám khảo hội ý; việc này không đổi điểm.",
        "Hạng của một tác phẩm bằng một cộng với số tác phẩm xếp trên tác phẩm đó.",
        "Khi điểm số của các tác phẩm bằng nhau thì lần lượt xét các bước dưới đây. Bước đầu tiên có số khác nhau tách các tác phẩm đó; những tác phẩm còn bằng nhau lại được xét từ bước 1.",
        "Bước 1: tác phẩm có điểm trung bình tiêu chí “Nội dung, thông điệp” cao hơn được xếp trên.",
        "Bước 2: tác phẩm có điểm trung bình tiêu chí “Tính sáng tạo” cao hơn được xếp trên.",
        "Bước 3: tác phẩm có điểm của Trưởng Ban Giám khảo cao hơn được xếp trên; chỉ xét bước này nếu Trưởng Ban Giám khảo có phiếu được tính cho tất cả các tác phẩm đang bằng nhau.",
        "Điểm trung bình tiêu chí là trung bình cộng điểm của tiêu chí đó trên tất cả phiếu được tính.",
        "Điểm của Trưởng Ban Giám khảo là tổng điểm trên phiếu của Trưởng Ban Giám khảo cho tác phẩm đó.",
        "Số dùng ở mỗi bước được làm tròn đến 2 chữ số thập phân, từ nửa đơn vị trở lên thì làm tròn lên.",
        "Các tác phẩm vẫn bằng nhau sau bước cuối cùng thì đồng hạng.",
        "Giải Nhất: 1 giải, trị giá 5.000.000 đồng (Năm triệu đồng), trao theo điểm của Ban Giám khảo. Kèm Bằng khen của Chủ tịch Ủy ban nhân dân tỉnh.",
        "Giải Nhì: 2 giải, mỗi giải trị giá 3.000.000 đồng (Ba triệu đồng), trao theo điểm của Ban Giám khảo. Kèm Giấy chứng nhận của Ban Tổ chức Cuộc thi.",
        "Giải Ba: 3 giải, mỗi giải trị giá 2.000.000 đồng (Hai triệu đồng), trao theo điểm của Ban Giám khảo. Kèm Giấy chứng nhận của Ban Tổ chức Cuộc thi.",
        "Giải Khuyến khích: 5 giải, mỗi giải trị giá 1.000.000 đồng (Một triệu đồng), trao theo điểm của Ban Giám khảo. Kèm Giấy chứng nhận của Ban Tổ chức Cuộc thi.",
        "Giải phụ: tác phẩm có lượng tương tác cao: 1 giải, trị giá 1.000.000 đồng (Một triệu đồng), trao theo lượng tương tác. Kèm Giấy chứng nhận của Ban Tổ chức Cuộc thi.",
        "Các giải theo điểm được trao theo thứ tự ghi ở trên, từ tác phẩm hạng cao nhất trở xuống; mỗi tác phẩm nhận nhiều nhất một giải theo điểm, và tác phẩm chưa đủ phiếu không nhận giải theo điểm.",
        "Các tác phẩm đồng hạng cùng nhận một giải nếu số suất còn lại của giải đó đủ cho tất cả.",
        "Nếu không đủ thì Ban Tổ chức chọn trong các tác phẩm đồng hạng cho đủ số suất còn lại; tác phẩm không được chọn được xét tiếp cho suất sau.",
        "Ban Tổ chức có thể quyết định không trao một hay nhiều suất của một giải; tác phẩm lẽ ra nhận suất đó nhận suất kế tiếp.",
        "Suất giải không còn tác phẩm nào nhận thì để trống.",
        "Lượng tương tác bằng số lượt cảm xúc × 1 + bình luận × 1 + chia sẻ × 2 + lượt xem × 0.",
        "Lượng tương tác của một tác phẩm lấy theo lần ghi số liệu cuối cùng không muộn hơn 23:59:59 ngày 10/09/2024, tính trọn giây đó; hai lần ghi cùng một thời điểm thì lấy lần nhập sau.",
        "Các giải theo lượng tương tác được trao theo thứ tự ghi ở trên, từ tác phẩm có lượng tương tác cao nhất trở xuống; mỗi tác phẩm nhận nhiều nhất một giải theo lượng tương tác, kể cả khi đã nhận giải theo điểm hoặc chưa đủ phiếu.",
        "Tác phẩm chưa có số liệu tương tác, hoặc có lượng tương tác bằng 0, không nhận giải theo lượng tương tác.",
        "Các tác phẩm bằng nhau về lượng tương tác thì đồng hạng về lượng tương tác.",
        "Các bước xét khi bằng nhau về điểm không dùng cho lượng tương tác.",
        "Chấm kín: giám khảo chỉ thấy mã số và tên tác phẩm.",
        "Không quy định thời lượng tối thiểu mà giám khảo phải xem trước khi nộp phiếu.",
        "Tên giám khảo bên cạnh điểm chỉ hiện cho: Trưởng Ban Giám khảo, Tổ Thư ký, Ban Tổ chức.",
        "Giám khảo được xem bảng xếp hạng sau khi công bố kết quả.",
    ]


@pytest.mark.parametrize("method", Method)
@pytest.mark.parametrize("then", Then)
def test_every_method_and_end_of_a_tie_has_its_sentence(method: Method, then: Then) -> None:
    words = sentences(contest(method, then=then, prizes=(prize("P1", 1, 9),)))
    assert len(words) == len(set(words)) and all("{" not in word for word in words)


@pytest.mark.parametrize("standings", StandingsForJudges)
@pytest.mark.parametrize("names", [(), (Role.CHIEF,), tuple(Role)])
@pytest.mark.parametrize("share", [0, 9500])
@pytest.mark.parametrize("blind", [True, False])
def test_every_setting_of_judging_has_its_sentence(
    blind: bool, share: int, names: tuple[Role, ...], standings: StandingsForJudges
) -> None:
    rules = replace(RULES["thang-10"], judging=Judging(blind, share, frozenset(names), standings))
    last = sentences(rules)[-4:]
    assert last[0] == (
        "Chấm kín: giám khảo chỉ thấy mã số và tên tác phẩm."
        if blind
        else "Giám khảo thấy cả tác giả và đơn vị của tác phẩm."
    )
    assert last[1] == (
        "Giám khảo phải xem ít nhất 95% thời lượng tác phẩm trước khi nộp phiếu."
        if share
        else "Không quy định thời lượng tối thiểu mà giám khảo phải xem trước khi nộp phiếu."
    )
    assert (
        last[2]
        == {
            0: "Tên giám khảo không hiện bên cạnh điểm.",
            1: "Tên giám khảo bên cạnh điểm chỉ hiện cho: Trưởng Ban Giám khảo.",
            7: "Tên giám khảo bên cạnh điểm chỉ hiện cho: Giám khảo, Trưởng Ban Giám khảo, Tổ Thư ký, Ban Tổ chức, Phụ trách kênh tương tác, Quản trị viên, Người sơ loại.",
        }[len(names)]
    )
    assert (
        last[3]
        == {
            StandingsForJudges.NEVER: "Giám khảo không được xem bảng xếp hạng.",
            StandingsForJudges.AFTER_JUDGING: "Giám khảo được xem bảng xếp hạng sau khi đóng vòng chấm.",
            StandingsForJudges.AFTER_PUBLICATION: "Giám khảo được xem bảng xếp hạng sau khi công bố kết quả.",
        }[standings]
    )


@pytest.mark.parametrize(
    "decimals, places", [(0, "hàng đơn vị"), (1, "một chữ số thập phân"), (2, "2 chữ số thập phân")]
)
def test_decimals_are_written_as_people_write_them(decimals: int, places: str) -> None:
    words = [word for word in sentences(contest(decimals=decimals)) if "làm tròn" in word]
    assert len(words) == 2 and all(f"đến {places}, từ nửa đơn vị trở lên thì làm tròn lên" in word for word in words)


@pytest.mark.parametrize(
    "weight, whole, written",
    [(Fraction(1, 2), "15", "0,5"), (Fraction(3, 2), "25", "1,5"), (Fraction(1, 3), "40/3", "1/3")],
)
def test_weights_and_the_weighted_maximum_are_written_exactly(weight: Fraction, whole: str, written: str) -> None:
    words = sentences(contest(weight=weight))
    assert words[0] == f"Bảng điểm có 2 tiêu chí, tổng điểm tối đa của một phiếu là {whole}."
    assert words[1] == f"Nội dung: từ 0 đến 10 điểm, mỗi mức cách nhau 0,5 điểm, nhân hệ số {written}."
    assert words[3] == "Tổng điểm của một phiếu là tổng điểm của các tiêu chí sau khi nhân hệ số."


@pytest.mark.parametrize("trim, one", [(1, True), (2, False)])
def test_one_trimmed_sheet_is_one(trim: int, *, one: bool) -> None:
    rules = contest(Method.TRIMMED_MEAN)
    words = " ".join(sentences(replace(rules, scoring=replace(rules.scoring, trim=trim))))
    assert ("bỏ một phiếu có tổng điểm cao nhất và một phiếu" in words) == one
    assert ("bỏ 2 phiếu có tổng điểm cao nhất và 2 phiếu" in words) != one


def test_a_contest_without_prizes_mentions_none() -> None:
    assert not [word for word in sentences(contest()) if "giải" in word or "tương tác" in word]


@pytest.mark.parametrize("method", Method)
def test_every_method_has_one_entry_in_the_register(method: Method) -> None:
    entry = METHODS[method]
    assert entry.key is method and entry.rules(contest(method).scoring)
    assert "{score}" in entry.value.text
    with pytest.raises(ValueError) if entry.by_ranks else nullcontext():
        score_of(contest(), [100], method)


class TestViewingOrder:
    works = tuple(EntryId(f"T-{number}") for number in range(30))

    def test_each_judge_has_their_own_and_anyone_finds_it_again(self) -> None:
        first = viewing_order("hạt giống", JudgeId("gk01"), self.works)
        assert first == viewing_order("hạt giống", JudgeId("gk01"), reversed(self.works))
        assert sorted(first) == sorted(self.works)
        assert first != viewing_order("hạt giống", JudgeId("gk02"), self.works)
        assert first != viewing_order("hạt khác", JudgeId("gk01"), self.works)

    def test_it_is_the_sha_256_of_seed_judge_and_work(self) -> None:
        def digest(entry: str) -> str:
            return sha256(f"s|gk01|{entry}".encode()).hexdigest()

        assert viewing_order("s", JudgeId("gk01"), self.works) == tuple(sorted(self.works, key=digest))
