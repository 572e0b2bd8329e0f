"""Five real reports on Resolution 57-NQ/TW told again as directives, tasks, evidence and targets.

Numbers, dates, contents and results of papers are those of the reports. Where a report is silent on a deadline,
the one here is an illustration and says so; people are invented. Work that a report calls unfinished stays open.
"""

from __future__ import annotations

from datetime import date

from tracker.demo.telling import Document, Story, Work
from tracker.directives.models import Directive
from tracker.rules.deadlines import Policy
from tracker.rules.lifecycle import Kind

_YEAR_END = date(2026, 12, 31)


def tell_real_reports(policy: Policy) -> None:
    """Tell all five; each ends where its report does."""
    _vinh_thong(policy)
    _an_truong(policy)
    _vinh_bao(policy)
    _vinh_thuy(policy)
    _quoi_dien(policy)


def _vinh_thong(policy: Policy) -> None:
    """Ten tasks by 17/5/2026: four done on time, six in term.

    The report names four done and four running ones; the last two running ones are those of its chapters on the
    popular digital literacy movement and on farming. The scheme is cited without a date and stands on the first
    day of the reporting period. The letter of 17/5 orders the report itself and so is no part of the ten.
    """
    story = Story(("19", "thainguyen"), ("01981", "vinhthong"), date(2026, 1, 2), policy)
    scheme = story.paper(
        "programme",
        "22-ĐA/TU",
        date(2026, 1, 2),
        "Đề án và các kế hoạch của tỉnh thực hiện Nghị quyết số 57-NQ/TW (báo cáo không nêu ngày; ghi đầu kỳ)",
        "Tỉnh ủy, UBND tỉnh Thái Nguyên",
    )
    end_of_april, half_year = date(2026, 4, 30), "6 tháng cuối năm 2026"
    works = story.give(
        scheme,
        date(2026, 1, 5),
        [
            Work("Nâng cao hiệu quả xử lý công việc trên môi trường điện tử", end_of_april),
            Work("Phát triển các mô hình chuyển đổi số cộng đồng", end_of_april),
            Work("Thúc đẩy thanh toán không dùng tiền mặt: mô hình «Chợ 4.0»", end_of_april),
            Work("Hỗ trợ quảng bá sản phẩm OCOP trên môi trường số", end_of_april),
            Work("Số hóa di tích", _YEAR_END),
            Work("Xây dựng bản đồ số di tích", _YEAR_END),
            Work("Kiểm tra qua môi trường số", _YEAR_END),
            Work("Triển khai mạng 5G", _YEAR_END),
            Work("Tuyên truyền, hướng dẫn người dân tham gia «Bình dân học vụ số»", _YEAR_END, half_year),
            Work("Ứng dụng hệ thống tưới tiết kiệm thông minh trong sản xuất nông nghiệp", _YEAR_END, "Năm 2026"),
        ],
    )
    results = (
        (date(2026, 3, 20), "100% văn bản điện tử được gửi, nhận có ký số; 404/404 hồ sơ trực tuyến."),
        (date(2026, 4, 10), "Duy trì Tổ công nghệ số cộng đồng; tổ chức 01 hội nghị tuyên truyền, hướng dẫn."),
        (date(2026, 4, 22), "Triển khai mô hình «Chợ 4.0 - Chợ thanh toán không dùng tiền mặt»."),
        (date(2026, 4, 24), "02 sản phẩm OCOP được hỗ trợ quảng bá trên website và các nền tảng số."),
    )
    for work, (on, text) in zip(works, results, strict=False):
        story.done(work, on, text, Document("report", "Báo cáo chuyên đề (minh họa)", on, text))
    running = (
        ("Đang rà soát, lập danh mục di tích cần số hóa.", "finance"),
        ("Đang thu thập dữ liệu để xây dựng bản đồ số.", ""),
        ("Thực hiện kiểm tra trên các hệ thống dùng chung; hệ thống đôi lúc chậm, lỗi kết nối.", "infrastructure"),
        ("4G phủ 95%; còn 05 thôn lõm sóng, 01 thôn trắng sóng.", "infrastructure"),
        ("Kỹ năng số của một bộ phận người dân, nhất là người cao tuổi còn hạn chế.", "staff"),
        ("Đang nghiên cứu ứng dụng mô hình tại xã.", ""),
    )
    for work, (text, cause) in zip(works[4:], running, strict=True):
        story.going(work, date(2026, 5, 15), text, cause)
    letter = story.paper(
        "official_letter",
        "5426/UBND-KGVX",
        date(2026, 5, 17),
        "Về việc báo cáo tình hình triển khai thực hiện Nghị quyết số 57-NQ/TW 5 tháng đầu năm 2026; nhiệm vụ, "
        "giải pháp trọng tâm tháng 6 và 6 tháng cuối năm 2026",
        "UBND tỉnh Thái Nguyên",
    )
    content = "Báo cáo tình hình triển khai thực hiện Nghị quyết số 57-NQ/TW 5 tháng đầu năm 2026"
    (report,) = story.give(letter, date(2026, 5, 18), [Work(content, kind=Kind.UNDATED, deliverable="Báo cáo")])
    on = date(2026, 5, 29)
    story.done(
        report, on, "Đã gửi Sở Khoa học và Công nghệ.", Document("report", "…/BC-UBND (tháng 5/2026)", on, content)
    )


