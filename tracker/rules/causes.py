"""The causes of a difficulty (khó khăn, vướng mắc): a fixed list, so that «điểm nghẽn» can be counted."""

CAUSES = {
    "institution": "Thể chế, hướng dẫn chưa rõ",
    "data": "Dữ liệu chưa đủ, chưa đúng",
    "infrastructure": "Hạ tầng, đường truyền, thiết bị",
    "finance": "Kinh phí",
    "staff": "Nhân lực",
    "coordination": "Phối hợp giữa các đơn vị",
    "objective": "Khách quan (thiên tai, dịch bệnh)",
}
