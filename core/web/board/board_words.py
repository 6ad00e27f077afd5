"""Localized texts for the scripts of the board, the progress and the charts; the scripts fill in `{…}`."""

from collections.abc import Mapping

from core.rules.judging.sheet_state import SHEET_STATES
from core.rules.words import Locale


def lines(locale: Locale) -> dict[str, str]:
    """The texts for the states of an event stream, by state."""
    _ = locale.translate
    return {
        "live": _("Trực tiếp: phiếu mới hiện ngay"),
        "away": _("Cơ sở dữ liệu đang không trả lời: số liệu có thể đã cũ"),
        "lost": _("Mất kết nối, đang kết nối lại…"),
        "ended": _("Phiên làm việc đã kết thúc. Hãy tải lại trang."),
    }


def board(locale: Locale) -> Mapping[str, object]:
    """The texts of the board's script."""
    _ = locale.translate
    return {
        "states": lines(locale),
        "leads": _("Dẫn đầu"),
        "tied": _("Cùng dẫn đầu"),
        "nobody": _("Chưa xác định được vì còn thiếu phiếu"),
        "none": "–",
        "sheets": _("Phiếu"),
        "spread": _("Chênh lệch"),
        "wide": _("có phiếu lệch quá ngưỡng"),
        "prize": [_("Giải dự kiến"), _("Giải")],
        "fine": [
            _("Kết quả tạm tính theo các phiếu đã nộp; giải chỉ được xác nhận khi Ban Tổ chức chốt."),
            _("Ban Tổ chức đã xác nhận bảng trao giải."),
        ],
        "undecided": _("{prize}: chưa phân định"),
        "sheetsIn": _("{sheets}/{expected} phiếu"),
        "complete": _("{complete}/{works} tác phẩm đủ phiếu"),
        "told": _("Tác phẩm {code}: {score} điểm, hạng {place}, {sheets}/{expected} phiếu."),
        "toldUnranked": _("Tác phẩm {code}: {sheets}/{expected} phiếu, chưa có hạng."),
        "where": _("Tác phẩm {from}–{to} trong {works}"),
        "empty": _("Chưa có tác phẩm nào. Tác phẩm hiện ở đây khi Tổ Thư ký nhập danh sách vòng chung kết."),
    }


def progress(locale: Locale) -> Mapping[str, object]:
    """The texts of the public progress page's script."""
    _ = locale.translate
    return {
        "states": lines(locale) | {"live": _("Trực tiếp")},
        "sheetsIn": _("{sheets}/{expected} phiếu"),
        "complete": _("{complete}/{works} tác phẩm đã đủ phiếu"),
    }


def charts(locale: Locale) -> Mapping[str, object]:
    """The texts of the charts' script, and the decimal separator."""
    _ = locale.translate
    return {
        "states": lines(locale),
        "decimal": locale.decimal(0, 1)[1],
        "desk": {
            **{str(state.key): state.name.localize(locale) for state in SHEET_STATES.values()},
            "absent": _("Không phân công"),
        },
        "mean": _("Điểm công bố"),
        "sheet": _("Phiếu của một giám khảo"),
        "wide": _("Phiếu lệch quá ngưỡng"),
        "points": _("điểm"),
        "judge": _("Giám khảo"),
        "work": _("Tác phẩm"),
        "empty": _("Chưa có phiếu nào được nộp; biểu đồ hiện ngay khi có phiếu đầu tiên."),
        "range": _("{least} đến {most}, trung vị {middle}, {sheets} phiếu"),
        "where": _("Tác phẩm {from}–{to} trong {works}"),
    }
