"""Fixed lists of reasons, so that they can be counted: causes of a difficulty, and why results are returned."""

CAUSES = {
    "institution": "Thể chế, hướng dẫn chưa rõ",
    "data": "Dữ liệu chưa đủ, chưa đúng",
    "infrastructure": "Hạ tầng, đường truyền, thiết bị",
    "finance": "Kinh phí",
    "staff": "Nhân lực",
    "coordination": "Phối hợp giữa các đơn vị",
    "objective": "Khách quan (thiên tai, dịch bệnh)",
}

RETURN_REASONS = {
    "missing": "Thiếu văn bản hoặc minh chứng",
    "wrong": "Minh chứng không đúng nội dung yêu cầu",
    "figures": "Số liệu chưa khớp, chưa đầy đủ",
    "incomplete": "Chưa đủ nội dung, sản phẩm được giao",
    "form": "Sai thể thức, thiếu chữ ký hoặc số văn bản",
}
"""Why a result is returned; one of these, and a sentence on what to add."""
