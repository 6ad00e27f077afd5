"""A contest file is read strictly: each error gives one clear sentence with its key and line.

(docs/design.md, Contest file)
"""

from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path

import pytest

from core.rules.access import Role
from core.rules.contest import Contest, Method, PrizeBy, Then
from core.rules.contest_file.reader import BadContestFile, load, read
from core.rules.contest_file.toml_lines import key_lines, line_of
from core.rules.words import Locale

CONTESTS = sorted(Path("data/contests").glob("*.toml"))

SMALL = """\
[contest]
key = "nho"
name = "Cuộc thi nhỏ"

[[criteria]]
key = "ND"
name = "Nội dung"
max = "10"
step = "0.5"
levels = [{ from = "8", says = "Tốt" }, { from = "0", says = "Chưa tốt" }]

[[criteria]]
key = "ST"
name = "Sáng tạo"
max = 5
step = 1
weight = "0,5"

[scoring]
method = "mean"

[ties]
ladder = ["criterion:ND"]

[[prizes]]
key = "NHAT"
name = "Giải Nhất"
quantity = 1
amount = 1_000_000
"""

PHASES = """
[phases]
submission = { opens = 2024-06-01T00:00:00+07:00, closes = 2024-07-31T23:59:59+07:00 }
screening = { opens = 2024-08-01T00:00:00+07:00, closes = 2024-08-10T23:59:59+07:00 }
judging = { opens = 2024-08-11T00:00:00+07:00, closes = 2024-08-30T23:59:59+07:00 }
interactions_close = 2024-09-10T23:59:59+07:00
award_meeting = "2024-09-15T08:00:00+07:00"
ceremony = 2024-10-10T01:00:00Z
"""


def refused(text: str) -> str:
    with pytest.raises(BadContestFile) as refusal:
        load(text, "nho.toml")
    return refusal.value.sentence.localize(Locale())


@pytest.mark.parametrize("path", CONTESTS, ids=lambda path: path.stem)
def test_the_supplied_contest_files_are_valid(path: Path) -> None:
    contest = load(path.read_text(encoding="utf-8"), path.name)
    assert contest.key == path.stem
    assert contest.phases is not None
    for criterion in contest.criteria:
        assert criterion.maximum % criterion.step == 0


class TestTheFirstContest:
    """The plan, and the defaults where the plan is silent, as in data/contests/son-la-2024.toml."""

    rules = load(Path("data/contests/son-la-2024.toml").read_text(encoding="utf-8"), "son-la-2024.toml")

    def test_the_rubric_is_on_100_by_halves(self) -> None:
        assert [(c.key, c.maximum, c.step) for c in self.rules.criteria] == [
            ("ND", 4000, 50), ("HT", 2000, 50), ("ST", 2000, 50), ("KT", 1500, 50), ("LT", 500, 50),
        ]  # fmt: skip
        assert self.rules.maximum_total == 100_00

    def test_every_criterion_describes_its_levels_down_to_zero(self) -> None:
        assert all(c.levels and c.levels[-1].least == 0 and c.levels[0].least < c.maximum for c in self.rules.criteria)

    def test_the_calendar_of_part_iv(self) -> None:
        phases = self.rules.phases
        assert phases is not None
        assert phases.judging.closes == datetime(2024, 8, 30, 16, 59, 59, tzinfo=UTC)
        assert phases.interactions_close == datetime(2024, 9, 10, 16, 59, 59, tzinfo=UTC)
        assert self.rules.entries.max_per_author == 3
        assert self.rules.entries.video.seconds == (240, 300)

    def test_the_prizes_of_part_v(self) -> None:
        assert [(p.key, p.quantity, p.amount, p.by) for p in self.rules.prizes] == [
            ("NHAT", 1, 5_000_000, PrizeBy.SCORE), ("NHI", 2, 3_000_000, PrizeBy.SCORE), ("BA", 3, 2_000_000, PrizeBy.SCORE),
            ("KK", 5, 1_000_000, PrizeBy.SCORE), ("PHU", 1, 1_000_000, PrizeBy.INTERACTION),
        ]  # fmt: skip


def test_what_is_not_written_has_its_default() -> None:
    contest = load("\ufeff" + SMALL, "nho.toml")
    assert (contest.scoring.method, contest.scoring.decimals, contest.scoring.min_sheets) == (Method.MEAN, 2, 3)
    assert (contest.phases, contest.ties.then, contest.scoring.gap_alert) == (None, Then.COMMITTEE, None)
    assert contest.criteria[1].weight == Fraction(1, 2)
    assert contest.criterion(contest.criteria[1].key) is contest.criteria[1]
    assert contest.prize(contest.prizes[0].key) is contest.prizes[0]
    assert contest.weight_scale == 2 and contest.maximum_total == 2 * 1000 + 500


