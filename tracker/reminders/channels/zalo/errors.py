"""What Zalo's error codes mean for us: a dozen troubles, and one consequence for each.

    code ─→ Trouble ─→ Consequence: how this message ended, what pauses and until when, whether e-mail takes over

Zalo answers with HTTP 200 whatever happened; only `error` tells. The codes are those published for template
messages (-1xx) and for the Official Account (-2xx); a code that is not listed is tried again a few times.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum

from tracker.reminders.channels.answers import Result

NIGHT_ENDS_AT = time(6, 0)
"""Zalo takes no template messages from 22:00 to 06:00."""


class Trouble(StrEnum):
    """What kind of thing went wrong."""

    TOKEN = "token"  # noqa: S105
    NIGHT = "night"
    RATE = "rate"
    BUSY = "busy"
    QUOTA = "quota"
    TEMPLATE_QUOTA = "template_quota"
    RECIPIENT_QUOTA = "recipient_quota"
    ACCOUNT = "account"
    CONFIGURATION = "configuration"
    TEMPLATE = "template"
    RECIPIENT = "recipient"
    DATA = "data"


class Scope(StrEnum):
    """What rests while a trouble lasts; CONSENT is everything until an administrator has consented again."""

    NOTHING = "nothing"
    CONSENT = "consent"
    CHANNEL = "channel"
    TEMPLATE = "template"


CODES: dict[Trouble, tuple[int, ...]] = {
    Trouble.TOKEN: (-124, -216, -220),
    Trouble.NIGHT: (-133, -234),
    Trouble.RATE: (-32,),
    Trouble.BUSY: (-100, -129, -200),
    Trouble.QUOTA: (-144, -211),
    Trouble.TEMPLATE_QUOTA: (-147,),
    Trouble.RECIPIENT_QUOTA: (-218,),
    Trouble.ACCOUNT: (-115, -126, -135, -1351, -136, -137, -1381, -221, -224, -320, -321),
    Trouble.CONFIGURATION: (
        *(-101, -102, -103, -104, -105, -106, -120, -125, -128, -138, -1241),
        *(-204, -205, -209, -212, -219, -223, -235, -240, -242),
    ),
    # -249, «not by user id», is of a template approved before user ids were: no fault of the person.
    Trouble.TEMPLATE: (-109, -117, -131, -145, -146, -249),
    # -108, «phone number invalid», is listed as data; but the number is the person's and stays wrong until changed.
    Trouble.RECIPIENT: (-108, -110, -114, -118, -119, -139, -140, -141, -213, -217, -227, -230, -232, -244),
    Trouble.DATA: (
        *(-111, -112, -1121, -1122, -1123, -1124, -113, -1131, -116, -121, -122, -127, -130, -132, -153),
        *(-201, -210, -233, -238, -241),
        *(-1201, -1441, -1471, -1472),  # of promotions, which we never send
        *(-123, -142, -143, -148, -149, -150, -151, -152),  # of encryption, which we do not use
    ),
}
_TROUBLES = {code: trouble for trouble, codes in CODES.items() for code in codes}


def trouble_of(code: int) -> Trouble:
    """The kind of trouble behind an error code."""
    return _TROUBLES.get(code, Trouble.BUSY)


def _a_minute_later(now: datetime) -> datetime:
    return now + timedelta(minutes=1)


def _morning(now: datetime) -> datetime:
    """The next time the night ends."""
    today = datetime.combine(now.date(), NIGHT_ENDS_AT, now.tzinfo)
    return today if now < today else today + timedelta(days=1)


def _tomorrow(now: datetime) -> datetime:
    return datetime.combine(now.date() + timedelta(days=1), NIGHT_ENDS_AT, now.tzinfo)


@dataclass(frozen=True)
class Consequence:
    """What follows from a trouble: how the message ended, what rests until when, who takes over.

    `by_email`: while the channel rests, e-mail says what Zalo alone would have said.
    """

    result: Result
    rests: Scope = Scope.NOTHING
    until: Callable[[datetime], datetime] | None = None
    marks_recipient: bool = False
    by_email: bool = False


CONSEQUENCES: dict[Trouble, Consequence] = {
    Trouble.TOKEN: Consequence(Result.UNREACHABLE, Scope.CONSENT, by_email=True),
    Trouble.NIGHT: Consequence(Result.UNREACHABLE, Scope.CHANNEL, _morning),
    Trouble.RATE: Consequence(Result.UNREACHABLE, Scope.CHANNEL, _a_minute_later),
    Trouble.BUSY: Consequence(Result.LATER),
    Trouble.QUOTA: Consequence(Result.UNREACHABLE, Scope.CHANNEL, _tomorrow, by_email=True),
    Trouble.TEMPLATE_QUOTA: Consequence(Result.LATER, Scope.TEMPLATE, _tomorrow),
    Trouble.RECIPIENT_QUOTA: Consequence(Result.LATER, Scope.NOTHING, _tomorrow),
    Trouble.ACCOUNT: Consequence(Result.UNREACHABLE, Scope.CHANNEL, _tomorrow, by_email=True),
    Trouble.CONFIGURATION: Consequence(Result.UNREACHABLE, Scope.CHANNEL, _tomorrow, by_email=True),
    Trouble.TEMPLATE: Consequence(Result.REFUSED, Scope.TEMPLATE, _tomorrow),
    Trouble.RECIPIENT: Consequence(Result.REFUSED, marks_recipient=True),
    Trouble.DATA: Consequence(Result.REFUSED),
}
"""A rest of a day and not for ever: one try each morning finds out that the account was filled up or the template
approved, so that nobody has to remember to switch anything on again."""

WORDS = {
    Trouble.TOKEN: "Zalo không nhận quyền truy cập",
    Trouble.NIGHT: "Zalo không nhận tin từ 22:00 đến 06:00",
    Trouble.RATE: "Gửi quá nhanh so với mức Zalo cho phép",
    Trouble.BUSY: "Zalo tạm thời chưa xử lý được",
    Trouble.QUOTA: "Hết hạn mức tin trong ngày của tài khoản Zalo OA",
    Trouble.TEMPLATE_QUOTA: "Hết hạn mức trong ngày của mẫu tin",
    Trouble.RECIPIENT_QUOTA: "Người nhận đã nhận đủ số tin Zalo cho phép",
    Trouble.ACCOUNT: "Tài khoản Zalo OA không gửi được: số dư, gói dịch vụ hoặc xác thực",
    Trouble.CONFIGURATION: "Cấu hình ứng dụng Zalo chưa đúng",
    Trouble.TEMPLATE: "Mẫu tin chưa dùng được: chưa duyệt, đã khóa hoặc không gửi được theo cách này",
    Trouble.RECIPIENT: "Zalo không gửi được cho người này",
    Trouble.DATA: "Zalo không nhận nội dung của tin",
}
