"""All findings about a contest file at once: problems that make it invalid, and notices about the values that apply."""

import re
from collections.abc import Iterable
from pathlib import Path

import pytest

from core.desk.accounts.account_names import USERNAME
from core.rules.contest import Method
from core.rules.contest_file.consistency import ACCOUNT
from core.rules.contest_file.findings import Problem
from core.rules.contest_file.reader import BadContestFile, Notice, finding_sentence, load, load_stored, read, review
from core.rules.rule_card.card import fingerprint
from core.rules.words import Locale
from tests.rules.contest_file.test_contest_file import PHASES, SMALL

WHOLE = SMALL + PHASES
INTERACTION = '\n[[prizes]]\nkey = "YT"\nname = "Yêu thích"\nquantity = 1\namount = 5\nby = "interaction"\n'


def lines(found: Iterable[Problem | Notice]) -> list[str]:
    return [finding_sentence("nho.toml", each).localize(Locale()) for each in found]


def problems(text: str) -> list[str]:
    return lines(read(text, "nho.toml")[1])


def doubts(text: str) -> list[str]:
    reviewed = review(text, "nho.toml")
    assert reviewed.problems == ()
    return lines(each for each in reviewed.notices if each.doubtful)


class TestAllAtOnce:
    """All problems of a new file are reported in one run: no key hides the problem of another."""

    def test_every_key_of_every_table_reports(self) -> None:
        text = """\
[contest]
key = "nhỏ"
name = " "
theme = 5
legal_basis = [1]
bodies = 7
[phases]
submission = { opens = 2024-06-02T00:00:00+07:00, closes = 2024-06-01T00:00:00+07:00 }
screening = { opens = 2024-06-01, closes = "x" }
judging = 5
interactions_close = 2024-09-10T00:00:00
award_meeting = 2024-09-09T00:00:00+07:00
ceremony = 2024-09-08T00:00:00+07:00
[entries]
max_per_author = 0
[entries.video]
container = 5
sizes = [[0, 1]]
seconds = [9, 5]
tolerance_s = -1
audio = "có"
[[criteria]]
key = "A B"
name = ""
max = 8.5
step = 0
weight = "0"
levels = [
  { from = "2", says = "Tốt" },
  { from = "1.125", says = "" },
  { from = 5.5 },
]
[scoring]
method = "mode"
trim = 101
decimals = 7
min_sheets = 0
gap_alert = "1.555"
[ties]
ladder = ["criterion:X", "views", "chief"]
then = "vote"
[[prizes]]
key = "P;1"
name = 1
quantity = 0
amount = "x"
by = "chance"
[interactions]
reactions = -1
comments = 1.5
shares = "1.5"
views = 10000000
[judging]
blind = 0
watched_share = "2"
names_beside_marks = ["press", "radio"]
standings_for_judges = "always"
"""
        found = read(text, "nho.toml")[1]
        keys = [problem.key for problem in found]
        assert keys == [
            "contest.key", "contest.name", "contest.theme", "contest.legal_basis", "contest.bodies",
            "phases.submission.closes", "phases.screening.opens", "phases.screening.closes", "phases.judging",
            "phases.interactions_close", "phases.ceremony",
            "entries.max_per_author", "entries.video.container", "entries.video.sizes", "entries.video.seconds",
            "entries.video.tolerance_s", "entries.video.audio",
            "criteria[1].key", "criteria[1].name", "criteria[1].max", "criteria[1].step", "criteria[1].weight",
            "criteria[1].levels[2].from", "criteria[1].levels[2].says",
            "criteria[1].levels[3].from", "criteria[1].levels[3].says",
            "scoring.method", "scoring.trim", "scoring.decimals", "scoring.min_sheets", "scoring.gap_alert",
            "ties.ladder[1]", "ties.ladder[2]", "ties.ladder", "ties.then",
            "prizes[1].key", "prizes[1].name", "prizes[1].quantity", "prizes[1].amount", "prizes[1].by",
            "interactions.reactions", "interactions.comments", "interactions.shares", "interactions.views",
            "judging.blind", "judging.watched_share", "judging.names_beside_marks[1]", "judging.names_beside_marks[2]",
            "judging.standings_for_judges",
        ]  # fmt: skip
        written = text.splitlines()
        for problem in found:
            name = re.sub(r"\[\d+\]$", "", problem.key).rsplit(".", 1)[-1]
            assert problem.line is not None and (
                name in written[problem.line - 1] or problem.what.text.startswith("Thiếu")
            )
        levels = [problem.line for problem in found if ".levels[" in problem.key]
        assert levels == [30, 30, 31, 31]

    def test_a_key_has_one_problem_and_none_that_follows_from_another(self) -> None:
        text = WHOLE.replace('max = "10"', "max = 10.5").replace('step = "0.5"', 'step = "x"')
        assert [problem.key for problem in read(text, "")[1]] == ["criteria[1].max", "criteria[1].step"]

    def test_missing_tables_are_each_named_once(self) -> None:
        assert problems("[ties]\n") == [
            "nho.toml: Thiếu khóa contest.",
            "nho.toml: Thiếu khóa criteria: cuộc thi cần ít nhất một tiêu chí.",
            "nho.toml: Thiếu khóa scoring.",
        ]

    def test_broken_lines_do_not_hide_what_the_others_say(self) -> None:
        text = SMALL.replace('"Cuộc thi nhỏ"', "“Cuộc thi nhỏ”").replace("max = 5", "max = 0,5")
        assert [(p.line, p.key) for p in read(text.replace("quantity = 1", "quantity = 0"), "")[1]] == [
            (3, ""), (15, ""), (28, "prizes[1].quantity"),
        ]  # fmt: skip

    @pytest.mark.parametrize("text", ["", "\n\n", "# chỉ có ghi chú\n", "\ufeff"])
    def test_an_empty_file_is_called_empty(self, text: str) -> None:
        assert problems(text) == ["nho.toml: Tệp trống: chưa ghi gì về cuộc thi."]

    @pytest.mark.parametrize(
        "text", ['{"contest": {"key": "a"},\n "name": "b"}', "entry;judge\n1;2\n3;4\n", "<contest>\n<key/>\n</contest>"]
    )
    def test_a_file_of_another_kind_has_one_problem(self, text: str) -> None:
        (problem,) = problems(text)
        assert problem.startswith("nho.toml, dòng 1: Tệp không đúng cú pháp TOML.")

    def test_the_refusal_names_the_first_and_contains_all(self) -> None:
        with pytest.raises(BadContestFile) as refusal:
            load(SMALL.replace('max = "10"', "max = 0").replace("quantity = 1", "quantity = 0"), "nho.toml")
        assert str(refusal.value) == "nho.toml, dòng 8: criteria[1].max phải lớn hơn 0. (còn 1 lỗi khác)"
        assert [each.localize(Locale()) for each in refusal.value.sentences] == [
            "nho.toml, dòng 8: criteria[1].max phải lớn hơn 0.",
            "nho.toml, dòng 28: prizes[1].quantity phải là số nguyên không nhỏ hơn 1.",
        ]