def test_numbers_written_otherwise_are_the_same_contest() -> None:
    assert load(SMALL.replace('"10"', "10").replace('"0.5"', '"0,50"').replace('"0,5"', '"1/2"'), "nho.toml") == load(
        SMALL, ""
    )


def test_phases_may_be_missing_but_not_incomplete() -> None:
    assert load(SMALL + PHASES, "nho.toml").phases is not None
    assert refused(SMALL + PHASES.replace("ceremony = 2024-10-10T01:00:00Z", "")) == (
        "nho.toml, dòng 31: Thiếu khóa phases.ceremony."
    )


def test_bodies_and_signatories_are_names_in_any_shape() -> None:
    names = 'name = "Cuộc thi nhỏ"\nbodies = ["Ban A", "Ban B"]\nsignatories = { jury = "Trưởng ban", more = [{ title = "Phó" }] }'
    contest = load(SMALL.replace('name = "Cuộc thi nhỏ"', names), "nho.toml")
    assert contest.bodies == (("1", "Ban A"), ("2", "Ban B"))
    assert contest.signatories == (("jury", "Trưởng ban"), ("more.1.title", "Phó"))


def test_texts_are_nfc() -> None:
    contest = load(SMALL.replace("Cuộc thi nhỏ", "Ho\u0300a"), "nho.toml")
    assert contest.name == "H\u00f2a"


def test_judging_may_be_set() -> None:
    judging = '\n[judging]\nblind = false\nwatched_share = "0.95"\nnames_beside_marks = ["chief"]\nstandings_for_judges = "never"'
    judging_rules = load(SMALL + judging, "nho.toml").judging
    assert (judging_rules.blind, judging_rules.watched_share, judging_rules.names_beside_marks) == (
        False,
        9500,
        frozenset({Role.CHIEF}),
    )
    assert judging_rules.standings_for_judges == "never"