def _an_truong(policy: Policy) -> None:
    """Ten targets, nine met; eight scheduled tasks, seven done; twelve standing ones, by 9/6/2026."""
    story = Story(("31", "haiphong"), ("11635", "antruong"), date(2026, 1, 2), policy)
    steering = "Ban Chỉ đạo phát triển khoa học, công nghệ, đổi mới sáng tạo và chuyển đổi số thành phố"
    programme = story.paper(
        "programme",
        "01-CTr/BCĐ",
        date(2026, 1, 9),
        "Chương trình công tác năm 2026 của Ban Chỉ đạo phát triển khoa học, công nghệ, đổi mới sáng tạo và chuyển "
        "đổi số thành phố",
        steering,
    )
    march = date(2026, 3, 31)
    first = story.give(
        programme,
        date(2026, 1, 12),
        [
            Work("Ban hành Kế hoạch Chuyển đổi số của xã năm 2026", date(2026, 1, 31)),
            Work("Tuyên truyền Nghị quyết số 57-NQ/TW trên địa bàn xã năm 2026", march),
            Work("Ban hành kế hoạch triển khai Chương trình công tác số 01-CTr/BCĐ", march),
            Work("Ban hành kế hoạch thực hiện Nghị quyết số 57-NQ/TW năm 2026", march),
            Work("Ban hành kế hoạch hoạt động năm 2026 của Ban Chỉ đạo xã", march),
            *(Work(content, kind=Kind.STANDING) for content in _STANDING_OF_AN_TRUONG),
        ],
    )
    papers = (
        Document("plan", "23/KH-UBND", date(2026, 1, 28), "Chuyển đổi số xã An Trường năm 2026"),
        Document("plan", "58/KH-UBND", date(2026, 3, 9), "Tuyên truyền Nghị quyết số 57-NQ/TW năm 2026"),
        Document("plan", "67/KH-UBND", date(2026, 3, 26), "Triển khai Chương trình công tác số 01-CTr/BCĐ"),
        Document("plan", "68/KH-UBND", date(2026, 3, 27), "Thực hiện Nghị quyết số 57-NQ/TW năm 2026"),
        Document("decision", "02/QĐ-BCĐ", date(2026, 3, 27), "Kế hoạch hoạt động năm 2026 của Ban Chỉ đạo xã"),
    )
    for work, paper in zip(first, papers, strict=False):
        story.done(work, paper.doc_on, f"Đã ban hành {paper.doc_symbol}.", paper)
    for work in first[5:]:
        story.going(work, date(2026, 6, 5), "Duy trì thường xuyên, đúng quy định.")
    notice = story.paper(
        "notice",
        "01-TB/BCĐ",
        date(2026, 3, 23),
        "Điều chỉnh, bổ sung chỉ tiêu, nhiệm vụ phát triển khoa học, công nghệ, đổi mới sáng tạo và chuyển đổi số "
        "năm 2026",
        steering,
    )
    groups, members, safety = story.give(
        notice,
        date(2026, 3, 24),
        [
            Work("Ban hành kế hoạch hoạt động của Tổ công nghệ số cộng đồng năm 2026", date(2026, 4, 30)),
            Work("Hoàn thành đồng bộ dữ liệu đảng viên trên phần mềm quản lý đảng viên 4.0", date(2026, 5, 31)),
            Work("Lập hồ sơ cấp độ an toàn thông tin cho hệ thống thông tin của UBND xã", _YEAR_END),
        ],
    )
    plan = Document("plan", "72/KH-UBND", date(2026, 4, 1), "Hoạt động của Tổ công nghệ số cộng đồng năm 2026")
    story.done(groups, plan.doc_on, "Đã ban hành 72/KH-UBND.", plan)
    synced = Document("report", "Biên bản đối soát (minh họa)", date(2026, 5, 20), "Đồng bộ đạt tỷ lệ 100%")
    story.done(members, synced.doc_on, "Đã đồng bộ dữ liệu đảng viên, đạt tỷ lệ 100%.", synced)
    story.going(safety, date(2026, 6, 5), "Đang phối hợp VNPT Hải Phòng lập hồ sơ cấp độ, phương án ứng cứu sự cố.")
    _targets_of_an_truong(story, notice)
    story.paper(
        "official_letter",
        "4720/VP-VX",
        date(2026, 4, 29),
        "Triển khai nhiệm vụ về phát triển khoa học, công nghệ, đổi mới sáng tạo, chuyển đổi số và Đề án 06",
        "Văn phòng UBND thành phố Hải Phòng",
    )


