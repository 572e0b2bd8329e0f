"""Why a file cannot be read: one sentence each, what was found and what to do."""

from __future__ import annotations

from tracker.errors import Invalid

SENTENCES = {
    "missing": "Không mở được tệp «{}»; hãy kiểm tra đường dẫn và quyền đọc.",
    "empty": "Tệp rỗng (0 byte); hãy chọn lại tệp có nội dung.",
    "large": "Tệp lớn hơn 20 MB; hãy bỏ bớt hình ảnh, trang tính thừa rồi thử lại.",
    "kind": "Không nhận ra tệp có bảng nhiệm vụ; hãy dùng tệp .xlsx, .xls, .ods, .docx, .pdf có lớp chữ hoặc .edxml.",
    "old_word": "Tệp Word ở dạng cũ (.doc); hãy mở bằng Word và lưu lại thành .docx.",
    "odt": "Tệp ở dạng .odt; hãy lưu lại thành .docx.",
    "picture": "Tệp là hình ảnh, không có bảng chữ; hãy dùng tệp Word, Excel hoặc PDF xuất từ Word.",
    "locked": "Tệp có mật khẩu; hãy bỏ mật khẩu rồi thử lại.",
    "damaged": "Tệp bị hỏng hoặc không đúng định dạng; hãy mở bằng chương trình gốc, lưu lại rồi thử lại.",
    "macros": "Tệp có macro; hãy lưu lại thành .xlsx hoặc .docx không có macro rồi thử lại.",
    "entities": "Tệp có khai báo DTD trong XML, có thể gây hại nên không đọc; hãy lưu lại bằng Word hoặc Excel.",
    "bomb": "Tệp giải nén ra quá lớn nên không đọc; hãy chép riêng bảng nhiệm vụ sang một tệp mới.",
    "much": "Tệp có {}, quá mức đọc được; hãy chép riêng bảng nhiệm vụ sang một tệp mới.",
    "heavy": "Tệp cần quá nhiều bộ nhớ để mở nên đã dừng; hãy chép riêng bảng nhiệm vụ sang một tệp mới.",
    "slow": "Đọc tệp quá 30 giây nên đã dừng; hãy chép riêng bảng nhiệm vụ sang một tệp mới.",
    "blank": "Tệp không có chữ nào; hãy chọn lại tệp có bảng nhiệm vụ.",
    "drawn": "Bảng trong tệp là hình ảnh, không có chữ để đọc; hãy dùng bản Word, Excel gốc.",
    "scan": "Tệp PDF là bản quét, không có lớp chữ; hãy dùng bản .docx hoặc PDF xuất từ Word.",
    "not_message": "Tệp XML không phải gói tin edXML (không có MessageHeader); hãy chọn lại tệp.",
}


def refusal(code: str, what: str = "") -> Invalid:
    """The refusal with this code; `what` fills the place left open in its sentence."""
    return Invalid({}, SENTENCES[code].format(what))
