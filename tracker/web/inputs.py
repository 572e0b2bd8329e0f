"""Reading what came in: one marshmallow schema per deed reads forms, JSON and rows alike.

All complaints come at once, each at its field, as errors.Invalid; what was typed stays in the Form.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import IO, Any

import marshmallow as ma
from werkzeug.datastructures import FileStorage, MultiDict

from tracker.clock import today
from tracker.errors import Invalid, TrackerError
from tracker.rules.texts import read_date
from tracker.web.addresses import LARGEST


@dataclass
class Form:
    """What a page shows again: texts by field name, and the complaint at each field."""

    values: dict[str, Any] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    sentence: str = ""

    @classmethod
    def typed(cls, data: MultiDict[str, str], error: TrackerError | None = None) -> Form:
        """The form as it was typed, with what is wrong with it. Repeated fields stay lists."""
        values = {key: data.getlist(key) if len(data.getlist(key)) > 1 else data[key] for key in data}
        if error is None:
            return cls(values)
        return cls(values, dict(error.fields), error.sentence)


REQUIRED = "Hãy nhập mục này."


class Text(ma.fields.String):
    """A text, trimmed, in NFC; `max` characters at most, required unless said otherwise."""

    default_error_messages = {"required": REQUIRED, "null": REQUIRED, "invalid": "Hãy nhập chữ."}

    def __init__(self, *, max: int = 300, required: bool = True, **kwargs: Any):
        checks = [ma.validate.Length(max=max, error=f"Dài quá {max} ký tự, hãy rút gọn.")]
        if required:
            checks.append(ma.validate.Length(min=1, error=REQUIRED))
            kwargs.setdefault("required", True)
        else:
            kwargs.setdefault("load_default", "")
        super().__init__(validate=checks, **kwargs)

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> str:
        text = unicodedata.normalize("NFC", super()._deserialize(value, *args, **kwargs))
        return "".join(c for c in text if c in "\n\t" or unicodedata.category(c)[0] != "C").strip()


class Line(Text):
    """A text of one line, such as a name: what breaks lines becomes a space."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> str:
        return " ".join(super()._deserialize(value, *args, **kwargs).split())


