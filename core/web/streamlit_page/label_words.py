"""Localized texts that replace Streamlit's English labels and messages.

A key is Streamlit's exact English text; `{…}` stands for the part that Streamlit fills in. The values of `{act}` and
`{month}` are keys themselves. `core/web/static/labels.js` replaces the keys in the page.
"""

from collections.abc import Callable

Say = Callable[[str], str]


def words(_: Say) -> dict[str, str]:
    """The replacements: Streamlit's English text -> localized text, for all texts that occur in our pages."""
    return {**_names(_), **_lists(_), **_bounds(_), **_dates(_), **_months(_)}


def _names(_: Say) -> dict[str, str]:
    """Buttons, fields and regions."""
    return {
        "Skip to main content": _("Đến nội dung chính"),
        "Sidebar": _("Danh mục"),
        "Expand sidebar": _("Mở danh mục"),
        "Collapse sidebar": _("Thu gọn danh mục"),
        "Link to heading": _("Liên kết đến mục này"),
        "Show password": _("Hiện mật khẩu"),
        "Hide password": _("Ẩn mật khẩu"),
        "Open": _("Mở danh sách"),
        "Clear value": _("Xóa mục đã chọn"),
        "Clear all": _("Bỏ chọn tất cả"),
        "Clear date": _("Xóa ngày"),
        "Clear time": _("Xóa giờ"),
        "Clear entry": _("Xóa nội dung đã nhập"),
        "Increment": _("Tăng"),
        "Decrement": _("Giảm"),
        "Copy to clipboard": _("Sao chép"),
        "Copied": _("Đã sao chép"),
        "Pagination": _("Phân trang"),
        "Page {number}": _("Trang {number}"),
        "Next page": _("Trang sau"),
        "Previous page": _("Trang trước"),
        "Dismiss": _("Bỏ qua"),
        "Close": _("Đóng"),
        "view more": _("xem thêm"),
        "view less": _("thu gọn"),
        "Notifications": _("Thông báo"),
        "{count} notification.": _("{count} thông báo."),
        "{count} notifications.": _("{count} thông báo."),
        "Running...": _("Đang xử lý"),
        "Scrollable table": _("Bảng cuộn được"),
        "apply": _("áp dụng"),
        "submit form": _("gửi"),
        "Press Enter to {act}": _("Nhấn Enter để {act}"),
        "Press {key}+Enter to {act}": _("Nhấn {key}+Enter để {act}"),
        "Error": _("Lỗi"),
    }


def _lists(_: Say) -> dict[str, str]:
    """Select boxes. Their options are user data and are never replaced."""
    return {
        "Choose an option": _("Chọn một mục"),
        "Choose options": _("Chọn các mục"),
        "Selected values": _("Các mục đã chọn"),
        "Suggestions": _("Các mục gợi ý"),
        "Show suggestions": _("Mở danh sách"),
        "No options to select": _("Không có mục nào để chọn"),
        "No results": _("Không tìm thấy mục nào"),
        "Select all": _("Chọn tất cả"),
        "Select {count} matches": _("Chọn {count} mục tìm thấy"),
        "Remove {what}": _("Bỏ {what}"),
        "You can only select up to {count} {options}. Remove an option first.": _(
            "Chỉ chọn được tối đa {count} mục; hãy bỏ bớt một mục trước."
        ),
        "{count} option available.": _("Có {count} mục."),
        "{count} options available.": _("Có {count} mục."),
        "{what}, selected": _("{what}, đã chọn"),
    }


def _bounds(_: Say) -> dict[str, str]:
    """Messages about a number or a date outside its allowed range."""
    return {
        "This field is required.": _("Cần nhập ô này."),
        "Number is below the allowed range. Please enter a value greater than or equal to {least}.": _(
            "Số nhập vào quá nhỏ: nhỏ nhất là {least}."
        ),
        "Number is above the allowed range. Please enter a value less than or equal to {most}.": _(
            "Số nhập vào quá lớn: lớn nhất là {most}."
        ),
        "Number is outside the allowed range. Please enter a value between {least} and {most}.": _(
            "Số nhập vào phải từ {least} đến {most}."
        ),
        "Date set outside allowed range. Please select a date between {first} and {last}.": _(
            "Ngày phải từ {first} đến {last}."
        ),
        "Date set outside allowed range. Please select a date on or after {first}.": _("Ngày sớm nhất là {first}."),
        "Date set outside allowed range. Please select a date on or before {last}.": _("Ngày muộn nhất là {last}."),
    }


def _dates(_: Say) -> dict[str, str]:
    """Date and time fields, and the calendar."""
    return {
        "Choose date": _("Chọn ngày"),
        "day": _("ngày"),
        "month": _("tháng"),
        "year": _("năm"),
        "hour": _("giờ"),
        "minute": _("phút"),
        "Empty": _("chưa nhập"),
        "Previous": _("Trước"),
        "Next": _("Sau"),
        "Previous month": _("Tháng trước"),
        "Next month": _("Tháng sau"),
        "Use arrow keys to navigate dates. Enter to select. Escape to close.": _(
            "Dùng các phím mũi tên để đến ngày cần chọn, Enter để chọn, Escape để đóng."
        ),
        "Selected Date: {month} {day}, {year}": _("Ngày đã chọn: {day} {month} {year}"),
        "Selected Date: {date}": _("Ngày đã chọn: {date}"),
        "Selected Time: {time}": _("Giờ đã chọn: {time}"),
        "Today, {date} selected": _("Hôm nay, {date}, đã chọn"),
        "Today, {date}": _("Hôm nay, {date}"),
        "{date} selected": _("{date}, đã chọn"),
        "{date}, First available date": _("{date}, ngày sớm nhất chọn được"),
        "{date}, Last available date": _("{date}, ngày muộn nhất chọn được"),
    }


def _months(_: Say) -> dict[str, str]:
    """The months, and the form with its number in a date field: "09 – September"."""
    return {
        "{number} – {month}": "{month}",
        "January": _("tháng 1"),
        "February": _("tháng 2"),
        "March": _("tháng 3"),
        "April": _("tháng 4"),
        "May": _("tháng 5"),
        "June": _("tháng 6"),
        "July": _("tháng 7"),
        "August": _("tháng 8"),
        "September": _("tháng 9"),
        "October": _("tháng 10"),
        "November": _("tháng 11"),
        "December": _("tháng 12"),
    }
