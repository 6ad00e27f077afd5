"""Reasons for refusing a request about an account, its roles or its password."""

from core.rules.words import Refusal


class BadUsername(Refusal):
    """The username has a wrong length or a character that is not allowed."""

    def __init__(self) -> None:
        super().__init__("Tên đăng nhập gồm 3–32 ký tự: chữ thường không dấu, chữ số, dấu chấm, gạch nối, gạch dưới.")


class UsernameTaken(Refusal):
    """Another account has this username."""

    def __init__(self, username: str) -> None:
        super().__init__("Tên đăng nhập {username} đã có người dùng.", username=username)


class UsernameReserved(Refusal):
    """The name is reserved for the system: ledger rows that no account caused may use it."""

    def __init__(self, username: str) -> None:
        super().__init__("Tên đăng nhập {username} dành riêng cho hệ thống; hãy chọn tên khác.", username=username)


class NameMissing(Refusal):
    """The person's name is empty or has no letter."""

    def __init__(self) -> None:
        super().__init__("Hãy ghi họ và tên của người dùng tài khoản.")


class NameLong(Refusal):
    """The name has more characters than fit in a printed document."""

    def __init__(self, most: int) -> None:
        super().__init__("Họ và tên dài quá {most} ký tự.", most=most)


class NameUnreadable(Refusal):
    """The name has a character that is not allowed, for example invisible or changing the writing direction."""

    def __init__(self, sign: str) -> None:
        code = f"U+{ord(sign):04X}"
        super().__init__("Họ và tên có ký tự {code}, không dùng được trong họ tên; hãy gõ lại.", code=code)


class NameTaken(Refusal):
    """An active account has a name that looks the same: tables could not distinguish the two people."""

    def __init__(self, username: str) -> None:
        super().__init__(
            "Tài khoản {username} đã mang họ tên này hoặc họ tên nhìn giống hệt; hãy ghi thêm đơn vị để phân biệt.",
            username=username,
        )


class RolesChanged(Refusal):
    """Somebody else has changed the roles since the page was read."""

    def __init__(self, username: str) -> None:
        super().__init__("Người khác vừa đổi vai trò của {username}; hãy xem lại rồi lưu.", username=username)


class NoSuchAccount(Refusal):
    """No account has this username."""

    def __init__(self, username: str) -> None:
        super().__init__("Không có tài khoản {username}.", username=username)


class RolesApart(Refusal):
    """Roles one person may not combine: judges have no other role, nor do administrators (docs/design.md, People)."""

    def __init__(self) -> None:
        super().__init__("Giám khảo không kiêm việc khác; quản trị viên không kiêm vai trò nào khác.")


class NoRole(Refusal):
    """No role was chosen: an account without a role gives access to nothing."""

    def __init__(self) -> None:
        super().__init__("Hãy chọn ít nhất một vai trò.")


class LastAdministrator(Refusal):
    """The last active administrator cannot be closed or lose the role: nobody could create accounts."""

    def __init__(self) -> None:
        super().__init__("Đây là quản trị viên cuối cùng đang hoạt động nên không thể bỏ.")


class DemoOnly(Refusal):
    """Demo accounts exist only in a demo contest."""

    def __init__(self) -> None:
        super().__init__("Tài khoản dùng thử chỉ có trong cuộc thi dùng thử.")


class OwnAccount(Refusal):
    """Nobody may confirm their own account."""

    def __init__(self) -> None:
        super().__init__("Tài khoản của chính bạn phải do người khác xác nhận.")


class NotWaiting(Refusal):
    """The account is not waiting for confirmation."""

    def __init__(self, username: str) -> None:
        super().__init__("Tài khoản {username} không còn chờ xác nhận; hãy tải lại trang.", username=username)


class PasswordShort(Refusal):
    """The password has too few characters."""

    def __init__(self, least: int) -> None:
        super().__init__("Mật khẩu cần ít nhất {least} ký tự.", least=least)


class PasswordLong(Refusal):
    """The password has too many characters."""

    def __init__(self, most: int) -> None:
        super().__init__("Mật khẩu dài quá {most} ký tự.", most=most)


class PasswordCommon(Refusal):
    """The password is a common one, contains the username, or is guessed too soon."""

    def __init__(self) -> None:
        super().__init__("Mật khẩu này quá dễ đoán. Hãy chọn một cụm từ dài mà chỉ bạn nghĩ ra.")


class PasswordSpaced(Refusal):
    """The password has leading or trailing whitespace."""

    def __init__(self) -> None:
        super().__init__("Mật khẩu không bắt đầu hay kết thúc bằng dấu cách.")


class SamePassword(Refusal):
    """The new password is the same as the current one."""

    def __init__(self) -> None:
        super().__init__("Mật khẩu mới phải khác mật khẩu đang dùng.")


class LinkSpent(Refusal):
    """The one-time link was used or has expired (48 hours)."""

    def __init__(self) -> None:
        super().__init__("Đường dẫn đã được dùng hoặc đã hết hạn. Hãy đề nghị quản trị viên cấp đường dẫn mới.")


class AccountClosed(Refusal):
    """The account is closed: it gets no new password until it is reactivated."""

    def __init__(self, username: str) -> None:
        super().__init__("Tài khoản {username} đang khóa. Hãy mở lại tài khoản trước.", username=username)


class TooSoon(Refusal):
    """Too many failures from this browser: the next attempt must wait. The same for usernames that do not exist."""

    def __init__(self, seconds: int) -> None:
        super().__init__("Bạn đã nhập sai nhiều lần. Hãy đợi {seconds} giây rồi thử lại.", seconds=seconds)


class TooManyTries(Refusal):
    """Too many attempts at this username or from this network. The same for usernames that do not exist."""

    def __init__(self, seconds: int) -> None:
        super().__init__(
            "Đang có nhiều lượt đăng nhập sai từ mạng này hoặc vào tài khoản này. Hãy đợi {seconds} giây rồi thử lại.",
            seconds=seconds,
        )
