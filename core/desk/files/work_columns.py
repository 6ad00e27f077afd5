"""The columns of a table of works: the names that people give them, in their language."""

from core.desk.table_files.columns import Column, Kind
from core.rules.words import Sentence

SHEET = "Tác phẩm"  # of the template
TEXT_LENGTH = 300  # characters
COLUMNS = (
    Column(
        "code", ("Mã tác phẩm", "Mã", "Mã số"), Kind.VERBATIM, required=True, example="T-01",
        help=Sentence("1–20 chữ in hoa không dấu, chữ số, gạch nối; mỗi tác phẩm một mã."),
    ),
    Column(
        "title", ("Tên tác phẩm", "Tác phẩm", "Tên"), required=True, max_length=TEXT_LENGTH,
        example="Chợ phiên không tiền mặt", help=Sentence("Tên như in trên giấy chứng nhận."),
    ),
    Column(
        "author", ("Tác giả", "Họ tên tác giả", "Nhóm tác giả"), required=True, max_length=TEXT_LENGTH,
        example="Lò Thị Thanh", help=Sentence("Họ và tên tác giả hoặc tên nhóm."),
    ),
    Column(
        "unit", ("Đơn vị", "Cơ quan", "Địa phương"), required=True, max_length=TEXT_LENGTH,
        example="Xã Mường La", help=Sentence("Đơn vị của tác giả."),
    ),
    Column(
        "video", ("Tệp phim", "Phim", "Tên tệp"), Kind.VERBATIM, required=True, example="cho-phien.mp4",
        help=Sentence("Tên tệp phim trong thư mục phim, không kèm thư mục."),
    ),
)  # fmt: skip