_STANDING_OF_AN_TRUONG = (
    "Duy trì đường truyền phục vụ Văn phòng điện tử, hội nghị truyền hình",
    "Duy trì hạ tầng phòng họp trực tuyến và phòng họp số",
    "Vận hành thông suốt các hệ thống thông tin dùng chung và chuyên ngành",
    "Xử lý văn bản, ký số trên môi trường điện tử",
    "Lập lịch công tác, báo cáo trực tuyến trên các hệ thống báo cáo",
    "Số hóa hồ sơ, kết quả giải quyết thủ tục hành chính",
    "Rà soát, chuẩn hóa, đồng bộ dữ liệu trên các hệ thống dùng chung",
    "Cấp căn cước cho trẻ, kích hoạt định danh mức độ 2, tích hợp tiện ích trên VNeID",
    "Tổ công nghệ số cộng đồng hướng dẫn người dân sử dụng dịch vụ công trực tuyến",
    "Đẩy mạnh thanh toán không dùng tiền mặt",
    "Tuyên truyền qua nhóm Zalo, kênh thông tin số của thôn",
    "Bảo đảm an toàn thông tin, quản lý tài khoản, sao lưu dữ liệu",
)


def _targets_of_an_truong(story: Story, notice: Directive) -> None:
    set_on, may, june = date(2026, 3, 24), date(2026, 5, 31), date(2026, 6, 9)
    of_hundred = (
        ("Thủ tục hành chính được đưa ra thực hiện tại Trung tâm Phục vụ hành chính công xã", may),
        ("Hồ sơ được cập nhật, xử lý trên Hệ thống thông tin giải quyết thủ tục hành chính", may),
        ("Hồ sơ được đồng bộ đầy đủ trên Cổng Dịch vụ công quốc gia", may),
        ("Cấp kết quả giải quyết thủ tục hành chính điện tử", may),
        ("Cán bộ, công chức, viên chức được cấp và quản lý tài khoản trên các hệ thống điều hành", june),
        ("Dữ liệu đảng viên được đồng bộ trên phần mềm quản lý đảng viên 4.0", june),
        ("Trường học thu các khoản không dùng tiền mặt", june),
        ("Người có công, đối tượng bảo trợ xã hội được chi trả qua tài khoản (2.799 người)", june),
    )
    for content, on in of_hundred:
        story.target(notice, set_on, content, goal="100", read_on=on, value="100")
    codes, health = (
        "Hộ kinh doanh dùng mã QR, chuyển khoản trong giao dịch (khoảng trên 80%)",
        "Người dân tích hợp Sổ sức khỏe điện tử trên VNeID (45% đến ngày 21/4/2026)",
    )
    story.target(notice, set_on, codes, read_on=june, met=True)
    story.target(notice, set_on, health, read_on=date(2026, 4, 21), value="45")