class TestNearMisses:
    @pytest.mark.parametrize(
        "good, bad, likely",
        [
            ("method =", "metod =", "method"),
            ("method =", "METHOD =", "method"),
            ("method =", '"mẹthod" =', "method"),
            ("quantity =", "quanlity =", "quantity"),
            ("[ties]\nladder", "[ties]\nlader", "ladder"),
            ("[scoring]", "[scoring]\nmin-sheets = 2", "min_sheets"),
            ("[scoring]", "[scoring]\nminsheets = 2", "min_sheets"),
            ("[[prizes]]", "[[prize]]", "prizes"),
            ("[scoring]", "[interaction]\n[scoring]", "interactions"),
            ("[ties]", "[tie]\n[ties]", "ties"),
        ],
    )
    def test_an_unknown_key_is_compared_with_the_known_ones(self, good: str, bad: str, likely: str) -> None:
        (problem,) = problems(SMALL.replace(good, bad, 1))
        assert problem.endswith(f"không có trong mẫu tệp cuộc thi. Có phải là {likely}?")

    @pytest.mark.parametrize("key", ["xyz", "likes", "tong_diem"])
    def test_a_key_like_none_is_not_guessed(self, key: str) -> None:
        (problem,) = problems(SMALL.replace("[scoring]", f"[interactions]\n{key} = 1\n[scoring]"))
        assert problem.endswith("không có trong mẫu tệp cuộc thi.")


