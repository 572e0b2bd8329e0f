"""Reports of the fictional province: last month closed, its report before the leader, a commune's begun."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa

from tracker.accounts.acting import User
from tracker.accounts.models import Person, Post
from tracker.accounts.queries import acting
from tracker.db import db
from tracker.demo.fates import moment
from tracker.reports.closing import close
from tracker.reports.documents.commune import Words
from tracker.reports.documents.outlines import DEFAULT
from tracker.reports.drafting.actions import FORMALITIES, begin, put_up, save
from tracker.reports.drafting.queries import orders
from tracker.reports.queries import Scope
from tracker.rules.deadlines import Policy
from tracker.rules.periods import period
from tracker.units.models import Unit

CONSOLIDATED = "tong-hop-day-du"
OF_THE_PROVINCE = {
    "chi-dao": Words(
        "Ủy ban nhân dân tỉnh đã ban hành các kế hoạch giao nhiệm vụ cho các đơn vị, địa phương; tổ chức giao ban "
        "hằng tuần, kết luận từng nội dung chậm tiến độ."
    ),
    "don-vi": Words("Phần lớn đơn vị cập nhật kết quả ngay khi hoàn thành; một số xã còn cập nhật chậm."),
    "danh-gia": Words("Các nhiệm vụ được triển khai đúng trọng tâm; việc phối hợp giữa các đơn vị có chỗ còn chậm."),
    "trong-tam": Words("Hoàn thành dứt điểm nhiệm vụ quá hạn.\nRà soát nhiệm vụ đến hạn trong tháng tới."),
}
OF_THE_COMMUNE = {"ket-qua": Words("Đã tổ chức ra quân hỗ trợ người dân nộp hồ sơ trực tuyến tại các tổ dân phố.")}


def tell_reports(policy: Policy, now: datetime) -> None:
    """Close last month on the first of this one, and begin both reports; within the open transaction."""
    issuer, monitor, officer = (_person(name) for name in ("giaoviec", "theodoi", "canbo.xa"))
    first = now.date().replace(day=1)
    last_month = period(f"month:{first - timedelta(days=1):%Y-%m}")
    province = db.session.get_one(Unit, issuer.unit_id)
    closed = close(Scope(province, period=last_month), by=monitor, now=moment(first, 8), policy=policy)
    report = begin(province, CONSOLIDATED, last_month.cutoff, closed=closed, by=issuer, now=now)
    save(report, OF_THE_PROVINCE, _formal(kept_by="TH"), by=issuer, now=now)
    put_up(report, by=issuer, now=now)
    commune = db.session.get_one(Unit, officer.unit_id)
    ordered = next(iter(orders(officer)), None)
    own = begin(commune, DEFAULT, now.date(), ordered=ordered, by=officer, now=now)
    save(own, OF_THE_COMMUNE, _formal(kept_by="VHXH"), by=officer, now=now)


def _person(username: str) -> User:
    post = sa.select(Post).join(Person, Person.id == Post.person_id).where(Person.username == username)
    return acting(db.session.scalars(post).one())


def _formal(**more: str) -> dict[str, str]:
    return dict.fromkeys(FORMALITIES, "") | {"signing": "tm"} | more
