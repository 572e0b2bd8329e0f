"""Frozen, typed settings from config/settings.toml and TRACKER_*; names all that is wrong at once."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import time
from typing import Any, Literal

from tracker.paths import data_dir
from tracker.rules.addresses import ADDRESS, NOT_A_MAIL_SERVER, is_sender, is_web_address, mail_host
from tracker.rules.deadlines import Policy
from tracker.rules.reminding import Cadence

_SHORT_NAMES = {
    "TRACKER_DATABASE_URL": "database_url",
    "TRACKER_SMTP_URL": "mail_smtp_url",
    "TRACKER_SECRET_KEY": "web_secret_key",
    "TRACKER_DEMO": "web_demo",
}


_FROM_ONE = (
    *(
        "files_max_mb",
        "mail_timeout_seconds",
        "mail_connections",
        "mail_limit_minutes",
        "zalo_timeout_seconds",
        "zalo_link_minutes",
    ),
    *("reminding_weeks_between", "sign_in_max_failures", "sign_in_window_minutes", "sign_in_session_hours"),
    *("sign_in_remember_days", "sign_in_invitation_days", "health_heartbeat_minutes"),
)
"""Whole numbers of which none at all would stop what they are for; all others may be 0, and none is less."""


Complaint = tuple[str, str]
"""The field of a setting, and a sentence about what is wrong with it."""

NOWHERE = "sqlite://"
"""A database that is empty and ends with the process: for who looks at the rest when the address is none."""

_DATABASE = re.compile(r"sqlite:///.+|(?:postgres|postgresql|postgresql\+psycopg)://.+")


class SettingsError(RuntimeError):
    """One line with one sentence for every setting that is missing, unknown or could do nothing.

    `usable` are the settings with the defaults of those that are `wrong`, enough to look at all others; None where
    one is missing altogether.
    """

    def __init__(self, wrong: Sequence[Complaint], usable: Settings | None = None):
        super().__init__("\n".join(sorted(f"{variable(name)}: {sentence}" for name, sentence in wrong)))
        self.wrong, self.usable = wrong, usable


@dataclass(frozen=True)
class Settings:
    """The settings by name: table and key of config/settings.toml joined by an underscore."""

    database_url: str
    files_folder: str
    files_max_mb: int
    web_secret_key: str
    web_base_url: str
    web_https: bool
    web_proxies: int
    web_demo: bool
    mail_smtp_url: str
    mail_sender: str
    mail_timeout_seconds: int
    mail_bounce_address: str
    mail_bounce_maildir: str
    mail_connections: int
    mail_limit: int
    mail_limit_minutes: int
    zalo_app_id: str
    zalo_app_secret: str
    zalo_oa_secret_key: str
    zalo_by_phone: bool
    zalo_names_tasks: bool
    zalo_development: bool
    zalo_template_reminder: str
    zalo_template_overdue: str
    zalo_template_reminder_call: str
    zalo_template_overdue_call: str
    zalo_template_escalation: str
    zalo_template_returned: str
    zalo_template_extended: str
    zalo_template_digest: str
    zalo_link_minutes: int
    zalo_timeout_seconds: int
    zalo_oauth_url: str
    zalo_api_url: str
    zalo_phone_url: str
    deadlines_before_means: Literal["that_day", "day_before"]
    deadlines_roll_to_working_day: bool
    extensions_max: int
    extensions_after_due: bool
    rates_headline: str
    rates_visible_to_communes: str
    rates_ranking_minimum: int
    rates_update_within_days: int
    papers_superior_line: bool
    reminding_soon_days: int
    reminding_days_before: list[int]
    reminding_days_after: list[int]
    reminding_monitor_after_days: int
    reminding_leader_after_days: int
    reminding_window: list[str]
    reminding_digest_at: str
    reminding_digest_until: str
    reminding_weeks_between: int
    sign_in_max_failures: int
    sign_in_window_minutes: int
    sign_in_session_hours: int
    sign_in_remember_days: int
    sign_in_invitation_days: int
    fan_out_undo_minutes: int
    health_heartbeat_minutes: int

    @property
    def policy(self) -> Policy:
        """The uncertain points of law as the rules want to be told them."""
        return Policy(
            roll_to_working_day=self.deadlines_roll_to_working_day,
            before_means=self.deadlines_before_means,
            soon_days=self.reminding_soon_days,
            extensions_max=self.extensions_max,
            extensions_after_due=self.extensions_after_due,
            update_within_days=self.rates_update_within_days,
        )

    @property
    def cadence(self) -> Cadence:
        """When people are reminded, as the rules want to be told it."""
        opens_at, closes_at = (time.fromisoformat(written) for written in self.reminding_window)
        return Cadence(
            days_before=tuple(self.reminding_days_before),
            days_after=tuple(self.reminding_days_after),
            monitor_after_days=self.reminding_monitor_after_days,
            leader_after_days=self.reminding_leader_after_days,
            opens_at=opens_at,
            closes_at=closes_at,
            digest_at=time.fromisoformat(self.reminding_digest_at),
            undo_minutes=self.fan_out_undo_minutes,
            digest_until=time.fromisoformat(self.reminding_digest_until),
            weeks_between=self.reminding_weeks_between,
        )


def load_settings(environ: Mapping[str, str] | None = None, **overrides: Any) -> Settings:
    """Read config/settings.toml, then TRACKER_* of `environ`, then `overrides` by field name.

    Raises SettingsError naming everything that is wrong at once.
    """
    environ = os.environ if environ is None else environ
    with (data_dir("config") / "settings.toml").open("rb") as file:
        tables = tomllib.load(file)
    defaults = {f"{table}_{key}": value for table, keys in tables.items() for key, value in keys.items()}
    values, wrong = dict(defaults), []
    for field in fields(Settings):
        written = _written(environ, field.name)
        if written is None:
            continue
        try:
            values[field.name] = _read(written, values.get(field.name))
        except ValueError as error:
            wrong.append((field.name, str(error)))
    values.update(overrides)
    known = {field.name for field in fields(Settings)}
    wrong += [(name, "không có mục cấu hình này.") for name in values.keys() - known]
    wrong += [(name, "thiếu trong config/settings.toml.") for name in known - values.keys()]
    for check in (_out_of_range, _too_small, _no_addresses, _not_times, _half_zalo):
        wrong += check(values)
    if wrong:
        raise SettingsError(wrong, _usable({**defaults, **overrides}, values, {name for name, _said in wrong}))
    return Settings(**values)


def _usable(defaults: Mapping[str, Any], values: Mapping[str, Any], wrong: set[str]) -> Settings | None:
    known = [field.name for field in fields(Settings)]
    if any(name not in values for name in known):
        return None
    kept = {name: (defaults if name in wrong else values)[name] for name in known}
    return Settings(**kept | ({"database_url": NOWHERE} if "database_url" in wrong else {}))


def variable(name: str) -> str:
    """The environment variable that sets a setting right."""
    return next((short for short, field in _SHORT_NAMES.items() if field == name), f"TRACKER_{name.upper()}")


def _written(environ: Mapping[str, str], name: str) -> str | None:
    for short, field in _SHORT_NAMES.items():
        if field == name and short in environ:
            return environ[short]
    return environ.get(f"TRACKER_{name.upper()}")


def _read(written: str, default: Any) -> Any:
    """The written value in the kind of the default; raises ValueError in words."""
    if isinstance(default, bool):
        if written.lower() not in {"0", "1", "true", "false"}:
            raise ValueError(f"«{written}» không phải true hay false.")
        return written.lower() in {"1", "true"}
    if isinstance(default, int):
        try:
            return int(written)
        except ValueError:
            raise ValueError(f"«{written}» không phải số nguyên.") from None
    if isinstance(default, list):
        parts = [part.strip() for part in written.split(",") if part.strip()]
        return [_read(part, default[0]) for part in parts] if default else parts
    return written


def _out_of_range(values: Mapping[str, Any]) -> list[Complaint]:
    allowed = {
        "deadlines_before_means": {"that_day", "day_before"},
        "rates_headline": {"R1", "R2", "R3"},
        "rates_visible_to_communes": {"own_and_average", "all"},
    }
    return [
        (name, f"«{values.get(name)}» không phải một trong {', '.join(sorted(choices))}.")
        for name, choices in allowed.items()
        if values.get(name) not in choices
    ]


def _half_zalo(values: Mapping[str, Any]) -> list[Complaint]:
    """An app at Zalo without its secret can do nothing."""
    half = values.get("zalo_app_id") and not values.get("zalo_app_secret")
    return [("zalo_app_secret", "cần có khi đã đặt TRACKER_ZALO_APP_ID.")] if half else []


def _too_small(values: Mapping[str, Any]) -> list[Complaint]:
    """Complaints about whole numbers below the least that makes sense."""
    return [
        (name, f"phải từ {least} trở lên, đang là {number}.")
        for name, value in values.items()
        for number in (value if isinstance(value, list) else [value])
        if isinstance(number, int) and number < (least := int(name in _FROM_ONE))
    ]


def _no_addresses(values: Mapping[str, Any]) -> list[Complaint]:
    """Complaints about addresses from or to which nothing could go."""
    smtp_url, bounce_address = str(values.get("mail_smtp_url", "")), str(values.get("mail_bounce_address", ""))
    sender, base_url = str(values.get("mail_sender", "")), str(values.get("web_base_url", ""))
    said = {
        "database_url": "phải bắt đầu bằng sqlite:/// hoặc postgresql://, rồi đến tệp hay máy chủ."
        if not _DATABASE.fullmatch(str(values.get("database_url", "")))
        else "",
        "mail_smtp_url": f"chưa phải địa chỉ máy chủ thư; {NOT_A_MAIL_SERVER}."
        if smtp_url and not mail_host(smtp_url)
        else "",
        "mail_sender": f"«{sender}» không có địa chỉ thư; viết dạng «Tên <hộp-thư@tên-miền>»."
        if not is_sender(sender)
        else "",
        "mail_bounce_address": f"«{bounce_address}» không phải địa chỉ thư; viết dạng hộp-thư@tên-miền."
        if bounce_address and not ADDRESS.fullmatch(bounce_address)
        else "",
        "web_base_url": f"«{base_url}» phải bắt đầu bằng http:// hoặc https://, rồi đến tên máy."
        if not is_web_address(base_url)
        else "",
    }
    return [(name, sentence) for name, sentence in said.items() if sentence]


def _not_times(values: Mapping[str, Any]) -> list[Complaint]:
    """Complaints about times of the day: each «HH:MM», the window two of them in order, the digest inside it."""
    window, digest = values.get("reminding_window"), values.get("reminding_digest_at")
    if not _is_time(values.get("reminding_digest_until")):
        return [("reminding_digest_until", "giờ viết dạng 10:00.")]
    try:
        opens_at, closes_at = (time.fromisoformat(written) for written in window or [])
        digest_at = time.fromisoformat(digest or "")
    except (ValueError, TypeError):
        return [("reminding_window", "giờ viết dạng 06:30, khung giờ là hai giờ; reminding.digest_at cũng vậy.")]
    if not opens_at <= digest_at < closes_at:
        return [("reminding_digest_at", "bản tổng hợp phải đi trong khung giờ reminding.window, mở trước khi đóng.")]
    return []


def _is_time(written: Any) -> bool:
    try:
        time.fromisoformat(written)
    except (ValueError, TypeError):
        return False
    return True