UNSOUND = [
    (INTERACTION.replace('by = "interaction"', "").replace("amount = 5", "amount = 1_000_001"),
     "dòng 35: prizes[2].amount là 1.000.001 đồng, cao hơn 1.000.000 đồng của “Giải Nhất” ghi ở trên. Các giải phải ghi từ cao xuống thấp: tác phẩm đứng đầu nhận giải ghi trước."),
    (INTERACTION + INTERACTION.replace("YT", "YT2").replace("Yêu thích", "Khác").replace("amount = 5", "amount = 6"),
     "dòng 42: prizes[3].amount là 6 đồng, cao hơn 5 đồng của “Yêu thích” ghi ở trên."),
    (INTERACTION.replace("Yêu thích", "giải  NHẤT"), "dòng 33: prizes[2].name “giải  NHẤT” đã được dùng ở trên."),
    (INTERACTION.replace('"YT"', '"Nhat"'), "dòng 32: prizes[2].key “Nhat” chỉ khác “NHAT” ở trên về cách viết."),
    (INTERACTION.replace("quantity = 1", "quantity = 1001"), "dòng 34: prizes[2].quantity quá lớn: nhiều nhất là 1000."),
    (INTERACTION + "[interactions]\nreactions = 0\ncomments = 0\nshares = 0\n",
     "dòng 37: interactions: mọi hệ số đều bằng 0 nên không tác phẩm nào nhận được giải theo lượng tương tác."),
    ('[entries.video]\ncontainer = "jpg"\n', "dòng 31: entries.video.container phải là mp4; không nhận “jpg”."),
    ('[[criteria]]\nkey = "KT"\nname = "nội dung"\nmax = 1\nstep = 1\n',
     "dòng 32: criteria[3].name “nội dung” đã được dùng ở trên."),
    ('[[criteria]]\nkey = "nd"\nname = "Khác"\nmax = 1\nstep = 1\n',
     "dòng 31: criteria[3].key “nd” chỉ khác “ND” ở trên về cách viết."),
]  # fmt: skip


class TestContradictions:
    """A file that can be read but contradicts itself is refused when new, but accepted for a contest opened earlier."""

    @pytest.mark.parametrize("more, message", UNSOUND, ids=[message for _, message in UNSOUND])
    def test_a_new_file_is_refused_at_the_line(self, more: str, message: str) -> None:
        (problem,) = problems(SMALL + more)
        assert problem.startswith(f"nho.toml, {message}")

    @pytest.mark.parametrize("more, finding", UNSOUND, ids=[finding for _, finding in UNSOUND])
    def test_a_stored_contest_stays_readable(self, more: str, finding: str) -> None:
        assert len(load_stored(SMALL + more, "nho.toml").criteria) >= 2

    def test_equal_amounts_and_different_kinds_are_not_a_rise(self) -> None:
        text = SMALL + INTERACTION.replace("amount = 5", "amount = 9_000_000")
        assert (
            problems(
                text + INTERACTION.replace("YT", "B").replace("Yêu thích", "Ba").replace("amount = 5", "amount = 5")
            )
            == []
        )
        assert problems(SMALL + INTERACTION.replace('by = "interaction"', "").replace("= 5", "= 1_000_000")) == []

    def test_what_cannot_be_read_refuses_a_stored_contest_too(self) -> None:
        with pytest.raises(BadContestFile):
            load_stored(SMALL.replace('max = "10"', "max = 0"), "nho.toml")
        with pytest.raises(BadContestFile):
            load_stored("", "nho.toml")

    def test_a_stored_contest_is_the_contest_that_was_loaded(self) -> None:
        assert load_stored(WHOLE, "a") == load(WHOLE, "a")
        assert fingerprint(load_stored(WHOLE, "a")) == fingerprint(load(WHOLE, "a"))


