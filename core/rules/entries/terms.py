"""What an author agrees to when entering a work: texts with a version each (docs/contest-rules.md, Consent).

A stored agreement names the text's key and version, so a released text never changes: a new wording is a new version.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from core.rules.words import Sentence


@dataclass(frozen=True, slots=True)
class Term:
    """One text to agree to by itself, unticked at first. The facts of `text` are {contest} and {body}."""

    key: str
    version: int
    title: Sentence
    text: Sentence


_DATA_1 = Sentence(
    "Tôi đồng ý để {body} xử lý họ tên, ngày sinh, số điện thoại, thư điện tử và đơn vị tôi ghi ở đây, chỉ để tổ chức "
    "{contest}: kiểm tra điều kiện dự thi, liên hệ, trao giải và công bố kết quả. Tôi có quyền xem, sửa, rút lại đồng ý "
    "và yêu cầu xóa dữ liệu của mình; khi đó tên tôi được xóa, điểm và quyết định đã ký vẫn được lưu."
)
_LICENCE_1 = Sentence(
    "Tôi cho phép {body} đăng tải, phát sóng tác phẩm trên trang của cuộc thi, cổng thông tin, báo và đài của tỉnh để "
    "tuyên truyền, có ghi tên tác giả, không trả thêm tiền."
)
_ORIGINAL_1 = Sentence(
    "Tôi cam kết tác phẩm là sản phẩm nguyên bản do tôi (nhóm tôi) xây dựng, không vi phạm Luật Báo chí, Luật Sở hữu trí "
    "tuệ và các quy định khác của pháp luật."
)
_UNPUBLISHED_1 = Sentence(
    "Tôi cam kết tác phẩm chưa được công bố trên phương tiện thông tin đại chúng và mạng xã hội trước ngày phát động "
    "cuộc thi."
)
_REGISTER = (
    Term("data", 1, Sentence("Đồng ý xử lý dữ liệu cá nhân"), _DATA_1),
    Term("licence", 1, Sentence("Cho phép sử dụng tác phẩm"), _LICENCE_1),
    Term("original", 1, Sentence("Cam kết nguyên bản"), _ORIGINAL_1),
    Term("unpublished", 1, Sentence("Cam kết chưa công bố"), _UNPUBLISHED_1),
)
TERMS: Mapping[tuple[str, int], Term] = {(term.key, term.version): term for term in _REGISTER}
CURRENT: Mapping[str, Term] = {term.key: term for term in _REGISTER}  # the newest version of each
