"""The invented contest of tests/golden/v1/award-document.json: every kind of row that a document of version 1 can
hold.

Three judges, six works, at least two sheets for a score. T-102 and T-103 have the same score, and T-102 ranks higher
by its content. Hòa doesn't mark T-102. T-104 and T-105 share a place and an undecided prize. T-106 has one sheet, so
no score, and gets the prize by interactions. One prize is withheld.

The printed papers `award-document.csv` and `.xlsx` are stored next to it, as they were before documents had sections.
Make them again only when the papers themselves are meant to change.
"""

from pathlib import Path

from core.papers import document as paper

FOLDER = Path(__file__).parents[1] / "golden" / "v1"
TEXT = (FOLDER / "award-document.json").read_text("utf-8")
FINGERPRINT = "sha256:1d03e576626e473338ef900b860e52c1a1bebb178106209a466695a2830e42e7"

WORKS = ("T-101", "T-102", "T-103", "T-104", "T-105", "T-106")
TITLES = ("Chợ phiên số", "Sổ tay “trưởng bản”", "Học bạ vùng cao", "=1+1 lời ru", "Bản đồ nước sạch", "Một ngày ở xã")
MARKS: tuple[tuple[tuple[int, int] | None, ...], ...] = (  # hundredths for content and form, by judge
    ((5500, 3500), (5600, 3600), (5400, 3300)),
    (None, (5200, 2800), (5000, 3000)),  # 160 / 2 = 80
    ((5000, 3000), (5050, 2950), (4950, 3050)),  # 240 / 3 = 80
    ((4000, 2000), (4000, 2000), (4000, 2000)),
    ((4000, 2000), (4000, 2000), (4000, 2000)),
    (None, (3000, 1550), None),
)
PLACES = (1, 2, 3, 4, 4, None)
SCORES = (8967, 8000, 8000, 6000, 6000, None)  # 26900 / 3 = 8966.67; half up
RECUSED = {"T-102": (0,)}
NOTES = {
    "T-102": "Bằng điểm với T-103; đứng trên nhờ điểm trung bình tiêu chí “Nội dung” cao hơn (51,00).",
    "T-103": "Bằng điểm với T-102; đứng dưới vì điểm trung bình tiêu chí “Nội dung” thấp hơn (50,00).",
    "T-106": "Chưa có điểm: có 1 phiếu, cần ít nhất 2 phiếu.",
}


def golden() -> paper.AwardDocument:
    return paper.AwardDocument(
        letterhead=paper.Letterhead(
            contest="Cuộc thi phim ngắn “Bản làng số” năm 2030",
            bodies=("Ban Chỉ đạo Chuyển đổi số", "Ban Tổ chức Cuộc thi"),
            place="Bản Mẫu",
            legal_basis=("Kế hoạch số 12/KH-BTC ngày 05/02/2030",),
            signatories=(
                paper.Signatory("secretariat", "Thư ký", ""),
                paper.Signatory("jury", "Trưởng Ban Giám khảo", ""),
                paper.Signatory("committee", "Trưởng Ban Tổ chức", "Vì Thị Hải"),
            ),
        ),
        proof=paper.Proof("sha256:" + "0123456789abcdef" * 4, 321, "fedcba9876543210" * 4),
        drawn_at=1_915_675_200_000,
        confirmed_by="Vì Thị Hải",
        salt="00112233445566778899aabbccddeeff",
        rules=("Nội dung: từ 0 đến 60 điểm.", "Hình thức: từ 0 đến 40 điểm.", "Điểm là trung bình cộng các phiếu."),
        sections=(_section(),),
    )


def _section() -> paper.Section:
    return paper.Section(
        key="",
        name="",
        score_places=2,
        score_name="Điểm trung bình",
        total_scale=100,
        criteria=(paper.CriterionColumn("ND", "Nội dung", 6000), paper.CriterionColumn("HT", "Hình thức", 4000)),
        judges=(
            paper.JudgeColumn("hoa", "Nguyễn Thị Hòa", ""),
            paper.JudgeColumn("thang", "Lò Văn Thắng", ""),
            paper.JudgeColumn("tua", "Giàng A Tủa", "GK03"),
        ),
        awards=_awards(),
        undecided=(paper.OpenPrize("Giải Ba", 1, ("T-104", "T-105"), "Hai tác phẩm cùng xếp thứ 4."),),
        withheld=(paper.WithheldPrize("Giải Khuyến khích", 2, "Ban Tổ chức không trao: chất lượng chưa đạt."),),
        standings=tuple(map(_standing, range(len(WORKS)))),
        sheets=tuple(
            paper.SheetRow(WORKS[at], TITLES[at], judge, marks, sum(marks), 1 + judge % 2, _sealed_at(at, judge))
            for at, given in enumerate(MARKS)
            for judge, marks in enumerate(given)
            if marks
        ),
    )


def _awards() -> tuple[paper.AwardRow, ...]:
    prizes = (("NHAT", "Giải Nhất", 5_000_000), ("NHI", "Giải Nhì", 3_000_000), ("NHI", "Giải Nhì", 3_000_000))
    by_score = (
        paper.AwardRow(
            prize, name, "Giấy khen" if at == 0 else "", WORKS[at], TITLES[at], f"Tác giả {at + 1}", f"Xã số {at + 1}",
            PLACES[at], SCORES[at], amount, f"Xếp thứ {at + 1}.",
        )
        for at, (prize, name, amount) in enumerate(prizes)
    )  # fmt: skip
    last = ("PHU", "Giải Bình chọn", "", "T-106", TITLES[5], "Nhóm tác giả:\nLò Thị Mai, Hà Văn Tuấn", "")
    return (*by_score, paper.AwardRow(*last, None, None, 1_000_000, "Nhiều lượt tương tác nhất: 1.204."))


def _standing(at: int) -> paper.StandingRow:
    code, totals = WORKS[at], tuple(sum(marks) if marks else None for marks in MARKS[at])
    known = [total for total in totals if total is not None]
    spread = max(known) - min(known) if len(known) > 1 else None
    return paper.StandingRow(
        code, TITLES[at], PLACES[at], SCORES[at], len(known), totals, RECUSED.get(code, ()), spread, NOTES.get(code, "")
    )


def _sealed_at(at: int, judge: int) -> int | None:
    return None if (at, judge) == (5, 1) else 1_914_500_000_000 + 60_000 * (10 * at + judge)
