"""What Streamlit calls its own buttons, and what they are called in the reader's language."""

from collections.abc import Callable


def words(_: Callable[[str], str]) -> dict[str, str]:
    """The names that Streamlit writes into a page, each with what is to be read instead."""
    return {
        "Sidebar": _("Danh mục"),
        "Expand sidebar": _("Mở danh mục"),
        "Collapse sidebar": _("Thu gọn danh mục"),
        "Link to heading": _("Liên kết đến mục này"),
        "Show password": _("Hiện mật khẩu"),
        "Hide password": _("Ẩn mật khẩu"),
        "Open": _("Mở danh sách"),
        "Choose an option": _("Chọn một mục"),
        "Choose options": _("Chọn các mục"),
        "Selected values": _("Các mục đã chọn"),
        "Clear value": _("Xóa mục đã chọn"),
        "Clear all": _("Bỏ chọn tất cả"),
        "Clear date": _("Xóa ngày"),
        "Clear time": _("Xóa giờ"),
        "Clear entry": _("Xóa nội dung đã nhập"),
        "Choose date": _("Chọn ngày"),
        "day": _("ngày"),
        "month": _("tháng"),
        "year": _("năm"),
        "Previous month": _("Tháng trước"),
        "Next month": _("Tháng sau"),
        "Dismiss": _("Bỏ qua"),
        "Close": _("Đóng"),
        "Notifications": _("Thông báo"),
        "Running...": _("Đang xử lý"),
    }
