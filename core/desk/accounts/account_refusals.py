"""Why an account, its roles or its password cannot be as asked."""

from core.rules.words import Refusal


class BadUsername(Refusal):
    """The username cannot stand in papers and addresses."""

    def __init__(self) -> None:
        super().__init__("Tên đăng nhập gồm 3–32 ký tự: chữ thường không dấu, chữ số, dấu chấm, gạch nối, gạch dưới.")


class UsernameTaken(Refusal):
    """Another account has this username."""

    def __init__(self, username: str) -> None:
        super().__init__("Tên đăng nhập {username} đã có người dùng.", username=username)


class UsernameReserved(Refusal):
    """The ledger writes under this name what nobody's account did."""

    def __init__(self, username: str) -> None:
        super().__init__("Tên đăng nhập {username} dành riêng cho hệ thống; hãy chọn tên khác.", username=username)


class NameMissing(Refusal):
    """A person has a name."""

    def __init__(self) -> None:
        super().__init__("Hãy ghi họ và tên của người dùng tài khoản.")


class NameLong(Refusal):
    """More letters than a name has room for in a paper."""

    def __init__(self, most: int) -> None:
        super().__init__("Họ và tên dài quá {most} ký tự.", most=most)


class NameUnreadable(Refusal):
    """A character nobody sees, or that turns the writing round."""

    def __init__(self, sign: str) -> None:
        code = f"U+{ord(sign):04X}"
        super().__init__("Họ và tên có ký tự {code}, không dùng được trong họ tên; hãy gõ lại.", code=code)


class NameTaken(Refusal):
    """Two people of one name could not be told apart in any table."""

    def __init__(self, username: str) -> None:
        super().__init__(
            "Tài khoản {username} đã mang họ tên này hoặc họ tên nhìn giống hệt; hãy ghi thêm đơn vị để phân biệt.",
            username=username,
        )


class NoSuchAccount(Refusal):
    """No account has this username."""

    def __init__(self, username: str) -> None:
        super().__init__("Không có tài khoản {username}.", username=username)


class RolesApart(Refusal):
    """Roles that must not be one person's: who marks sees nothing else, who keeps accounts sees no mark (docs/design.md, People)."""

    def __init__(self) -> None:
        super().__init__("Giám khảo không kiêm việc khác; quản trị viên không kiêm vai trò nào khác.")


class NoRole(Refusal):
    """An account without a role opens nothing."""

    def __init__(self) -> None:
        super().__init__("Hãy chọn ít nhất một vai trò.")


class LastAdministrator(Refusal):
    """Somebody must be able to make accounts."""

    def __init__(self) -> None:
        super().__init__("Đây là quản trị viên cuối cùng đang hoạt động nên không thể bỏ.")


class DemoOnly(Refusal):
    """Demo accounts exist in a demo contest alone."""

    def __init__(self) -> None:
        super().__init__("Tài khoản dùng thử chỉ có trong cuộc thi dùng thử.")


class OwnAccount(Refusal):
    """Nobody confirms themselves."""

    def __init__(self) -> None:
        super().__init__("Tài khoản của chính bạn phải do người khác xác nhận.")


class NotWaiting(Refusal):
    """The account is confirmed already."""

    def __init__(self, username: str) -> None:
        super().__init__("Tài khoản {username} không còn chờ xác nhận; hãy tải lại trang.", username=username)


class PasswordShort(Refusal):
    """Fewer letters than a password needs."""

    def __init__(self, least: int) -> None:
        super().__init__("Mật khẩu cần ít nhất {least} ký tự.", least=least)


class PasswordLong(Refusal):
    """More characters than a password may have."""

    def __init__(self, most: int) -> None:
        super().__init__("Mật khẩu dài quá {most} ký tự.", most=most)


class PasswordCommon(Refusal):
    """A password everybody tries first, or the username itself."""

    def __init__(self) -> None:
        super().__init__("Mật khẩu này quá dễ đoán. Hãy chọn một cụm từ dài mà chỉ bạn nghĩ ra.")


class PasswordSpaced(Refusal):
    """A space nobody sees at an end."""

    def __init__(self) -> None:
        super().__init__("Mật khẩu không bắt đầu hay kết thúc bằng dấu cách.")


class SamePassword(Refusal):
    """The new password is the one to be replaced."""

    def __init__(self) -> None:
        super().__init__("Mật khẩu mới phải khác mật khẩu đang dùng.")


class LinkSpent(Refusal):
    """A one-time link opens once, for 48 hours."""

    def __init__(self) -> None:
        super().__init__("Đường dẫn đã được dùng hoặc đã hết hạn. Hãy đề nghị quản trị viên cấp đường dẫn mới.")


class AccountClosed(Refusal):
    """A closed account needs no password until it is opened again."""

    def __init__(self, username: str) -> None:
        super().__init__("Tài khoản {username} đang khóa. Hãy mở lại tài khoản trước.", username=username)


class TooSoon(Refusal):
    """Too many failures: the next try must wait. Said alike of names that exist and names that do not."""

    def __init__(self, seconds: int) -> None:
        super().__init__("Bạn đã nhập sai nhiều lần. Hãy đợi {seconds} giây rồi thử lại.", seconds=seconds)


class TooManyTries(Refusal):
    """Others guess at this name, or from this network: the next try must wait. Said alike of names that do not exist."""

    def __init__(self, seconds: int) -> None:
        super().__init__(
            "Đang có nhiều lượt đăng nhập sai từ mạng này hoặc vào tài khoản này. Hãy đợi {seconds} giây rồi thử lại.",
            seconds=seconds,
        )
