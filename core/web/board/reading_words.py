"""The texts of the script of the page of readings."""

from core.desk.channel.graph_api import READ_KINDS
from core.rules.interaction_kinds import INTERACTION_KINDS
from core.rules.words import Locale

MOST_FETCHED = 5  # posts that one request reads from Facebook


def words(locale: Locale) -> dict[str, object]:
    """The texts of the page's script."""
    _ = locale.translate
    return {
        "sending": _("Đang gửi ảnh…"),
        "sent": _("Đã nhận ảnh."),
        "failed": _("Không gửi được yêu cầu; hãy thử lại."),
        "nothing": _("Chưa có ô nào được nhập."),
        "saved": _("Đã lưu, chờ người khác xác nhận"),
        "confirmed": _("Vừa được xác nhận"),
        "rejected": _("Vừa bị từ chối"),
        "savedAll": _("Đã lưu {saved} dòng; số liệu được tính khi một người khác xác nhận."),
        "savedSome": _("Đã lưu {saved} dòng. Còn {left} dòng cần xem lại; số đã nhập còn nguyên trên màn hình."),
        "typed": _("{count} dòng đang nhập, chưa lưu"),
        "explain": _("Cần giải thích:"),
        "unknownCodes": _("Không có tác phẩm mang mã: {codes}."),
        "filled": _("Đã điền {count} ô từ bảng; hãy xem lại rồi lưu."),
        "fetching": _("Đang đọc số liệu từ Facebook: {done}/{all}…"),
        "fetchFirst": _("Hãy lưu hoặc xóa các dòng đang nhập trước: mọi dòng của một lần lưu có chung một giờ đọc."),
        "fetched": _("Đã điền số liệu của {count} tác phẩm từ Facebook; hãy xem lại rồi lưu."),
        "byHand": _("Facebook không cho biết {kinds}: hãy nhập tay."),
        "unreadable": _("Tệp phải có dòng tiêu đề với cột mã tác phẩm và các cột số liệu."),
        "kinds": {key: kind.name.localize(locale) for key, kind in INTERACTION_KINDS.items()},
        "codeNames": ["entry", "code", _("Mã"), _("Mã tác phẩm"), _("Tác phẩm")],
        "notFetched": [kind for kind in INTERACTION_KINDS if kind not in READ_KINDS],
        "fetchedAtOnce": MOST_FETCHED,
        "order": list(INTERACTION_KINDS),  # JSON sorts the keys of an object
        "cutOff": _("giờ chốt"),
        "decimal": "," if _is_vietnamese(locale) else ".",
        "unconfirmed": _("không tính"),
    }


def _is_vietnamese(locale: Locale) -> bool:
    return locale.count(1000) == "1.000"
