"""An award table with everything a paper has to print: invented works, a tie-break, a recusal, a withheld prize."""

from dataclasses import replace

from hypothesis import strategies as st

from core.papers import document as paper
from core.papers.wording import beyond_formula

CRITERIA = (("ND", "Nội dung, thông điệp", 4000), ("ST", "Tính sáng tạo", 2000))
JUDGES = (("hoa", "Nguyễn Thị Hòa"), ("thang", "Lò Văn Thắng"), ("tua", "Giàng A Tủa"))
TITLES = ("Chợ phiên không tiền mặt", "Sổ tay số của trưởng bản", "Học bạ số vùng cao")
SHEETS = (((3850, 1850), (3800, 1900), (3700, 1800)), ((3500, 1700), (3400, 1750), None), ((3000, 1500),) * 3)
SCORES = (5633, 5175, 4500)  # 16900 / 3; (5200 + 5150) / 2; 13500 / 3
MONEY = (5_000_000, 3_000_000, 2_000_000)


def award_table(*, draft: bool = False) -> paper.AwardTable:
    standings, sheets, awards = [], [], []
    for at, title in enumerate(TITLES):
        code, given = f"T-{417 + at}", SHEETS[at]
        totals = tuple(sum(marks) if marks else None for marks in given)
        known = [total for total in totals if total is not None]
        note = "Bằng điểm với T-419." if at == 1 else ""
        recused = (2,) if at == 1 else ()
        spread = max(known) - min(known)
        standings.append(paper.StandingRow(code, title, at + 1, SCORES[at], len(known), totals, recused, spread, note))
        for judge, marks in enumerate(given):
            if marks:
                sheets.append(paper.SheetRow(code, title, judge, marks, sum(marks), 1, 1_724_900_000_000 + judge))
        name = ("Giải Nhất", "Giải Nhì", "Giải Ba")[at]
        certificate = "Bằng khen của Chủ tịch Ủy ban nhân dân tỉnh" if at == 0 else ""
        row = (
            ("NHAT", "NHI", "BA")[at],
            name,
            certificate,
            code,
            title,
            "Nhóm tác giả: Lò Thị Mai",
            "Huyện đoàn Mường La",
        )
        awards.append(paper.AwardRow(*row, place=at + 1, score=SCORES[at], amount=MONEY[at], why=f"Hạng {at + 1}."))
    return paper.AwardTable(
        letterhead=paper.Letterhead(
            "Cuộc thi tìm hiểu, tuyên truyền về Chuyển đổi số tỉnh Sơn La năm 2024",
            ("Ban Chỉ đạo Chuyển đổi số tỉnh Sơn La", "Ban Tổ chức Cuộc thi"),
            "Sơn La",
            ("Quyết định số 206/QĐ-UBND ngày 02/02/2024",),
            tuple(
                paper.Signatory(*of, "")
                for of in (
                    ("secretariat", "Thư ký"),
                    ("jury", "Trưởng Ban Giám khảo"),
                    ("committee", "Trưởng Ban Tổ chức"),
                )
            ),
        ),
        proof=paper.Proof("sha256:" + "ab12" * 16, 1834, "9f3c" * 16),
        drawn_at=1_726_387_200_000,  # 15:00:00 15/09/2024 in Vietnam
        confirmed_by=None if draft else "Vì Thị Hải",
        score_places=2,
        score_name="Điểm trung bình",
        total_scale=100,
        criteria=tuple(paper.CriterionColumn(*each) for each in CRITERIA),
        judges=tuple(paper.JudgeColumn(*each) for each in JUDGES),
        awards=tuple(awards),
        undecided=(paper.OpenPrize("Giải Khuyến khích", 1, ("T-420", "T-421"), "Hai tác phẩm bằng nhau."),)
        if draft
        else (),
        withheld=(paper.WithheldPrize("Giải phụ", 1, "Không đủ số liệu."),),
        standings=tuple(standings),
        sheets=tuple(sheets),
        rules=("Mỗi tiêu chí cho từ 0 đến điểm tối đa.", "Điểm là trung bình cộng các phiếu, làm tròn nửa lên."),
    )


def of_many(judges: int, works: int, criteria: int = 2) -> paper.AwardTable:
    """The table of a large panel: each judge's total of each work is a number of its own."""
    columns = tuple(paper.CriterionColumn(f"C{at}", f"Tiêu chí thứ {at + 1}", 10_000) for at in range(criteria))
    panel = tuple(paper.JudgeColumn(f"gk{at + 1}", f"Hoàng Nguyễn Thị Phương Thảo {at + 1}") for at in range(judges))
    rows, sheets = [], []
    for work in range(works):
        code, title = f"T-{100 + work}", f"Hồ sơ sức khỏe theo chân người bệnh {work + 1}"
        totals = tuple(None if (work + judge) % 29 == 28 else 100 * (50 + judge) + work for judge in range(judges))
        known = [total for total in totals if total is not None]
        recused = tuple(judge for judge, total in enumerate(totals) if total is None)
        spread = max(known) - min(known)
        rows.append(paper.StandingRow(code, title, work + 1, 8_000 - work, len(known), totals, recused, spread, ""))
        marks = (1_000,) * criteria
        sheets += [
            paper.SheetRow(code, title, judge, marks, 1_000, 1, 1_724_900_000_000) for judge in range(min(2, judges))
        ]
    return replace(award_table(), criteria=columns, judges=panel, standings=tuple(rows), sheets=tuple(sheets))


def saying(text: str) -> paper.AwardTable:
    """The table with this text everywhere a person may have typed."""
    table = award_table(draft=True)
    return replace(
        table,
        awards=tuple(replace(row, title=text, author=text, unit=text, why=text, code=text) for row in table.awards),
        undecided=(paper.OpenPrize(text, 1, (text, text), text),),
        withheld=(paper.WithheldPrize(text, 1, text),),
        standings=tuple(replace(row, title=text, note=text) for row in table.standings),
        sheets=tuple(replace(row, title=text) for row in table.sheets),
        judges=tuple(replace(judge, name=text) for judge in table.judges),
        rules=(text,),
    )


TEXTS = st.one_of(
    st.text(max_size=40),
    st.builds(str.__add__, st.sampled_from(["=", "+", "-", "@", "\t", "\r", "\n", "'", "'=", "＝", " =", "\0=", "_x0041_", "&", "http://"]), st.text(max_size=20)),
)  # fmt: skip


def as_typed(text: str) -> str:
    """What `beyond_formula` was given: a reader can take the mark off again."""
    given = text.removeprefix("'")
    return given if beyond_formula(given) == text else text
