"""The 41 directives of the fictional province and their 55 tasks; all dates in days from today."""

from __future__ import annotations

from dataclasses import dataclass

from tracker.rules.lifecycle import Kind

ALL, HALF, OFFICES = 8, 4, 0


@dataclass(frozen=True)
class Job:
    """A task: due so many days from today (none for standing and undated work), given to so many clusters of
    communes, or to the departments."""

    content: str
    due: int | None
    deliverable: str = "Báo cáo kết quả"
    clusters: int = ALL
    kind: Kind = Kind.SCHEDULED
    starred: bool = False


@dataclass(frozen=True)
class Paper:
    """A directive: issued so many days ago by the province («») or by a department."""

    doc_type: str
    doc_symbol: str
    days_ago: int
    office: str
    field: str
    abstract: str
    jobs: tuple[Job, ...]


_MARKS = {
    "plan": "KH-UBND",
    "decision": "QĐ-UBND",
    "conclusion": "KL-UBND",
    "notice": "TB-UBND",
    "directive": "CT-UBND",
    "official_letter": "UBND-TH",
}
_OFFICE_MARKS = {"sokhcn": "SKHCN", "sonoivu": "SNV", "sonnmt": "SNNMT", "sotaichinh": "STC", "sogddt": "SGDĐT"}
_STANDING = Kind.STANDING


def _paper(number: int, doc_type: str, days_ago: int, office: str, field: str, abstract: str, *jobs: Job) -> Paper:
    mark = f"{_OFFICE_MARKS[office]}-TH" if office and doc_type == "official_letter" else _MARKS[doc_type]
    return Paper(doc_type, f"{number}/{mark}", days_ago, office, field, abstract, jobs)


_DIGITAL, _REFORM, _LAND = "Chuyển đổi số", "Cải cách hành chính", "Đất đai, môi trường"
_FARM, _MONEY, _PEOPLE = "Nông nghiệp, nông thôn", "Tài chính, đầu tư", "Văn hóa – xã hội"
_SAFETY = "Phòng chống thiên tai"

