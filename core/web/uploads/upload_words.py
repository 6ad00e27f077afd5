"""The texts of the upload control (`core/web/static/upload.js`)."""

from core.rules.words import Locale


def words(locale: Locale) -> dict[str, str]:
    """The texts in the reader's language, by the script's names for them."""
    _ = locale.translate
    return {
        "label": _("Phần phim đã gửi"),
        "choose": _("Chọn tệp phim MP4"),
        "pause": _("Tạm dừng"),
        "resume": _("Gửi tiếp"),
        "drop": _("Bỏ tệp này"),
        "sent": _("Đã gửi {percent} %"),
        "seconds": _("còn chưa đến một phút"),
        "minutes": _("còn khoảng {minutes} phút"),
        "hours": _("còn khoảng {hours} giờ"),
        "checking": _("máy chủ đang kiểm tra"),
        "goesOn": _("Gửi tiếp từ chỗ đã dừng."),
        "paused": _("Đã tạm dừng; phần đã gửi không mất."),
        "lost": _("Mất kết nối, đang thử lại…"),
        "failed": _("Chưa gửi xong, nhưng phần đã gửi không mất. Bấm “Gửi tiếp” để thử lại."),
        "signedOut": _(
            "Phiên đăng nhập đã kết thúc, nhưng phần đã gửi không mất. Hãy đăng nhập lại rồi chọn lại đúng tệp này."
        ),
        "notMp4": _("Tệp này không phải là phim MP4. Hãy xuất phim thành MP4 rồi chọn lại."),
        "dropAsked": _("Bỏ {name}? Phần đã gửi sẽ bị xóa."),
        "dropped": _("Đã bỏ tệp."),
        "done": _("Đã nhận đủ {name}."),
    }
