"""Reasons for not saving, not submitting or not returning a sheet: one class for each."""

from collections.abc import Mapping

from core.rules.contest import Contest
from core.rules.ids import CriterionKey
from core.rules.words import Refusal, Sentence
from core.store.queries.entries import SheetRow


class StaleVersion(Refusal):
    """The sheet was changed elsewhere after this browser window last saw it; `now` is its current row."""

    def __init__(self, now: SheetRow) -> None:
        super().__init__("Phiếu này vừa được sửa ở một cửa sổ khác; chưa có gì bị ghi đè.")
        self.now = now


class SheetIsSealed(Refusal):
    """A submitted sheet is read-only."""

    def __init__(self) -> None:
        super().__init__("Phiếu đã nộp và niêm phong; chỉ Trưởng Ban Giám khảo có thể trả lại để sửa.")


class SheetNotSealed(Refusal):
    """Only a submitted sheet can be returned."""

    def __init__(self) -> None:
        super().__init__("Phiếu này chưa nộp nên không có gì để trả lại.")


class OwnSheet(Refusal):
    """Nobody may return their own sheet."""

    def __init__(self) -> None:
        super().__init__("Phiếu của chính bạn phải do Phó Trưởng Ban Giám khảo hoặc Ban Tổ chức trả lại.")


class BadFields(Refusal):
    """Typed values are not valid and nothing was saved.

    `fields` gives the reason by field: "mark:<criterion>" or "remark:<criterion>".
    """

    def __init__(self, fields: Mapping[str, Sentence]) -> None:
        super().__init__("Có ô nhập chưa đúng; phiếu chưa được lưu.")
        self.fields = fields


class Incomplete(Refusal):
    """Criteria have no mark; a missing mark is not zero. The message names them."""

    def __init__(self, contest: Contest, missing: tuple[CriterionKey, ...]) -> None:
        names = "; ".join(contest.criterion(key).name for key in missing)
        super().__init__("Chưa thể nộp: còn thiếu điểm ở tiêu chí {criteria}.", criteria=names)
        self.missing = missing


class NotWatchedEnough(Refusal):
    """The judge has not watched as much of the film as the contest requires; both shares in basis points."""

    def __init__(self, share: int, needed: int) -> None:
        super().__init__(
            "Chưa thể nộp: mới xem {share}% tác phẩm, cần xem ít nhất {needed}%.",
            share=share // 100, needed=-(-needed // 100),
        )  # fmt: skip


class BadSubmitKey(Refusal):
    """The submission's idempotency key is missing, malformed, or belongs to another sheet."""

    def __init__(self) -> None:
        super().__init__("Yêu cầu nộp phiếu thiếu mã nhận dạng; hãy tải lại trang rồi nộp lại.")