class Secret(Text):
    """A password: every character counts, those at its ends too."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> str:
        return ma.fields.String._deserialize(self, value, *args, **kwargs) or ""


class Email(Line):
    """An address that mail can be sent to; one at most."""

    def __init__(self, **kwargs: Any):
        super().__init__(max=200, required=False, **kwargs)
        self.validators.append(
            _shaped(r"[^@\s,;<>\"]+@[^@\s,;<>\".]+(\.[^@\s,;<>\".]+)+", "Nhập địa chỉ thư, ví dụ an@xa.gov.vn.")
        )


class Phone(Line):
    """A telephone number, with spaces, dots or a plus as people write it."""

    def __init__(self, **kwargs: Any):
        super().__init__(max=20, required=False, **kwargs)
        self.validators.append(_shaped(r"\+?[0-9][0-9 .-]{5,18}", "Nhập số điện thoại, ví dụ 0912 345 678."))


def _shaped(pattern: str, said: str) -> Callable[[str], None]:
    """A check that a text, unless it is empty, has a shape."""

    def check(text: str) -> None:
        if text and not re.fullmatch(pattern, text, re.ASCII):
            raise ma.ValidationError(said)

    return check


class Day(ma.fields.Field[date | None]):
    """A local date as people write it (25/06/2026, 25-6-26, 25 tháng 6) or ISO; "" is none when not required."""

    default_error_messages = {
        "required": "Nhập ngày, ví dụ 25/06/2026.",
        "null": "Nhập ngày, ví dụ 25/06/2026.",
    }

    def __init__(self, *, required: bool = True, **kwargs: Any):
        self.must = required
        if required:
            kwargs.setdefault("required", True)
        else:
            kwargs.setdefault("load_default", None)
        super().__init__(**kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> date | None:
        text = str(value or "").strip()
        if not text:
            if self.must:
                raise self.make_error("required")
            return None
        try:
            return read_date(text, today())
        except ValueError as error:
            raise ma.ValidationError(str(error)) from None


class Choice(ma.fields.String):
    """One of the given codes."""

    default_error_messages = {"required": "Hãy chọn một mục.", "null": "Hãy chọn một mục."}

    def __init__(self, choices: Any, *, required: bool = True, **kwargs: Any):
        allowed = [str(choice) for choice in choices] + ([] if required else [""])
        kwargs.setdefault("required", required)
        if not required:
            kwargs.setdefault("load_default", "")
        super().__init__(validate=ma.validate.OneOf(allowed, error="Hãy chọn một mục trong danh sách."), **kwargs)


class Number(ma.fields.Integer):
    """A whole number, such as the id of a record or a version; "" is none when not required."""

    default_error_messages = {"required": REQUIRED, "null": REQUIRED, "invalid": "Hãy nhập số nguyên."}

    def __init__(self, *, required: bool = True, **kwargs: Any):
        kwargs.setdefault("required", required)
        if not required:
            kwargs.setdefault("load_default", None)
            kwargs.setdefault("allow_none", True)
        check = ma.validate.Range(min=0, max=LARGEST, error="Số nằm ngoài khoảng cho phép.")
        super().__init__(validate=check, **kwargs)

    def deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        """An empty field that is not required is none."""
        if not self.required and isinstance(value, str) and not value.strip():
            return None
        return super().deserialize(value, *args, **kwargs)


class Version(Number):
    """The version of the record that was looked at; an unreadable one is none that there ever was."""

    def __init__(self) -> None:
        super().__init__(required=False)

    def deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        """A number as it is; 0, which no record has, for anything else that is there."""
        try:
            return super().deserialize(value, *args, **kwargs)
        except ma.ValidationError:
            return 0


class Amount(ma.fields.Field[Decimal | None]):
    """A decimal as Vietnamese papers write it: 1.234,5 and 1 234,5; «99.89» could be either and is asked about."""

    default_error_messages = {"required": REQUIRED, "null": REQUIRED, "invalid": "Nhập số, ví dụ 98,5."}

    def __init__(self, *, required: bool = True, **kwargs: Any):
        self.must = required
        kwargs.setdefault("required", required)
        if not required:
            kwargs.setdefault("load_default", None)
        super().__init__(**kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Decimal | None:
        text = re.sub(r"\s", "", str(value or ""))
        if not text:
            if self.must:
                raise self.make_error("required")
            return None
        grouped = re.fullmatch(r"-?\d{1,3}(\.\d{3})+(,\d{1,4})?", text)
        if not grouped and re.fullmatch(r"-?\d{1,12}\.\d+", text):
            raise ma.ValidationError(f"Số lẻ viết bằng dấu phẩy: {text.replace('.', ',')}?")
        if not grouped and not re.fullmatch(r"-?\d{1,12}(,\d{1,4})?", text):
            raise self.make_error("invalid")
        return Decimal(text.replace(".", "").replace(",", "."))


class Flag(ma.fields.Boolean):
    """A checkbox: present and not "0" is true."""

    def __init__(self, **kwargs: Any):
        kwargs.setdefault("load_default", False)
        super().__init__(**kwargs)


class Many(ma.fields.List[Any]):
    """Repeated fields of one name, such as ticked checkboxes."""

    def __init__(self, inner: Any, **kwargs: Any):
        kwargs.setdefault("load_default", list)
        super().__init__(inner, **kwargs)


def chosen_files(files: MultiDict[str, FileStorage], name: str) -> list[tuple[IO[bytes], str]]:
    """The files that were chosen in a field, each as its bytes to be read and its name."""
    return [(file.stream, file.filename) for file in files.getlist(name) if file.filename]


class Input(ma.Schema):
    """The base of all inputs; unknown fields are ignored, as pages carry tokens and buttons."""

    class Meta:
        unknown = ma.EXCLUDE

    @classmethod
    def read(cls, data: Mapping[str, Any] | MultiDict[str, str]) -> dict[str, Any]:
        """The values read and checked. Raises Invalid with every complaint at its field."""
        schema = cls()
        try:
            loaded: dict[str, Any] = schema.load(_flat(schema, data))
        except ma.ValidationError as error:
            raise Invalid({name: _first(said) for name, said in _by_field(error).items()}) from None
        return loaded

    @classmethod
    def narrowed(cls, args: MultiDict[str, str]) -> tuple[dict[str, Any], Form]:
        """What a list is narrowed to, and its form; a wrong filter is complained of at its field and left out."""
        try:
            return cls.read(args), Form.typed(args)
        except Invalid as error:
            good = MultiDict([pair for pair in args.items(multi=True) if pair[0] not in error.fields])
            return cls.read(good), Form.typed(args, error)


def _flat(schema: ma.Schema, data: Mapping[str, Any] | MultiDict[str, str]) -> dict[str, Any]:
    if not isinstance(data, MultiDict):
        if not isinstance(data, Mapping):
            raise Invalid({"_": "Nội dung gửi lên phải là một đối tượng JSON."})
        return dict(data)
    many = {name for name, kind in schema.fields.items() if isinstance(kind, ma.fields.List)}
    return {key: data.getlist(key) if key in many else data[key] for key in data}


def _by_field(error: ma.ValidationError) -> dict[str, Any]:
    said = error.messages
    return said if isinstance(said, dict) else {"_": said}


def _first(said: Any) -> str:
    while not isinstance(said, str):
        said = next(iter(said.values() if isinstance(said, dict) else said))
    return said
