"""What a person may ask about their data, and when the answer is due (docs/contest-rules.md, Law).

Nghị định 13/2023/NĐ-CP: within 72 hours. Luật 91/2025/QH15 with Nghị định 356/2025/NĐ-CP, from 1 January 2026: within
2 working days. Public holidays are not known here and count as working days, so an answer is never due too late.
"""

from datetime import datetime, time, timedelta
from enum import StrEnum

from core.rules.words import VIETNAM, Sentence

SINCE_2026 = datetime(2026, 1, 1, tzinfo=VIETNAM)
EARLIER = timedelta(hours=72)
WORKING_DAYS = 2
SATURDAY = 5


class RequestKind(StrEnum):
    """What a person asks for. The values are stored."""

    SEE = "see"
    CORRECT = "correct"
    WITHDRAW_CONSENT = "withdraw_consent"
    ERASE = "erase"


KIND_NAMES = {
    RequestKind.SEE: Sentence("Xem dữ liệu của mình"),
    RequestKind.CORRECT: Sentence("Sửa dữ liệu của mình"),
    RequestKind.WITHDRAW_CONSENT: Sentence("Rút lại đồng ý"),
    RequestKind.ERASE: Sentence("Xóa dữ liệu của mình"),
}


def due(received: datetime) -> datetime:
    """When the answer is due: 72 hours later, or from 2026 the end of the second working day in Vietnam."""
    if received < SINCE_2026:
        return received + EARLIER
    day, left = received.astimezone(VIETNAM).date(), WORKING_DAYS
    while left:
        day += timedelta(days=1)
        left -= day.weekday() < SATURDAY
    return datetime.combine(day, time(23, 59, 59), VIETNAM)