FAULTS = [
    # the original text, its replacement, the message
    ('key = "nho"', 'key = "nho"\nkhac = 1', "dòng 3: Khóa contest.khac không có trong mẫu tệp cuộc thi."),
    ("[scoring]", "[cham]\n[scoring]", "dòng 19: Khóa cham không có trong mẫu tệp cuộc thi."),
    ('key = "nho"\n', "", "dòng 1: Thiếu khóa contest.key."),
    ('key = "nho"', 'key = "nhỏ"', "dòng 2: contest.key chỉ gồm chữ không dấu, số, dấu - và dấu _."),
    ('key = "nho"', 'key = "nho"\ntimezone = "UTC"', "dòng 3: contest.timezone phải là Asia/Ho_Chi_Minh."),
    ('key = "nho"', "key = 7", "dòng 2: contest.key phải là một chuỗi chữ trong ngoặc kép."),
    ('"Cuộc thi nhỏ"', '" "', "dòng 3: contest.name không được để trống."),
    ('key = "nho"', 'key = "nho"\nlegal_basis = [1]', "dòng 3: contest.legal_basis phải là một danh sách chuỗi chữ."),
    ('key = "nho"', 'key = "nho"\nbodies = 5', "dòng 3: contest.bodies chỉ gồm các chuỗi chữ."),
    ('max = "10"', "max = 10.0", 'dòng 8: criteria[1].max phải viết chính xác: số nguyên hoặc chuỗi như "0.5", không viết số thực 10.0.'),
    ('max = "10"', "max = true", 'dòng 8: criteria[1].max không phải là một số hợp lệ: viết số nguyên không âm hoặc chuỗi như "0.5".'),
    ('max = "10"', 'max = "mười"', 'dòng 8: criteria[1].max không phải là một số hợp lệ: viết số nguyên không âm hoặc chuỗi như "0.5".'),
    ('max = "10"', "max = -10", 'dòng 8: criteria[1].max không phải là một số hợp lệ: viết số nguyên không âm hoặc chuỗi như "0.5".'),
    ('max = "10"', "max = 0", "dòng 8: criteria[1].max phải lớn hơn 0."),
    ('max = "10"', 'max = "10.25"', "dòng 8: criteria[1].max là 10.25, không đạt được bằng các bước 0.5."),
    ('max = "10"', 'max = "10.125"', "dòng 8: criteria[1].max có nhiều hơn hai chữ số thập phân."),
    ('weight = "0,5"', 'weight = "0"', "dòng 17: criteria[2].weight phải lớn hơn 0."),
    ('weight = "0,5"', "weight = 0.5", 'dòng 17: criteria[2].weight phải viết chính xác: số nguyên hoặc chuỗi như "0.5", không viết số thực 0.5.'),
    ('key = "ST"', 'key = "ND"', "dòng 13: criteria[2].key “ND” đã được dùng ở trên."),
    ('key = "ST"', 'key = "S T"', "dòng 13: criteria[2].key không được có khoảng trắng hay dấu câu."),
    ('key = "ST"', 'key = "Judge"', "dòng 13: criteria[2].key không được là “Judge”: đó là tên cột của tệp điểm."),
    ('{ from = "8"', '{ from = "11"', "dòng 10: criteria[1].levels[1].from không phải là mức điểm hợp lệ của tiêu chí này."),
    ('{ from = "8"', '{ from = "7.8"', "dòng 10: criteria[1].levels[1].from không phải là mức điểm hợp lệ của tiêu chí này."),
    ('{ from = "8"', '{ from = "0"', "dòng 10: criteria[1].levels[2].from trùng với một mức khác."),
    ('{ from = "8",', "{", "dòng 10: Thiếu khóa criteria[1].levels[1].from."),
    ('method = "mean"', "", "dòng 19: Thiếu khóa scoring.method."),
    ('[scoring]\nmethod = "mean"', "", "Thiếu khóa scoring."),
    ('"mean"', '"mode"', "dòng 20: scoring.method phải là một trong: mean, median, trimmed_mean, rank_sum, rank_mean; không nhận “mode”."),
    ('"mean"', '"trimmed_mean"\ntrim = 0', "dòng 21: scoring.trim phải từ 1 trở lên khi phương pháp là trimmed_mean."),
    ('"mean"', '"mean"\nmin_sheets = 0', "dòng 21: scoring.min_sheets phải là số nguyên không nhỏ hơn 1."),
    ('"mean"', '"mean"\ndecimals = 7', "dòng 21: scoring.decimals phải là số nguyên từ 0 đến 6."),
    ('"mean"', '"mean"\ndecimals = "1.5"', "dòng 21: scoring.decimals phải là số nguyên từ 0 đến 6."),
    ("criterion:ND", "criterion:XX", "dòng 23: ties.ladder nêu tiêu chí “XX” không có trong bảng tiêu chí."),
    ("criterion:ND", "views", "dòng 23: ties.ladder chỉ gồm các bậc “criterion:…” và “chief”; không nhận “views”."),
    ('"criterion:ND"', '"criterion:ND", "criterion:ND"', "dòng 23: ties.ladder nêu bậc “criterion:ND” hai lần."),
    ('"criterion:ND"', '"chief"', "dòng 23: ties.ladder có bậc “chief” nhưng chưa khai trưởng ban giám khảo ở ties.chief."),
    ("amount = 1_000_000", "", "dòng 25: Thiếu khóa prizes[1].amount."),
    ("amount = 1_000_000", "amount = 0", "dòng 29: prizes[1].amount phải là số nguyên không nhỏ hơn 1."),
    ("quantity = 1", "quantity = 0", "dòng 28: prizes[1].quantity phải là số nguyên không nhỏ hơn 1."),
    ("[[prizes]]", "[prizes]", "dòng 25: prizes phải là một danh sách bảng, viết [[prizes]]."),
    ("[ties]\nladder", "[[ties]]\nladder", "ties phải là một bảng."),
    ("[ties]", "[entries]\nmax_per_author = 0\n[ties]", "dòng 23: entries.max_per_author phải là số nguyên không nhỏ hơn 1."),
    ("[ties]", "[entries.video]\nsizes = []\n[ties]", "dòng 23: entries.video.sizes phải gồm các cặp số nguyên dương."),
    ("[ties]", "[entries.video]\nsizes = [[1280]]\n[ties]", "dòng 23: entries.video.sizes phải gồm các cặp số nguyên dương."),
    ("[ties]", "[entries.video]\nseconds = [9, 5]\n[ties]", "dòng 23: entries.video.seconds phải viết [ngắn nhất, dài nhất]."),
    ("[ties]", "[entries.video]\naudio = 1\n[ties]", "dòng 23: entries.video.audio phải là true hoặc false."),
    ("[ties]", '[judging]\nwatched_share = "1.5"\n[ties]', "dòng 23: judging.watched_share phải từ 0 đến 1, nhiều nhất bốn chữ số thập phân."),
    ("[ties]", '[judging]\nnames_beside_marks = ["press"]\n[ties]', "dòng 23: judging.names_beside_marks nêu vai trò “press” không có."),
    ("[ties]", "[interactions]\nlikes = 1\n[ties]", "dòng 23: Khóa interactions.likes không có trong mẫu tệp cuộc thi."),
    ('max = "10"', 'max = "10"\nmax = "20"', "dòng 9: Một khóa hoặc một bảng được viết hai lần."),
    ("[scoring]", "[contest]\n[scoring]", "dòng 19: Một khóa hoặc một bảng được viết hai lần."),
    ("[scoring]", "[scoring", "dòng 19: Tệp không đúng cú pháp TOML."),
    ("amount = 1_000_000", "amount = 1_000_000_000_000", "dòng 29: prizes[1].amount quá lớn: phải nhỏ hơn một nghìn tỷ."),
    ("[ties]", "[entries.video]\nsizes = 5\n[ties]", "dòng 23: entries.video.sizes phải gồm các cặp số nguyên dương."),
    ("[ties]", "[entries.video]\nseconds = 5\n[ties]", "dòng 23: entries.video.seconds phải gồm các cặp số nguyên dương."),
]  # fmt: skip


