"""The column names of a list of officials, in Vietnamese as such lists have them, and in English."""

from collections.abc import Mapping

from core.desk.text_input.csv_lines import ColumnTwice, File, NoHeader

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "name": ("họ và tên", "họ tên", "name"),
    "body": ("ban", "cơ quan", "tổ chức", "body"),
    "birth_date": ("ngày sinh", "ngày, tháng, năm sinh", "birth_date"),
    "phone": ("điện thoại", "số điện thoại", "phone"),
    "note": ("ghi chú", "chức vụ", "note"),
}
MEANINGS = {heading: column for column, headings in COLUMNS.items() for heading in headings}
REQUIRED = ("họ và tên", "ban")  # as a refused header names them
LIST_NAME = "Danh sách"  # in a refusal about the header


def headings_of(opened: File) -> dict[str, str]:
    """Column -> its heading in this table. Raises NoHeader without name or body, ColumnTwice for two of one meaning."""
    found: dict[str, str] = {}
    for heading in filter(MEANINGS.__contains__, opened.columns):
        if other := found.get(MEANINGS[heading]):
            raise ColumnTwice(LIST_NAME, opened.header_line, other, heading)
        found[MEANINGS[heading]] = heading
    if not {"name", "body"} <= set(found):
        raise NoHeader(LIST_NAME, REQUIRED, opened.first_line)
    return found
