"""Refusals become pages, JSON or fragments: what happened, what was kept, what to do; never a stack trace."""

from __future__ import annotations

import logging
import secrets
from typing import Any

from flask import Flask, jsonify, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from tracker.errors import TrackerError

log = logging.getLogger(__name__)


def init_errors(app: Flask) -> None:
    """Give every kind of failure its page."""
    app.register_error_handler(TrackerError, _refusal)
    app.register_error_handler(CSRFError, _csrf)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _crash)


def wants_json() -> bool:
    """Whether the visitor is a program that asked for JSON."""
    return request.path.startswith("/api/") or request.accept_mimetypes.best == "application/json"


def _answer(status: int, code: str, title: str, sentence: str, **extra: Any) -> ResponseReturnValue:
    if wants_json():
        return jsonify({"code": code, "sentence": sentence, **extra}), status
    page = render_template("errors/error.html", status=status, title=title, sentence=sentence, **extra)
    return page, status


def _refusal(error: TrackerError) -> ResponseReturnValue:
    titles = {
        403: _("Không có quyền"),
        404: _("Không tìm thấy"),
        409: _("Chưa thực hiện được"),
        422: _("Cần sửa nội dung đã nhập"),
    }
    title = titles.get(error.status, _("Chưa thực hiện được"))
    return _answer(error.status, error.code, title, error.sentence, fields=error.fields)


def _csrf(_error: CSRFError) -> ResponseReturnValue:
    return _answer(
        400,
        "csrf",
        _("Phiên làm việc đã hết"),
        _("Trang mở quá lâu hoặc đã đăng xuất. Hãy quay lại, tải lại trang rồi gửi lại."),
    )


def _http(error: HTTPException) -> ResponseReturnValue:
    if error.response is not None or (error.code or 500) < 400:
        return error
    said = {
        404: (_("Không tìm thấy"), _("Trang này không có hoặc đã chuyển đi.")),
        405: (_("Cách gọi không đúng"), _("Trang này không nhận cách gọi đó. Hãy quay lại trang trước.")),
        413: (
            _("Tệp quá lớn"),
            _("Tệp gửi lên lớn hơn mức cho phép. Hãy tách tệp hoặc nén ảnh rồi gửi lại."),
        ),
    }
    title, sentence = said.get(
        error.code or 500,
        (_("Yêu cầu không hợp lệ"), _("Máy chủ không hiểu yêu cầu này. Hãy quay lại trang trước.")),
    )
    response = make_response(_answer(error.code or 500, "http", title, sentence))
    for name, value in error.get_headers():
        if name in {"Allow", "Retry-After"}:
            response.headers[name] = value
    return response


def _crash(error: Exception) -> ResponseReturnValue:
    reference = secrets.token_hex(2).upper()
    log.exception("request failed, reference %s", reference, exc_info=error)
    return _answer(
        500,
        "crash",
        _("Máy chủ gặp lỗi"),
        _(
            "Máy chủ gặp lỗi (mã %(code)s). Nội dung đang nhập vẫn còn ở trang trước; hãy quay lại và thử lại.",
            code=reference,
        ),
    )
