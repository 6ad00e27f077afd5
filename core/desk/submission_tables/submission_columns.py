"""The columns of a table of submissions, and its template: one row for each work."""

from core.desk import context, stored_forms
from core.desk.table_files.columns import Column, Kind
from core.desk.table_files.people_words import YES_NO
from core.desk.table_files.template import write_template
from core.rules.access import Principal
from core.rules.contest import EntryRules
from core.rules.entries.form import LENGTHS
from core.rules.permissions import may_register_works, must
from core.rules.words import Locale, Sentence
from core.store.engine import Connection, Store
from core.store.queries import submissions as rows

SHEET = "Đơn dự thi"  # of the template
CODE, SIGNED = "code", "signed"
LINKS = {
    "study": "Học tập",
    "live": "Sinh sống",
    "work": "Làm việc",
}  # in people's tables, whatever the reader's language
MOST_IN_TABLE = 14  # authors of one work in a table
IN_TEMPLATE = 5
MOST_UNITS = 500  # offered by the template
NOTES = (
    Sentence(
        "Mỗi tác phẩm một dòng. Nhóm tác giả: ghi tên nhóm, và mỗi thành viên ở các cột {columns}, …",
        {"columns": "Tác giả 2, Tác giả 3"},
    ),
    Sentence(
        "Nhóm đông hơn: thêm các cột {columns}, nhiều nhất đến {most}; đông hơn nữa thì nhập bằng biểu mẫu.",
        {"columns": "Tác giả {0}, Ngày sinh {0}, Điện thoại {0}".format(IN_TEMPLATE + 1), "most": MOST_IN_TABLE},
    ),
    Sentence(
        "Nhập lại bảng đã sửa: đơn được tìm theo mã đơn, hoặc theo tên tác phẩm và tên tác giả 1. Đổi tên tác phẩm hoặc "
        "tác giả 1 thì phải ghi mã đơn."
    ),
    Sentence("Khi nhập lại, cột không có trong bảng thì giữ như đã lưu; ô để trống là xóa điều đã lưu."),
)  # fmt: skip


def columns(rules: EntryRules, units: tuple[str, ...] = (), authors: int = MOST_IN_TABLE) -> tuple[Column, ...]:
    """The columns, with the contest's kinds and categories to choose from. `units`: those that a template offers."""
    return (
        Column(
            CODE, ("Mã đơn", "Mã"), Kind.VERBATIM, max_length=40, example="TP-001",
            help=Sentence("Để trống với đơn mới. Ghi mã để sửa đơn đã có."),
        ),
        Column("title", ("Tên tác phẩm", "Tác phẩm"), required=True, max_length=LENGTHS["title"], example="Chợ phiên số"),
        _choice("form", ("Thể loại",), rules.forms),
        _choice("category", ("Đối tượng dự thi", "Đối tượng"), rules.categories),
        Column("unit", ("Đơn vị hoặc nơi ở", "Đơn vị"), max_length=LENGTHS["unit"], suggestions=units, example="Xã Mường La"),
        Column(
            "link", ("Gắn với tỉnh",), Kind.CHOICE, choices=tuple(LINKS.values()), example=LINKS["live"],
            help=Sentence("Tác giả học tập, sinh sống hay làm việc trong tỉnh (kế hoạch III.1)."),
        ),
        Column(
            "group", ("Tên nhóm tác giả", "Nhóm tác giả"), max_length=LENGTHS["group"],
            help=Sentence("Cần khi có từ hai tác giả."),
        ),
        *_author(1),
        Column("email", ("Thư điện tử", "Email"), Kind.VERBATIM, max_length=LENGTHS["email"]),
        Column("guardian", ("Người giám hộ",), max_length=LENGTHS["name"], help=Sentence("Cần khi có tác giả dưới 18 tuổi.")),
        Column("guardian_phone", ("Điện thoại người giám hộ",), Kind.PHONE),
        Column("summary", ("Tóm tắt nội dung", "Tóm tắt"), Kind.VERBATIM, max_length=LENGTHS["summary"]),
        Column("published_on", ("Ngày công bố",), Kind.DATE, help=Sentence("Ngày đăng đầu tiên, nếu đã đăng ở đâu đó.")),
        Column("published_where", ("Nơi công bố",), max_length=LENGTHS["published_where"]),
        Column(
            SIGNED, ("Đã ký cam kết", "Đã ký"), Kind.YES_NO, example=YES_NO[0],
            help=Sentence(
                "“{yes}” khi tác giả đã ký đủ các điều đồng ý và cam kết trên đơn giấy lưu tại Tổ Thư ký.", {"yes": YES_NO[0]}
            ),
        ),
        *(column for number in range(2, authors + 1) for column in _author(number)),
    )  # fmt: skip


def author_key(part: str, number: int) -> str:
    """The key of an author's column: "name.2" for the second author's name."""
    return f"{part}.{number}"


def template(store: Store, who: Principal, locale: Locale) -> bytes:
    """An XLSX workbook to be filled in; it offers the units of the submissions so far. Raises NotAllowed."""
    must(may_register_works(who))
    with store.read() as connection:
        rules, units = context.contest_state_in(connection).contest.entries, _units(connection)
    return write_template(columns(rules, units, IN_TEMPLATE), SHEET, locale, notes=NOTES)


def _author(number: int) -> tuple[Column, ...]:
    name, birth, phone = (author_key(part, number) for part in ("name", "birth", "phone"))
    first = number == 1
    return (
        Column(
            name, (f"Tác giả {number}", f"Họ tên tác giả {number}", *(("Tác giả", "Họ tên tác giả") if first else ())),
            required=first, max_length=LENGTHS["name"], example="Lò Thị Thanh" if first else "",
            help=Sentence("Họ và tên người liên hệ.") if first else None,
        ),
        Column(birth, (f"Ngày sinh {number}", *(("Ngày sinh",) if first else ())), Kind.DATE, example="07/05/1990" if first else ""),
        Column(phone, (f"Điện thoại {number}", *(("Điện thoại",) if first else ())), Kind.PHONE, example="0912345678" if first else ""),
    )  # fmt: skip


def _choice(key: str, titles: tuple[str, ...], choices: tuple[str, ...]) -> Column:
    kind, example = (Kind.CHOICE, choices[0]) if choices else (Kind.TEXT, "")
    return Column(key, titles, kind, choices=choices, example=example)


def _units(connection: Connection) -> tuple[str, ...]:
    found = {stored_forms.decode(each.form).unit for each in rows.every(connection)}
    return tuple(sorted(found - {""}))[:MOST_UNITS]