@pytest.mark.parametrize("good, bad, sentence", FAULTS, ids=[sentence for _, _, sentence in FAULTS])
def test_each_fault_is_one_sentence_with_its_key_and_line(good: str, bad: str, sentence: str) -> None:
    assert SMALL.count(good) >= 1
    message = refused(SMALL.replace(good, bad, 1))
    assert message.startswith("nho.toml")
    assert sentence in message


PHASE_FAULTS = [
    ("00:00:00+07:00, closes = 2024-07", "00:00:00, closes = 2024-07", "dòng 32: phases.submission.opens thiếu múi giờ: viết thêm +07:00."),
    ("2024-09-10T23:59:59+07:00", "2024-09-10", "dòng 35: phases.interactions_close phải ghi đủ ngày, giờ và múi giờ, ví dụ 2024-07-31T23:59:59+07:00."),
    ("2024-09-10T23:59:59+07:00", '"10/9/2024"', "dòng 35: phases.interactions_close không phải là một thời điểm, ví dụ 2024-07-31T23:59:59+07:00."),
    ("2024-09-10T23:59:59+07:00", '"2024-09-31T00:00:00Z"', "dòng 35: phases.interactions_close không phải là một thời điểm, ví dụ 2024-07-31T23:59:59+07:00."),
    ("opens = 2024-06-01", "opens = 0001-01-01", "dòng 32: phases.submission.opens không phải là một thời điểm, ví dụ 2024-07-31T23:59:59+07:00."),
    ("closes = 2024-07-31", "closes = 2024-05-31", "dòng 32: phases.submission.closes phải sau thời điểm mở."),
    ("closes = 2024-07-31", "closes = 2024-08-02", "dòng 33: phases.screening sớm hơn mốc thời gian phải diễn ra trước nó."),
    ("closes = 2024-08-10", "closes = 2024-08-11", "dòng 34: phases.judging sớm hơn mốc thời gian phải diễn ra trước nó."),
    ("2024-09-10T23:59:59+07:00", "2024-07-10T23:59:59+07:00", "dòng 35: phases.interactions_close sớm hơn mốc thời gian phải diễn ra trước nó."),
    ("2024-09-15", "2024-09-01", "dòng 36: phases.award_meeting sớm hơn mốc thời gian phải diễn ra trước nó."),
    ("2024-10-10", "2024-09-10", "dòng 37: phases.ceremony sớm hơn mốc thời gian phải diễn ra trước nó."),
    ("judging = {", "judges = {", "dòng 34: Khóa phases.judges không có trong mẫu tệp cuộc thi. Có phải là judging?"),
    ("closes = 2024-08-30", "ends = 2024-08-30", "dòng 34: Khóa phases.judging.ends không có trong mẫu tệp cuộc thi. (còn 1 lỗi khác)"),
]  # fmt: skip