def _vinh_bao(policy: Policy) -> None:
    """A report with tasks but no count: the city's plan, and what the commune issued for it."""
    story = Story(("31", "haiphong"), ("11824", "vinhbao"), date(2026, 1, 2), policy)
    plan = story.paper(
        "plan",
        "49/KH-UBND",
        date(2026, 2, 12),
        "Thực hiện Nghị quyết số 57-NQ/TW ngày 22/12/2024 của Bộ Chính trị về đột phá phát triển khoa học, "
        "công nghệ, đổi mới sáng tạo và chuyển đổi số quốc gia năm 2026",
        "UBND thành phố Hải Phòng",
    )
    half = date(2026, 6, 30)
    works = story.give(
        plan,
        date(2026, 2, 13),
        [
            Work("Ban hành kế hoạch thực hiện Nghị quyết số 11/NQ-CP và Kế hoạch hành động số 12-KH/TU", half),
            Work("Tuyên truyền Nghị quyết số 57-NQ/TW trên địa bàn xã năm 2026", half),
            Work("Điều chỉnh, bổ sung chỉ tiêu, nhiệm vụ của xã năm 2026", half),
            Work("Kiện toàn Ban Chỉ đạo về phát triển khoa học, công nghệ, đổi mới sáng tạo, chuyển đổi số", half),
            Work("Kiện toàn Tổ công nghệ số cộng đồng tại các thôn", half),
            Work("Xây dựng hồ sơ đề xuất cấp độ an toàn thông tin cho hệ thống mạng của UBND xã", _YEAR_END),
            Work("Số hóa tài liệu lưu trữ của 04 xã cũ", _YEAR_END),
            Work("Cử cán bộ, công chức tham gia các lớp tập huấn về chuyển đổi số", kind=Kind.STANDING),
        ],
    )
    papers = (
        Document("plan", "65/KH-UBND", date(2026, 2, 13), "Thực hiện Nghị quyết số 11/NQ-CP ngày 14/01/2026"),
        Document("plan", "85/KH-UBND", date(2026, 3, 12), "Tuyên truyền Nghị quyết số 57-NQ/TW năm 2026"),
        Document("notice", "304/TB-BCĐ", date(2026, 3, 27), "Điều chỉnh, bổ sung chỉ tiêu, nhiệm vụ năm 2026"),
        Document("decision", "995/QĐ-UBND", date(2026, 5, 13), "Kiện toàn Ban Chỉ đạo"),
        Document("decision", "1000/QĐ-UBND", date(2026, 5, 14), "Kiện toàn Tổ công nghệ số cộng đồng"),
    )
    for work, paper in zip(works, papers, strict=False):
        story.done(work, max(paper.doc_on, date(2026, 2, 16)), f"Đã ban hành {paper.doc_symbol}.", paper)
    safety, archive, courses = works[5:]
    story.going(safety, date(2026, 6, 8), "Đang xây dựng hồ sơ, dự kiến hoàn thành trong tháng 6/2026.")
    story.going(
        archive, date(2026, 6, 8), "Khối lượng hồ sơ rất lớn, nhân lực và kinh phí chỉnh lý hạn chế.", "finance"
    )
    story.going(courses, date(2026, 6, 8), "Tham gia đầy đủ các lớp tập huấn, bồi dưỡng.")


def _vinh_thuy(policy: Policy) -> None:
    """A monthly report made because a department urged it; targets worded without number and date."""
    story = Story(("44", "quangtri"), ("19405", "vinhthuy"), date(2026, 4, 1), policy)
    department = story.office("44-so-khcn", "Sở Khoa học và Công nghệ tỉnh Quảng Trị")
    letter = story.paper(
        "official_letter",
        "1266/SKHCN-CDS",
        date(2026, 4, 17),
        "Đôn đốc báo cáo định kỳ tình hình triển khai thực hiện Nghị quyết số 57-NQ/TW",
        department.name,
        issuer=department,
    )
    content = "Báo cáo tình hình triển khai thực hiện Nghị quyết số 57-NQ/TW tháng 5/2026"
    end_of_may = date(2026, 5, 31)
    (report,) = story.give(letter, date(2026, 4, 20), [Work(content, end_of_may, deliverable="Báo cáo tháng")])
    on = date(2026, 5, 28)
    story.done(
        report, on, "Đã gửi Sở Khoa học và Công nghệ.", Document("report", "…/BC-UBND (tháng 5/2026)", on, content)
    )
    resolution = story.paper(
        "resolution",
        "05-NQ/TU",
        date(2026, 4, 3),
        "Đột phá chuyển đổi số gắn với cải cách hành chính giai đoạn 2026–2030",
        "Ban Chấp hành Đảng bộ tỉnh Quảng Trị",
    )
    works = story.give(
        resolution,
        date(2026, 4, 6),
        [
            Work("Xây dựng dự thảo Nghị quyết thực hiện Nghị quyết số 05-NQ/TU", end_of_may),
            Work("Đăng ký danh sách lớp bồi dưỡng, tập huấn kỹ năng số năm 2026", end_of_may),
            Work("Ban hành kế hoạch thực hiện các chỉ tiêu tại Nghị quyết số 57-NQ/TW năm 2026", end_of_may),
            Work("Kiện toàn Ban Chỉ đạo và thành lập các tổ thực hiện Đề án 06 tại các thôn", end_of_may),
            Work("Phân công công chức phụ trách, đầu mối an toàn thông tin mạng", end_of_may),
            Work("Rà soát, nâng cấp trang thiết bị phục vụ chuyển đổi số", _YEAR_END),
        ],
    )
    papers = (
        Document("official_letter", "964/UBND-VHXH", date(2026, 4, 28), "Xây dựng dự thảo Nghị quyết"),
        Document("official_letter", "974/UBND-VHXH", date(2026, 4, 29), "Danh sách lớp tập huấn kỹ năng số"),
        Document("plan", "1017/KH-UBND", date(2026, 5, 4), "Thực hiện các chỉ tiêu tại Nghị quyết số 57-NQ/TW"),
        Document("decision", "445/QĐ-UBND", date(2026, 5, 7), "Kiện toàn Ban Chỉ đạo"),
        Document("official_letter", "1053/UBND-VHXH", date(2026, 5, 8), "Đầu mối an toàn thông tin mạng"),
    )
    for work, paper in zip(works, papers, strict=False):
        story.done(work, paper.doc_on, f"Đã ban hành {paper.doc_symbol}.", paper)
    story.going(
        works[5], date(2026, 5, 27), "Thiết bị chưa đồng bộ, chưa đạt cấu hình khuyến nghị.", "infrastructure"
    )
    for wish in (
        "Nâng cao tỷ lệ người dân từ 14 tuổi trở lên có định danh điện tử mức 2",
        "Nâng cao tỷ lệ chi trả an sinh xã hội qua tài khoản",
        "Nâng cao tỷ lệ hoàn thành đối chiếu, xác minh thông tin chủ sử dụng đất",
    ):
        story.target(resolution, date(2026, 5, 4), wish)


