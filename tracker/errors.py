"""What can go wrong, as sentences that a person can act on.

Rules and actions raise these; a door decides whether they become a page, JSON or a line in a terminal.
"""

from __future__ import annotations


class TrackerError(Exception):
    """A refusal with a stable `code`, a Vietnamese `sentence` and, where it helps, `fields` → sentence."""

    status = 400
    code = "error"

    def __init__(self, sentence: str, *, code: str | None = None, fields: dict[str, str] | None = None):
        super().__init__(sentence)
        self.sentence = sentence
        self.fields = fields or {}
        if code:
            self.code = code


class Invalid(TrackerError):
    """What was entered cannot be understood or is not allowed; each complaint stands at its field."""

    status, code = 422, "invalid"

    def __init__(self, fields: dict[str, str], sentence: str | None = None):
        count = len(fields)
        super().__init__(sentence or f"Có {count} chỗ cần sửa.", fields=fields)

    def __str__(self) -> str:
        return " ".join([self.sentence, *(f"{name}: {said}" for name, said in self.fields.items())])


class Refused(TrackerError):
    """The state of the record does not allow the deed."""

    status, code = 409, "refused"


class Conflict(TrackerError):
    """Somebody else changed the record since it was read; nothing typed is lost."""

    status, code = 409, "conflict"


class TooLarge(TrackerError):
    """A file is larger than the house takes; the complaint stands at the field of files."""

    status, code = 413, "too_large"

    def __init__(self, sentence: str):
        super().__init__(sentence, fields={"files": sentence})


class Forbidden(TrackerError):
    """The record is visible to this person, the deed is not theirs."""

    status, code = 403, "forbidden"


class NotFound(TrackerError):
    """No such record, or none that this person may know of."""

    status, code = 404, "not_found"

    def __init__(self, sentence: str = "Không tìm thấy nội dung này."):
        super().__init__(sentence)