# fmt: off – one line for each task, as a list is read
PAPERS = (
    _paper(
        12,
        "plan",
        300,
        "",
        _DIGITAL,
        "Chuyển đổi số tỉnh An Hòa trong năm",
        Job("Ban hành kế hoạch chuyển đổi số của xã trong năm", -150, "Kế hoạch", starred=True),
        Job("Duy trì tỷ lệ hồ sơ trực tuyến, ký số văn bản điện tử", None, "", kind=_STANDING),
    ),
    _paper(
        18,
        "decision",
        280,
        "",
        _REFORM,
        "Bộ chỉ số cải cách hành chính cấp xã",
        Job("Tự chấm điểm chỉ số cải cách hành chính năm trước", -170, "Bảng tự chấm điểm"),
    ),
    _paper(
        25,
        "plan",
        270,
        "sokhcn",
        _DIGITAL,
        "Phong trào «Bình dân học vụ số»",
        Job("Tổ chức lớp hướng dẫn kỹ năng số cho người dân tại các thôn", -40, "Danh sách người học"),
    ),
    _paper(
        31,
        "official_letter",
        255,
        "sonnmt",
        _SAFETY,
        "Chuẩn bị phòng chống thiên tai trước mùa mưa",
        Job("Kiện toàn Ban Chỉ huy phòng thủ dân sự cấp xã", -140, "Quyết định"),
        Job("Rà soát điểm xung yếu, phương án sơ tán dân", -120, "Phương án được duyệt", starred=True),
    ),
    _paper(
        37,
        "conclusion",
        240,
        "",
        _MONEY,
        "Phiên họp thường kỳ về giải ngân vốn đầu tư công",
        Job("Báo cáo tiến độ giải ngân vốn đầu tư công quý I", -130, "Biểu số liệu"),
    ),
    _paper(
        44,
        "plan",
        230,
        "sogddt",
        _PEOPLE,
        "Tuyển sinh đầu cấp và phổ cập giáo dục",
        Job("Điều tra, cập nhật số liệu phổ cập giáo dục", -95, "Biểu số liệu"),
    ),
    _paper(
        52,
        "official_letter",
        215,
        "sonoivu",
        _REFORM,
        "Sắp xếp, bố trí cán bộ, công chức cấp xã",
        Job("Rà soát, hoàn thiện đề án vị trí việc làm", -85, "Đề án"),
        Job("Cập nhật hồ sơ cán bộ trên phần mềm dùng chung", -60, "Xác nhận trên phần mềm"),
    ),
    _paper(
        58,
        "directive",
        200,
        "",
        _LAND,
        "Tăng cường quản lý đất đai, trật tự xây dựng",
        Job("Thống kê trường hợp lấn chiếm đất công, kế hoạch xử lý", -75, "Danh sách, kế hoạch", starred=True),
    ),
    _paper(
        63,
        "plan",
        190,
        "sonnmt",
        _LAND,
        "Làm giàu, làm sạch cơ sở dữ liệu đất đai",
        Job("Thu thập giấy chứng nhận, đối chiếu chủ sử dụng đất", 35, "Biểu đối chiếu", starred=True),
    ),
    _paper(
        69,
        "official_letter",
        180,
        "sotaichinh",
        _MONEY,
        "Kiểm kê tài sản công sau sắp xếp",
        Job("Kiểm kê trụ sở dôi dư, đề xuất phương án sử dụng", -55, "Biểu kiểm kê"),
    ),
    _paper(
        74,
        "notice",
        170,
        "",
        _REFORM,
        "Kết luận giao ban Chủ tịch UBND tỉnh với các xã, phường",
        Job("Khắc phục tồn tại tại Trung tâm Phục vụ hành chính công", -48, "Báo cáo khắc phục"),
        Job("Niêm yết công khai thủ tục hành chính đã sửa đổi", -50, "Hình ảnh niêm yết"),
    ),
    _paper(
        81,
        "plan",
        160,
        "",
        _PEOPLE,
        "Chăm sóc người có công, kỷ niệm ngày 27/7",
        Job("Rà soát hồ sơ người có công còn tồn đọng", -90, "Danh sách hồ sơ"),
    ),
    _paper(
        86,
        "official_letter",
        150,
        "sokhcn",
        _DIGITAL,
        "Rà soát vùng lõm sóng di động",
        Job("Lập danh sách thôn lõm sóng, trắng sóng", -42, "Danh sách thôn", clusters=HALF),
    ),
    _paper(
        90,
        "decision",
        142,
        "",
        _FARM,
        "Chương trình mỗi xã một sản phẩm",
        Job("Lập hồ sơ sản phẩm OCOP đăng ký đánh giá đợt 2", -35, "Hồ sơ sản phẩm", clusters=HALF),
        Job("Quảng bá sản phẩm OCOP trên sàn thương mại điện tử", 60),
    ),
    _paper(
        97,
        "plan",
        135,
        "sonnmt",
        _FARM,
        "Xây dựng nông thôn mới nâng cao",
        Job("Đánh giá các tiêu chí nông thôn mới chưa đạt", -28, "Biểu đánh giá", clusters=HALF),
    ),
    _paper(
        103,
        "official_letter",
        126,
        "sotaichinh",
        _MONEY,
        "Xây dựng dự toán ngân sách năm sau",
        Job("Lập dự toán thu, chi ngân sách xã năm sau", -80, "Dự toán"),
    ),
    _paper(
        109,
        "directive",
        118,
        "",
        _SAFETY,
        "Ứng phó bão và mưa lũ sau bão",
        Job("Thống kê thiệt hại, đề nghị hỗ trợ sau bão", -70, "Biểu thiệt hại", clusters=HALF),
        Job("Trực ban phòng chống thiên tai 24/24 giờ", None, "", kind=_STANDING),
    ),
    _paper(
        114,
        "plan",
        110,
        "",
        _DIGITAL,
        "Cao điểm 90 ngày thúc đẩy dịch vụ công trực tuyến",
        Job("Hướng dẫn 100% hộ kinh doanh nộp hồ sơ trực tuyến", -20, starred=True),
    ),
    _paper(
        120,
        "official_letter",
        104,
        "sonoivu",
        _REFORM,
        "Đánh giá năng lực số của công chức",
        Job("Tổ chức cho công chức làm bài đánh giá năng lực số", -25, "Danh sách kết quả"),
    ),
    _paper(
        126,
        "plan",
        98,
        "sogddt",
        _PEOPLE,
        "Khai giảng năm học mới",
        Job("Kiểm tra an toàn trường học trước khai giảng", -65, "Biên bản kiểm tra"),
    ),
    _paper(
        131,
        "conclusion",
        92,
        "",
        _MONEY,
        "Tháo gỡ khó khăn giải phóng mặt bằng các dự án trọng điểm",
        Job("Hoàn thành kiểm đếm, công khai phương án bồi thường", -15, "Biên bản công khai", HALF, starred=True),
    ),
    _paper(
        137,
        "official_letter",
        84,
        "sokhcn",
        _DIGITAL,
        "Bảo đảm an toàn thông tin mạng cấp xã",
        Job("Lập hồ sơ cấp độ an toàn thông tin", -12, "Hồ sơ cấp độ"),
        Job("Phân công đầu mối an toàn thông tin mạng", -30, "Quyết định"),
    ),
    _paper(
        142,
        "plan",
        77,
        "",
        _PEOPLE,
        "Giảm nghèo bền vững và rà soát hộ nghèo cuối năm",
        Job("Rà soát hộ nghèo, hộ cận nghèo cuối năm", 6, "Danh sách hộ", starred=True),
    ),
    _paper(
        148,
        "official_letter",
        70,
        "sonnmt",
        _LAND,
        "Xử lý rác thải tồn lưu tại nông thôn",
        Job("Báo cáo điểm rác tồn lưu, cam kết thời gian xử lý", -9, "Danh sách điểm rác"),
    ),
    _paper(
        153,
        "notice",
        63,
        "",
        _REFORM,
        "Kết luận kiểm tra công vụ đột xuất",
        Job("Kiểm điểm trách nhiệm trong giải quyết hồ sơ trễ hạn", -6, "Biên bản kiểm điểm"),
    ),
    _paper(
        159,
        "plan",
        58,
        "",
        _DIGITAL,
        "Ngày hội chuyển đổi số cấp xã",
        Job("Tổ chức ngày hội chuyển đổi số tại xã", -18, "Báo cáo, hình ảnh", clusters=HALF),
    ),
    _paper(
        163,
        "official_letter",
        52,
        "sotaichinh",
        _MONEY,
        "Thu hồi tạm ứng ngân sách quá hạn",
        Job("Đối chiếu, thu hồi các khoản tạm ứng quá hạn", -3, "Biên bản đối chiếu"),
    ),
    _paper(
        168,
        "decision",
        47,
        "",
        _PEOPLE,
        "Chi trả an sinh xã hội không dùng tiền mặt",
        Job("Vận động đối tượng bảo trợ mở tài khoản nhận trợ cấp", 20),
        Job("Cập nhật tài khoản an sinh xã hội trên VNeID", 42),
    ),
    _paper(
        174,
        "official_letter",
        42,
        "sonoivu",
        _REFORM,
        "Báo cáo tổng kết thi đua khen thưởng",
        Job("Gửi báo cáo tổng kết thi đua, đề nghị khen thưởng", 2, "Báo cáo, tờ trình"),
    ),
    _paper(
        179,
        "plan",
        36,
        "sonnmt",
        _FARM,
        "Sản xuất vụ đông xuân",
        Job("Đăng ký diện tích, cơ cấu giống vụ đông xuân", -1, "Biểu đăng ký"),
        Job("Nạo vét kênh mương nội đồng trước vụ đông xuân", 28),
    ),
    _paper(
        184,
        "official_letter",
        31,
        "sogddt",
        _PEOPLE,
        "Xây dựng xã hội học tập",
        Job("Đánh giá cộng đồng học tập cấp xã", 12, "Biểu đánh giá"),
    ),
    _paper(
        188,
        "directive",
        27,
        "",
        _SAFETY,
        "Phòng cháy, chữa cháy mùa hanh khô",
        Job("Kiểm tra cơ sở có nguy cơ cháy nổ cao", 0, "Biên bản kiểm tra", starred=True),
    ),
    _paper(
        193,
        "plan",
        23,
        "",
        _DIGITAL,
        "Số hóa hồ sơ, tài liệu lưu trữ",
        Job("Lập kế hoạch số hóa tài liệu lưu trữ của các xã cũ", 9, "Kế hoạch"),
        Job("Số hóa hồ sơ hộ tịch, đất đai", 110),
    ),
    _paper(
        197,
        "official_letter",
        19,
        "sotaichinh",
        _MONEY,
        "Đẩy nhanh giải ngân cuối năm",
        Job("Cam kết tiến độ giải ngân từng dự án đến hết năm", 1, "Bản cam kết", starred=True),
    ),
    _paper(
        201,
        "official_letter",
        16,
        "sonoivu",
        _REFORM,
        "Khảo sát hài lòng của người dân",
        Job("Phát, thu phiếu khảo sát sự hài lòng", 17, "Phiếu khảo sát"),
    ),
    _paper(
        205,
        "conclusion",
        13,
        "",
        _LAND,
        "Xử lý đất công bị lấn chiếm",
        Job("Cưỡng chế, thu hồi các trường hợp đã có quyết định", 45),
        Job("Rà soát quy hoạch sử dụng đất cấp xã", 90, "Biểu rà soát"),
    ),
    _paper(
        209,
        "official_letter",
        10,
        "sokhcn",
        _DIGITAL,
        "Sử dụng trợ lý ảo trong công vụ",
        Job("Đăng ký công chức tham gia lớp sử dụng trợ lý ảo", 4, "Danh sách đăng ký"),
    ),
    _paper(
        212,
        "plan",
        8,
        "",
        _PEOPLE,
        "Chuẩn bị Tết Nguyên đán: an sinh và trật tự",
        Job("Lập danh sách hộ khó khăn cần hỗ trợ dịp Tết", 30, "Danh sách hộ", starred=True),
        Job("Báo cáo kế hoạch bảo đảm trật tự dịp Tết", 25, "Kế hoạch"),
    ),
    _paper(
        216,
        "official_letter",
        5,
        "",
        _REFORM,
        "Góp ý dự thảo quy chế làm việc mẫu",
        Job("Góp ý dự thảo quy chế làm việc mẫu của UBND xã", 5, "Văn bản góp ý"),
        Job("Xây dựng chương trình công tác năm sau", None, "Chương trình công tác", kind=Kind.UNDATED),
    ),
    _paper(
        219,
        "notice",
        3,
        "",
        _MONEY,
        "Giao ban các sở về chỉ tiêu kinh tế – xã hội",
        Job("Rà soát chỉ tiêu có nguy cơ không đạt, giải pháp", 7, "Báo cáo", OFFICES),
        Job("Đề xuất nhiệm vụ trọng tâm năm sau", 30, "Báo cáo", OFFICES),
    ),
    _paper(
        222,
        "official_letter",
        1,
        "",
        _DIGITAL,
        "Báo cáo tháng về thực hiện Nghị quyết 57-NQ/TW",
        Job("Báo cáo tình hình thực hiện Nghị quyết 57-NQ/TW trong tháng", 8, "Báo cáo tháng"),
    ),
)
# fmt: on
