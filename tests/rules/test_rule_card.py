"""The rule card: one changed rule, another fingerprint; and it says itself."""

import json
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest
import rfc8785

from core.rules.card_words import in_words
from core.rules.contest import Contest, Judging, Method, StandingsForJudges, Then
from core.rules.contest_file import load
from core.rules.ids import EntryId, JudgeId
from core.rules.order import viewing_order
from core.rules.rule_card import canonical, document, fingerprint
from core.rules.words import Tongue
from tests.rules.a_contest import contest, prize

TEXTS = {path.stem: path.read_text(encoding="utf-8") for path in sorted(Path("data/contests").glob("*.toml"))}
RULES = {name: load(text, name) for name, text in TEXTS.items()}


@pytest.mark.parametrize("name", RULES)
def test_the_canonical_form_is_that_of_rfc_8785(name: str) -> None:
    rules = RULES[name]
    assert canonical(rules).encode() == rfc8785.dumps(json.loads(json.dumps(document(rules))))
    assert fingerprint(rules) == "sha256:" + sha256(canonical(rules).encode()).hexdigest()


@pytest.mark.parametrize(
    "good, bad",
    [
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
    ],
)
def test_one_changed_rule_is_another_card(good: str, bad: str) -> None:
    text = TEXTS["son-la-2024"]
    assert good in text
    assert fingerprint(load(text.replace(good, bad, 1), "")) != fingerprint(RULES["son-la-2024"])


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
def test_another_way_of_writing_is_the_same_card(good: str, same: str) -> None:
    text = TEXTS["son-la-2024"]
    assert good in text
    assert fingerprint(load(text.replace(good, same, 1), "")) == fingerprint(RULES["son-la-2024"])


def said(rules: Contest) -> list[str]:
    return [sentence.said(Tongue()) for sentence in in_words(rules)]


def test_the_first_contest_says_itself() -> None:
    assert said(RULES["son-la-2024"]) == [
        "Bảng điểm có 5 tiêu chí, tổng điểm tối đa là 100.",
        "Nội dung, thông điệp: từ 0 đến 40 điểm, mỗi mức cách nhau 0,5 điểm.",
        "Kết cấu, hình thức thể hiện: từ 0 đến 20 điểm, mỗi mức cách nhau 0,5 điểm.",
        "Tính sáng tạo: từ 0 đến 20 điểm, mỗi mức cách nhau 0,5 điểm.",
        "Kỹ thuật: từ 0 đến 15 điểm, mỗi mức cách nhau 0,5 điểm.",
        "Sức lan toả, tính giáo dục: từ 0 đến 5 điểm, mỗi mức cách nhau 0,5 điểm.",
        "Điểm của tác phẩm là trung bình cộng của tổng điểm trên các phiếu đã nộp.",
        "Giám khảo có xung đột lợi ích với tác phẩm nào thì không chấm tác phẩm đó; phiếu đã nộp, nếu có, không được tính.",
        "Mọi số dùng để xếp hạng được làm tròn đến 2 chữ số thập phân, từ nửa đơn vị trở lên thì làm tròn lên, và được so sánh đúng như đã công bố.",
        "Tác phẩm có dưới 3 phiếu thì chưa có điểm và chưa được xếp hạng.",
        "Phiếu chênh lệch quá 15 điểm so với trung bình của tác phẩm được nêu ra để Ban Giám khảo hội ý.",
        "Khi bằng nhau, bước 1: tác phẩm có điểm trung bình tiêu chí “Nội dung, thông điệp” cao hơn được xếp trên.",
        "Khi bằng nhau, bước 2: tác phẩm có điểm trung bình tiêu chí “Tính sáng tạo” cao hơn được xếp trên.",
        "Khi bằng nhau, bước 3: tác phẩm có điểm của Trưởng Ban Giám khảo cao hơn được xếp trên; chỉ xét nếu Trưởng Ban Giám khảo đã chấm tất cả các tác phẩm bằng nhau đó.",
        "Các tác phẩm còn bằng nhau thì đồng hạng; giải chưa phân định được do Ban Tổ chức quyết định.",
        "Giải Nhất: 1 giải, trị giá 5.000.000 đồng (Năm triệu đồng), trao theo điểm của Ban Giám khảo. Kèm Bằng khen của Chủ tịch Ủy ban nhân dân tỉnh.",
        "Giải Nhì: 2 giải, mỗi giải trị giá 3.000.000 đồng (Ba triệu đồng), trao theo điểm của Ban Giám khảo. Kèm Giấy chứng nhận của Ban Tổ chức Cuộc thi.",
        "Giải Ba: 3 giải, mỗi giải trị giá 2.000.000 đồng (Hai triệu đồng), trao theo điểm của Ban Giám khảo. Kèm Giấy chứng nhận của Ban Tổ chức Cuộc thi.",
        "Giải Khuyến khích: 5 giải, mỗi giải trị giá 1.000.000 đồng (Một triệu đồng), trao theo điểm của Ban Giám khảo. Kèm Giấy chứng nhận của Ban Tổ chức Cuộc thi.",
        "Giải phụ: tác phẩm có lượng tương tác cao: 1 giải, trị giá 1.000.000 đồng (Một triệu đồng), trao theo lượng tương tác. Kèm Giấy chứng nhận của Ban Tổ chức Cuộc thi.",
        "Ban Tổ chức có thể không trao một giải; khi đó tác phẩm xếp trên nhận giải kế tiếp.",
        "Mỗi tác phẩm nhận nhiều nhất một giải theo điểm và có thể nhận thêm giải theo lượng tương tác.",
        "Lượng tương tác bằng số lượt cảm xúc × 1 + bình luận × 1 + chia sẻ × 2 + lượt xem × 0.",
        "Lượng tương tác lấy theo lần ghi số liệu cuối cùng, không muộn hơn 23:59:59 ngày 10/09/2024.",
        "Chấm kín: giám khảo chỉ thấy mã số và tên tác phẩm.",
        "Giám khảo được xem bảng xếp hạng sau khi công bố kết quả.",
    ]


@pytest.mark.parametrize("method", Method)
@pytest.mark.parametrize("then", Then)
def test_every_method_and_end_of_a_tie_has_its_sentence(method: Method, then: Then) -> None:
    words = said(contest(method, then=then, prizes=(prize("P1", 1, 9),)))
    assert len(words) == len(set(words)) and all("{" not in word for word in words)


def test_every_setting_of_judging_has_its_sentence() -> None:
    rules = replace(RULES["thang-10"], phases=None)
    words = {
        value: said(replace(rules, judging=Judging(blind=False, watched_share=9500, standings_for_judges=value)))
        for value in StandingsForJudges
    }
    assert len({told[-1] for told in words.values()}) == 3
    assert all(
        "Giám khảo phải xem ít nhất 95% thời lượng tác phẩm trước khi nộp phiếu." in told for told in words.values()
    )


def test_whole_points_are_said_as_whole_points() -> None:
    rounded = "Mọi số dùng để xếp hạng được làm tròn đến hàng đơn vị, từ nửa đơn vị trở lên thì làm tròn lên, và được so sánh đúng như đã công bố."
    assert rounded in said(contest(decimals=0))


def test_a_weight_other_than_one_is_said() -> None:
    from fractions import Fraction

    assert (
        said(contest(weight=Fraction(1, 2)))[1]
        == "Nội dung: từ 0 đến 10 điểm, mỗi mức cách nhau 0,5 điểm, nhân hệ số 1/2."
    )


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