@pytest.mark.parametrize("good, bad, sentence", PHASE_FAULTS, ids=[sentence for _, _, sentence in PHASE_FAULTS])
def test_phases_are_aware_and_in_order(good: str, bad: str, sentence: str) -> None:
    assert refused((SMALL + PHASES).replace(good, bad, 1)) == f"nho.toml, {sentence}"


def test_a_phase_may_begin_at_the_second_the_one_before_it_ends() -> None:
    text = (SMALL + PHASES).replace("opens = 2024-08-01T00:00:00", "opens = 2024-07-31T23:59:59")
    phases = load(text, "nho.toml").phases
    assert phases is not None and phases.screening.opens == phases.submission.closes


def test_a_contest_without_criteria() -> None:
    text = '[contest]\nkey = "a"\nname = "b"\n[scoring]\nmethod = "mean"\n'
    assert refused(text) == "nho.toml: Thiếu khóa criteria: cuộc thi cần ít nhất một tiêu chí."


def test_every_fault_is_reported_and_the_first_is_the_refusal() -> None:
    contest, problems = read(SMALL.replace('max = "10"', "max = 0").replace("amount = 1_000_000", ""), "nho.toml")
    assert contest is None
    assert [(problem.line, problem.key) for problem in problems] == [(8, "criteria[1].max"), (25, "prizes[1].amount")]
    assert refused(SMALL.replace('max = "10"', "max = 0").replace("amount = 1_000_000", "")).endswith(
        "(còn 1 lỗi khác)"
    )


def test_a_fault_in_a_criterion_is_not_reported_again_at_the_ladder() -> None:
    _, problems = read(SMALL.replace('max = "10"', "max = 0"), "nho.toml")
    assert [problem.key for problem in problems] == ["criteria[1].max"]


def test_a_criterion_is_known_to_the_ladder_however_its_key_is_written() -> None:
    """The same key composed and decomposed, and with an adjacent space."""
    text = SMALL.replace('key = "ND"', 'key = " HO\u0300A "').replace("criterion:ND", "criterion:H\u00d2A")
    assert load(text, "nho.toml").rungs == (0,)


@pytest.mark.parametrize("key", ["[]", "{}", "[[1]]", "7"])
def test_a_key_that_is_not_text_is_refused_by_name(key: str) -> None:
    assert refused(SMALL.replace('key = "ST"', f"key = {key}")) == (
        "nho.toml, dòng 13: criteria[2].key phải là một chuỗi chữ trong ngoặc kép."
    )


@pytest.mark.parametrize("text", ["", "a" * 10, "[" * 5000, "x = " + "9" * 5000, 'x = """'])
def test_a_file_that_is_not_toml_is_refused_in_one_sentence(text: str) -> None:
    contest, problems = read(text, "nho.toml")
    assert contest is None and problems


@pytest.mark.parametrize("text", ["criteria = 5", "criteria = [1]", "[criteria]", "contest = 3"])
def test_tables_of_another_kind_are_refused(text: str) -> None:
    contest, problems = read(text, "nho.toml")
    assert contest is None and problems


class TestLines:
    def test_keys_are_found_behind_strings_comments_and_lists_of_many_lines(self) -> None:
        text = 'a = [\n  "]", # ]\n  1,\n]\n[b]\n"c d" = """\n[x]\n"""\nd.e = 1\n[[f]]\ng = 1\n[[f]]\ng = 2\n'
        assert key_lines(text) == {
            "a": 1,
            "b": 5,
            "b.c d": 6,
            "b.d.e": 9,
            "f[1]": 10,
            "f[1].g": 11,
            "f[2]": 12,
            "f[2].g": 13,
        }

    def test_each_table_of_a_list_has_its_own_line(self) -> None:
        text = 'a = [ { b = 1 }, # {\n  { b = "{" },\n\n  { b = [1, 2] }, { b = 2 },\n]\nc = [[1, 2], [3, 4]]\n'
        assert key_lines(text) == {"a": 1, "a[1]": 1, "a[2]": 2, "a[3]": 4, "a[4]": 4, "c": 6}

    def test_a_key_without_a_line_has_the_line_of_the_nearest_key_around_it(self) -> None:
        lines = {"a": 1, "a[2].b": 7}
        assert line_of("a[2].b[1].c", lines) == 7
        assert line_of("a[3].b", lines) == 1
        assert line_of("z", lines) is None


def test_a_contest_is_a_value() -> None:
    assert isinstance(load(SMALL, ""), Contest)
    assert hash(load(SMALL, "")) == hash(load(SMALL, ""))
