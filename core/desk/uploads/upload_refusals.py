"""Why an upload is not begun, does not go on, or cannot be claimed. One class for each reason."""

from core.rules.words import Number, Refusal

MEGABYTE = 1 << 20


class UploadTooLarge(Refusal):
    """The declared length is above the limit, or 0."""

    def __init__(self, most_bytes: int) -> None:
        super().__init__("Tệp phim không được rỗng và không quá {most} MB.", most=Number(most_bytes // MEGABYTE))


class NotAnMp4Name(Refusal):
    """The file's name does not end in .mp4."""

    def __init__(self) -> None:
        super().__init__("Chỉ nhận phim MP4 (tên tệp có đuôi .mp4).")


class NotAnMp4(Refusal):
    """The first bytes are not the `ftyp` box of an MP4. The upload is removed."""

    def __init__(self) -> None:
        super().__init__("Tệp này không phải là phim MP4. Hãy xuất phim thành MP4 rồi gửi lại.")


class TooManyUploads(Refusal):
    """The holder has as many unclaimed uploads as allowed, and none of them has been idle for long."""

    def __init__(self, most: int) -> None:
        super().__init__("Bạn đang gửi {most} tệp rồi; hãy gửi xong hoặc bỏ bớt một tệp.", most=Number(most))


class NetworkBusy(Refusal):
    """The network of the holder has as many unclaimed uploads as allowed."""

    def __init__(self) -> None:
        super().__init__("Mạng của bạn đang gửi quá nhiều tệp cùng lúc; hãy thử lại sau.")


class NoRoom(Refusal):
    """The disk has no room for this upload beside those that are still coming, and the reserve."""

    def __init__(self) -> None:
        super().__init__("Máy chủ không còn đủ chỗ cho tệp này; hãy báo cho Tổ Thư ký.")


class DiskFull(Refusal):
    """The disk is full, or did not take the bytes. What was kept before stays."""

    def __init__(self) -> None:
        super().__init__(
            "Máy chủ hết chỗ trong lúc nhận; phần đã nhận vẫn còn. Hãy báo cho Tổ Thư ký rồi gửi tiếp sau."
        )


class NoSuchUpload(Refusal):
    """There is no such upload, it is another holder's, or it was claimed."""

    def __init__(self) -> None:
        super().__init__("Không có tệp nào đang gửi ở địa chỉ này.")


class UploadGone(Refusal):
    """The upload has expired, or its file is missing (a restored backup has no unfinished uploads)."""

    def __init__(self) -> None:
        super().__init__("Tệp gửi dở đã hết hạn nên không còn nữa; hãy gửi lại từ đầu.")


class WrongOffset(Refusal):
    """The piece does not begin where the kept bytes end; `kept` says where."""

    def __init__(self, kept: int) -> None:
        self.kept = kept
        super().__init__("Phần này không nối tiếp phần đã nhận ({kept} byte).", kept=Number(kept))


class UploadElsewhere(Refusal):
    """Another request writes this upload, has taken it over, or the server is stopping."""

    def __init__(self) -> None:
        super().__init__("Tệp này đang được gửi ở một nơi khác.")


class PieceTooLarge(Refusal):
    """One request brings more bytes than allowed."""

    def __init__(self, most_bytes: int) -> None:
        super().__init__("Mỗi lần chỉ gửi được {most} MB.", most=Number(most_bytes // MEGABYTE))


class MoreThanDeclared(Refusal):
    """The piece goes beyond the declared length."""

    def __init__(self) -> None:
        super().__init__("Tệp gửi đến dài hơn độ dài đã khai.")


class FirstPieceTooShort(Refusal):
    """The first piece is too short to tell what kind of file it begins."""

    def __init__(self) -> None:
        super().__init__("Phần đầu của tệp quá ngắn nên chưa biết có phải phim MP4 không.")


class WrongChecksum(Refusal):
    """The piece differs from its checksum; nothing of it is kept."""

    def __init__(self) -> None:
        super().__init__("Dữ liệu đến không khớp mã kiểm tra; phần này phải gửi lại.")


class NotComplete(Refusal):
    """The upload cannot be claimed: bytes are still to come, or it was claimed already."""

    def __init__(self) -> None:
        super().__init__("Tệp chưa gửi xong, hoặc đã được dùng cho một tác phẩm.")