DOUBTFUL = [
    ('"mean"', '"trimmed_mean"\ntrim = 4\nmin_sheets = 5',
     "dòng 21: lưu ý: scoring.trim = 4 cần ít nhất 9 phiếu, nhiều hơn min_sheets = 5: tác phẩm có dưới 9 phiếu sẽ không có điểm."),
    ('"mean"', '"trimmed_mean"\ntrim = 2',
     "dòng 21: lưu ý: scoring.trim = 2 cần ít nhất 5 phiếu, nhiều hơn min_sheets = 3: tác phẩm có dưới 5 phiếu sẽ không có điểm."),
    ('"mean"', '"median"\ntrim = 2', "dòng 21: lưu ý: scoring.trim không dùng đến: chỉ phương pháp trimmed_mean bỏ phiếu."),
    ('"mean"', '"rank_sum"\ndecimals = 0', "dòng 21: lưu ý: scoring.decimals = 0 làm tròn mất phần lẻ của thứ hạng"),
    ('"mean"', '"rank_mean"\ndecimals = 0', "dòng 21: lưu ý: scoring.decimals = 0 làm tròn mất phần lẻ của thứ hạng"),
    ('"mean"', '"mean"\ngap_alert = 15',
     "dòng 21: lưu ý: scoring.gap_alert = 15 không bao giờ đạt tới: tổng điểm tối đa của một phiếu là 15."),
    ('weight = "1"', 'weight = "1.1"',
     "dòng 17: lưu ý: Hệ số làm tổng điểm tối đa của một phiếu thành 15,5 thay vì 15 như các mức tối đa cộng lại."),
    ('weight = "1"', 'weight = "1/3"', "thành 35/3 thay vì 15 như các mức tối đa cộng lại."),
    ("[ties]", '[judging]\nwatched_share = "1"\n[ties]', "dòng 23: lưu ý: judging.watched_share = 100%: vài phần giây cuối"),
    ("[ties]", '[ties]\nchief = "gk01"', "dòng 23: lưu ý: ties.chief không dùng đến: ties.ladder không có bậc “chief”."),
    ('ladder = ["criterion:ND"]', 'ladder = ["chief"]\nchief = "Nguyễn Văn A"',
     "dòng 24: lưu ý: ties.chief “Nguyễn Văn A” không thể là tên đăng nhập"),
    ('ladder = ["criterion:ND"]', 'ladder = ["chief"]\nchief = "j1"', "ties.chief “j1” không thể là tên đăng nhập"),
    ('ladder = ["criterion:ND"]', 'ladder = ["chief"]\nchief = "GK01"', "ties.chief “GK01” không thể là tên đăng nhập"),
]  # fmt: skip
EVEN = SMALL.replace('weight = "0,5"', 'weight = "1"')


class TestDoubtful:
    """Permitted, but reported: it may not be intended."""

    @pytest.mark.parametrize("good, bad, message", DOUBTFUL, ids=[message for _, _, message in DOUBTFUL])
    def test_is_reported_at_its_line(self, good: str, bad: str, message: str) -> None:
        assert EVEN.count(good) == 1
        (line,) = doubts(EVEN.replace(good, bad))
        assert message in line

    @pytest.mark.parametrize(
        "good, bad",
        [
            ('"mean"', '"trimmed_mean"\ntrim = 2\nmin_sheets = 5'),
            ('"mean"', '"rank_sum"\ndecimals = 1'),
            ("[ties]", '[judging]\nwatched_share = "0.99"\n[ties]'),
            ('"mean"', '"mean"\ngap_alert = "14.99"\ndecimals = 0\ntrim = 1'),
            ('ladder = ["criterion:ND"]', 'ladder = ["chief"]\nchief = "gk.lan_2-b"'),
        ],
    )
    def test_a_valid_file_gives_no_notice(self, good: str, bad: str) -> None:
        assert doubts(EVEN.replace(good, bad)) == []

    def test_weights_that_leave_the_maximum_are_in_order(self) -> None:
        text = EVEN.replace('weight = "1"', 'weight = "2"').replace('step = "0.5"', 'step = "0.5"\nweight = "1/2"')
        assert doubts(text) == []

    def test_they_come_after_the_problems_of_a_refused_file(self) -> None:
        with pytest.raises(BadContestFile) as refusal:
            load(EVEN.replace('"mean"', '"median"\ntrim = 2').replace("quantity = 1", "quantity = 0"), "nho.toml")
        assert [each.localize(Locale()).split(": ", 1)[0] for each in refusal.value.sentences] == [
            "nho.toml, dòng 29", "nho.toml, dòng 21",
        ]  # fmt: skip

    def test_a_username_is_what_the_desk_takes(self) -> None:
        accepted = {character for character in map(chr, range(0x250)) if ACCOUNT.fullmatch(character * 3)}
        assert accepted == USERNAME
        assert [length for length in range(40) if ACCOUNT.fullmatch("a" * length)] == [*range(3, 33)]