def _quoi_dien(policy: Policy) -> None:
    """Work set by a department and by the commune's own council, in 2025."""
    story = Story(("86", "vinhlong"), ("29191", "quoidien"), date(2025, 7, 1), policy)
    department = story.office("86-so-khcn", "Sở Khoa học và Công nghệ tỉnh Vĩnh Long")
    letter = story.paper(
        "official_letter",
        "243/SKHCN-KHCN",
        date(2025, 7, 23),
        "Phối hợp thực hiện các nhiệm vụ cụ thể hóa Nghị quyết số 57-NQ/TW",
        department.name,
        issuer=department,
    )
    committee, groups = story.give(
        letter,
        date(2025, 7, 24),
        [
            Work("Thành lập Ban Chỉ đạo về khoa học, công nghệ, đổi mới sáng tạo, chuyển đổi số", date(2025, 9, 30)),
            Work("Thành lập, tập huấn Tổ công nghệ số cộng đồng", date(2025, 12, 31)),
        ],
    )
    founded = Document("decision", "Quyết định thành lập (minh họa)", date(2025, 8, 15), "Thành lập Ban Chỉ đạo xã")
    story.done(committee, founded.doc_on, "Đã thành lập Ban Chỉ đạo do Chủ tịch UBND xã làm Trưởng ban.", founded)
    formed = Document("decision", "Quyết định thành lập (minh họa)", date(2025, 11, 14), "Tổ công nghệ số cộng đồng")
    story.done(groups, formed.doc_on, "Đã thành lập Tổ công nghệ số cộng đồng.", formed)
    plan = story.paper(
        "plan",
        "01-KH/BCĐ",
        date(2025, 9, 22),
        "Triển khai thực hiện Nghị quyết số 57-NQ/TW",
        "Ban Chỉ đạo 57 Tỉnh ủy Vĩnh Long",
    )
    (guide,) = story.give(
        plan, date(2025, 9, 23), [Work("Ban hành văn bản triển khai Kế hoạch tại địa phương", date(2025, 12, 31))]
    )
    issued = Document("plan", "Kế hoạch triển khai (minh họa)", date(2025, 10, 20), "Triển khai tại xã Quới Điền")
    story.done(guide, issued.doc_on, "Đã xây dựng và ban hành văn bản hướng dẫn triển khai.", issued)
    council = story.office("29191-hdnd", "Hội đồng nhân dân xã Quới Điền", story.commune, "council")
    clerk = story.clerk(council, "hdnd.quoidien")
    order = story.paper(
        "notice",
        "84/TB-HĐND",
        date(2025, 10, 24),
        "Nội dung chương trình, thời gian và phân công chuẩn bị kỳ họp thứ 3 (kỳ họp thường lệ cuối năm 2025)",
        council.name,
        issuer=council,
    )
    content = "Báo cáo kết quả thực hiện Nghị quyết số 57-NQ/TW tại kỳ họp"
    (report,) = story.give(order, date(2025, 10, 27), [Work(content, date(2025, 11, 28))], by=clerk)
    on = date(2025, 11, 21)
    sent = Document("report", "…/BC-UBND (năm 2025)", on, content)
    story.done(report, on, "Đã gửi Hội đồng nhân dân xã.", sent, confirmer=clerk)
