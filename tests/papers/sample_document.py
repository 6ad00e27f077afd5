"""An award document with everything that a paper has to print: invented works, a tie-break, a recusal, a withheld
prize.
"""

from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from core.papers import document as paper
from core.papers.layout.wording import escape_formula

CRITERIA = (("ND", "Nội dung, thông điệp", 4000), ("ST", "Tính sáng tạo", 2000))
JUDGES = (("hoa", "Nguyễn Thị Hòa", "GK31"), ("thang", "Lò Văn Thắng", "GK08"), ("tua", "Giàng A Tủa", "GK17"))
TITLES = ("Chợ phiên không tiền mặt", "Sổ tay số của trưởng bản", "Học bạ số vùng cao")
SHEETS = (((3850, 1850), (3800, 1900), (3700, 1800)), ((3500, 1700), (3400, 1750), None), ((3000, 1500),) * 3)
SCORES = (5633, 5175, 4500)  # 16900 / 3; (5200 + 5150) / 2; 13500 / 3
MONEY = (5_000_000, 3_000_000, 2_000_000)

LETTERHEAD = paper.Letterhead(
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
)


def award_document(*, draft: bool = False) -> paper.AwardDocument:
    return paper.AwardDocument(
        letterhead=LETTERHEAD,
        proof=paper.Proof("sha256:" + "ab12" * 16, 1834, "9f3c" * 16),
        drawn_at=1_726_387_200_000,  # 15:00:00 15/09/2024 in Vietnam
        confirmed_by=None if draft else "Vì Thị Hải",
        salt="" if draft else "c0de" * 8,
        rules=("Mỗi tiêu chí cho từ 0 đến điểm tối đa.", "Điểm là trung bình cộng các phiếu, làm tròn nửa lên."),
        sections=(_section(draft=draft),),
    )


def _section(*, draft: bool) -> paper.Section:
    open_ = paper.OpenPrize("Giải Khuyến khích", 1, ("T-420", "T-421"), "Hai tác phẩm bằng nhau.")
    return paper.Section(
        key="",
        name="",
        score_places=2,
        score_name="Điểm trung bình",
        total_scale=100,
        criteria=tuple(paper.CriterionColumn(*each) for each in CRITERIA),
        judges=tuple(paper.JudgeColumn(*each) for each in JUDGES),
        awards=tuple(map(_award, range(len(TITLES)))),
        undecided=(open_,) if draft else (),
        withheld=(paper.WithheldPrize("Giải phụ", 1, "Không đủ số liệu."),),
        standings=tuple(map(_standing, range(len(TITLES)))),
        sheets=tuple(
            paper.SheetRow(f"T-{417 + at}", title, judge, marks, sum(marks), 1, 1_724_900_000_000 + judge)
            for at, title in enumerate(TITLES)
            for judge, marks in enumerate(SHEETS[at])
            if marks
        ),
    )


def _standing(at: int) -> paper.StandingRow:
    totals = tuple(sum(marks) if marks else None for marks in SHEETS[at])
    known = [total for total in totals if total is not None]
    note = "Bằng điểm với T-419." if at == 1 else ""
    recused = (2,) if at == 1 else ()
    spread = max(known) - min(known)
    return paper.StandingRow(f"T-{417 + at}", TITLES[at], at + 1, SCORES[at], len(known), totals, recused, spread, note)


def _award(at: int) -> paper.AwardRow:
    prize, name = (("NHAT", "Giải Nhất"), ("NHI", "Giải Nhì"), ("BA", "Giải Ba"))[at]
    certificate = "Bằng khen của Chủ tịch Ủy ban nhân dân tỉnh" if at == 0 else ""
    work = (f"T-{417 + at}", TITLES[at], "Nhóm tác giả: Lò Thị Mai", "Huyện đoàn Mường La")
    return paper.AwardRow(prize, name, certificate, *work, at + 1, SCORES[at], MONEY[at], f"Hạng {at + 1}.")


def of_two(*, draft: bool = False) -> paper.AwardDocument:
    """A document of two categories, each with its own criteria, judges, prizes and score format."""
    films = replace(_section(draft=draft), key="PN", name="Phim ngắn")
    work = ("D-001", "Đường về bản")
    reports = paper.Section(
        key="PS",
        name="Phóng sự <ảnh>",
        score_places=1,
        score_name="Điểm trung vị",
        total_scale=1000,
        criteria=(paper.CriterionColumn("HA", "Hình ảnh", 10_000),),
        judges=(paper.JudgeColumn("tua", "Giàng A Tủa", "GK31"), paper.JudgeColumn("xuan", "Quàng Thị Xuân", "GK08")),
        awards=(
            paper.AwardRow(
                "PS1", "Giải Nhất phóng sự", "", *work, "Tòng Văn Sơn", "Xã Chiềng Ơn", 1, 875, 4_000_000, "Hạng 1."
            ),
        ),
        undecided=(paper.OpenPrize("Giải Ba phóng sự", 1, ("D-003", "D-004"), "Bằng điểm."),) if draft else (),
        withheld=(paper.WithheldPrize("Giải Nhì phóng sự", 2, "Không tác phẩm nào đạt."),),
        standings=(paper.StandingRow(*work, 1, 875, 2, (88_000, 87_000), (), 1_000, "Không bằng điểm với ai."),),
        sheets=tuple(
            paper.SheetRow(*work, judge, (marks,), marks * 10, 1, 1_724_900_000_000)
            for judge, marks in enumerate((8_800, 8_700))
        ),
    )
    return replace(award_document(draft=draft), sections=(films, reports))


def of_one(**changes: Any) -> paper.AwardDocument:
    """The document with these fields of its only section changed."""
    return award_document().with_sections(lambda section: replace(section, **changes))


def of_many(judges: int, works: int, criteria: int = 2) -> paper.AwardDocument:
    """The document of a large panel; each judge's total of each work is a different number."""
    columns = tuple(paper.CriterionColumn(f"C{at}", f"Tiêu chí thứ {at + 1}", 10_000) for at in range(criteria))
    panel = tuple(
        paper.JudgeColumn(f"gk{at + 1}", f"Hoàng Nguyễn Thị Phương Thảo {at + 1}", f"GK{at + 10}")
        for at in range(judges)
    )
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
    return of_one(criteria=columns, judges=panel, standings=tuple(rows), sheets=tuple(sheets))


def saying(text: str) -> paper.AwardDocument:
    """The document with this text in every field that a person may have typed."""

    def filled(section: paper.Section) -> paper.Section:
        return replace(
            section,
            awards=tuple(
                replace(row, title=text, author=text, unit=text, why=text, code=text) for row in section.awards
            ),
            undecided=(paper.OpenPrize(text, 1, (text, text), text),),
            withheld=(paper.WithheldPrize(text, 1, text),),
            standings=tuple(replace(row, title=text, note=text) for row in section.standings),
            sheets=tuple(replace(row, title=text) for row in section.sheets),
            judges=tuple(replace(judge, name=text) for judge in section.judges),
        )

    return replace(award_document(draft=True).with_sections(filled), rules=(text,))


TEXTS = st.one_of(
    st.text(max_size=40),
    st.builds(str.__add__, st.sampled_from(["=", "+", "-", "@", "\t", "\r", "\n", "'", "'=", "＝", " =", "\0=", "_x0041_", "&", "http://"]), st.text(max_size=20)),
)  # fmt: skip


def as_typed(text: str) -> str:
    """What `escape_formula` was given: a reader can take the mark off again."""
    given = text.removeprefix("'")
    return given if escape_formula(given) == text else text