class TestDefaults:
    """No default that affects results, films or visibility applies silently."""

    def notices(self, text: str) -> list[str]:
        return lines(each for each in review(text, "nho.toml").notices if not each.doubtful)

    def test_each_is_reported_with_its_value(self) -> None:
        assert self.notices(EVEN + INTERACTION) == [
            "nho.toml: lưu ý: Không có [phases]: không có hạn lấy số liệu tương tác, lần ghi cuối cùng được tính.",
            "nho.toml: lưu ý: [interactions] reactions không ghi: dùng 1.",
            "nho.toml: lưu ý: [interactions] comments không ghi: dùng 1.",
            "nho.toml: lưu ý: [interactions] shares không ghi: dùng 2.",
            "nho.toml: lưu ý: [interactions] views không ghi: dùng 0.",
            "nho.toml: lưu ý: [entries] max_per_author không ghi: dùng 3.",
            "nho.toml: lưu ý: [entries.video] container không ghi: dùng mp4.",
            "nho.toml: lưu ý: [entries.video] sizes không ghi: dùng 1280×720, 1920×1080.",
            "nho.toml: lưu ý: [entries.video] seconds không ghi: dùng từ 240 đến 300 giây.",
            "nho.toml: lưu ý: [entries.video] tolerance_s không ghi: dùng 0.",
            "nho.toml: lưu ý: [entries.video] audio không ghi: dùng true.",
            "nho.toml: lưu ý: [judging] blind không ghi: dùng true.",
            "nho.toml: lưu ý: [judging] watched_share không ghi: dùng 0.",
            "nho.toml: lưu ý: [judging] names_beside_marks không ghi: dùng chief, committee, secretary.",
            "nho.toml: lưu ý: [judging] standings_for_judges không ghi: dùng after_publication.",
            "nho.toml, dòng 19: lưu ý: [scoring] decimals không ghi: dùng 2.",
            "nho.toml, dòng 19: lưu ý: [scoring] min_sheets không ghi: dùng 3.",
            "nho.toml, dòng 19: lưu ý: [scoring] gap_alert không ghi: không nêu phiếu chênh lệch.",
            "nho.toml, dòng 22: lưu ý: [ties] then không ghi: dùng committee.",
        ]

    def test_a_table_that_is_there_gives_the_line(self) -> None:
        text = EVEN + "[entries.video]\nseconds = [9, 11]\n"
        assert "nho.toml, dòng 30: lưu ý: [entries.video] sizes không ghi: dùng 1280×720, 1920×1080." in self.notices(
            text
        )

    def test_missing_prizes_or_steps_are_reported(self) -> None:
        text = EVEN[: EVEN.index("[ties]")]
        assert "nho.toml: lưu ý: Không có [[prizes]]: cuộc thi không trao giải nào." in self.notices(text)
        assert "nho.toml: lưu ý: [ties] ladder không ghi: các tác phẩm bằng điểm thì đồng hạng ngay." in self.notices(
            text
        )

    def test_interactions_that_no_prize_goes_by_are_named(self) -> None:
        notices = self.notices(EVEN + "[interactions]\nreactions = 3\n")
        assert (
            "nho.toml, dòng 30: lưu ý: [interactions] không dùng đến: không có giải nào trao theo lượng tương tác."
            in notices
        )
        assert not any("[interactions] comments" in line for line in notices)

    def test_a_minimum_of_one_sheet_is_reported(self) -> None:
        notices = self.notices(EVEN.replace('"mean"', '"mean"\nmin_sheets = 1'))
        assert "nho.toml, dòng 21: lưu ý: scoring.min_sheets = 1: một phiếu đã đủ thành điểm của tác phẩm." in notices

    def test_trim_is_reported_only_where_sheets_are_trimmed(self) -> None:
        line = "nho.toml, dòng 19: lưu ý: [scoring] trim không ghi: dùng 1."
        assert line in self.notices(EVEN.replace('"mean"', f'"{Method.TRIMMED_MEAN}"'))
        assert line not in self.notices(EVEN)

    def test_a_desk_cannot_do_without_phases(self) -> None:
        reviewed = review(EVEN, "nho.toml", for_desk=True)
        assert lines(reviewed.problems) == ["nho.toml: Thiếu khóa phases."]
        assert review(EVEN + PHASES, "nho.toml", for_desk=True).contest is not None

    @pytest.mark.parametrize("path", sorted(Path("data/contests").glob("*.toml")), ids=lambda path: path.stem)
    def test_nothing_in_our_own_files_is_doubtful(self, path: Path) -> None:
        reviewed = review(path.read_text(encoding="utf-8"), path.name, for_desk=True)
        assert reviewed.problems == () and not [each for each in reviewed.notices if each.doubtful]
