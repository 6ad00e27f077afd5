"""Localized texts of the marking page's scripts."""

from core.rules.judging.sheet_state import SHEET_STATES, SheetState
from core.rules.words import Locale


def words(locale: Locale) -> dict[str, str]:
    """The texts by key; the script fills in `{…}`."""
    _ = locale.translate
    return {
        "saved": _("Đã lưu {time}"),
        "untouched": _("Tự lưu mọi thay đổi"),
        "typing": _("Đang nhập, chưa lưu"),
        "draft": SHEET_STATES[SheetState.DRAFT].name.localize(locale),
        "refused": _("Có ô nhập chưa đúng nên chưa được lưu"),
        "saving": _("Đang lưu…"),
        "unsaved": _("Chưa lưu được, đang thử lại. Nội dung vẫn còn trong ô."),
        "signed_out": _("Phiên đăng nhập đã kết thúc. Hãy đăng nhập lại ở một thẻ khác; nội dung vẫn còn trong ô."),
        "total": _("Tổng điểm {total}"),
        "missing": _("Còn {count} tiêu chí chưa cho điểm"),
        "complete": _("Đã đủ điểm mọi tiêu chí"),
        "weight": _("hệ số × {weight}"),
        "levels": _("Xem {count} mức điểm"),
        "watched": _("Đã xem {percent}%"),
        "note_at": _("Ghi chú tại {time}"),
        "jump": _("Tua đến {time}"),
        "remove": _("Xóa"),
        "remove_note": _("Xóa ghi chú tại {time}"),
        "no_notes": _("Chưa có ghi chú. Ghi chú nào cũng nhớ thời điểm của phim và tua về đúng chỗ đó."),
        "updated_elsewhere": _("Phiếu vừa được sửa ở một cửa sổ khác; các ô sau đã theo bản mới: {fields}."),
        "untaken": _("Phiếu không còn sửa được trước khi kịp lưu những gì gõ ở đây: {fields}"),
        "remark_of": _("Nhận xét: {name}"),
        "overall": _("Nhận xét chung"),
        "blank": _("(để trống)"),
        "not_given": _("chưa cho điểm"),
        "disputed": _("Chưa lưu: hãy chọn bản giữ lại"),
        "under_way": _("Đang gửi…"),
        "failed": _("Không liên lạc được với máy chủ. Hãy thử lại."),
        "no_film": _(
            "Chưa phát được phim này. Hãy tải lại trang; nếu vẫn vậy thì tệp phim bị thiếu hoặc hỏng, hãy báo Tổ Thư ký."
        ),
        "no_picture": _(
            "Phim chạy mà không hiện hình, nên lúc này không được tính là đã xem; hãy thử trình duyệt khác, nếu vẫn vậy hãy báo Tổ Thư ký."
        ),
        "no_sound": _(
            "Phim chạy mà không có tiếng, nên lúc này không được tính là đã xem; hãy thử trình duyệt khác, nếu vẫn vậy hãy báo Tổ Thư ký."
        ),
        "slow_line": _(
            "Đường truyền chậm, phim còn chờ tải: hãy tạm dừng một lúc rồi phát tiếp, hoặc đổi sang mạng khác; nếu vẫn vậy hãy báo Tổ Thư ký."
        ),
        "slow_line_light": _("Đường truyền chậm, phim còn chờ tải: hãy chọn “Bản nhẹ” ở dưới phim."),
    }
