"""The directory of a province is made of what the database knows on a day."""

from __future__ import annotations

from datetime import date

import pytest
from builders import a_commune, a_province
from flask import Flask

from tracker.db import atomic, db
from tracker.units.matching import directory
from tracker.units.models import Succession

pytestmark = pytest.mark.usefixtures("database")


def test_a_province_knows_its_own_communes_and_their_old_names(app: Flask) -> None:
    province, other = a_province(), a_province("P2", "Tỉnh Khác")
    commune, elsewhere = a_commune(province), a_commune(other, "C2", "Xã Nơi Khác")
    with atomic():
        db.session.add(Succession(old_name="Xã Cũ", successor_id=commune.id, on=date(2025, 7, 1)))
        db.session.add(Succession(old_name="Xã Cũ", successor_id=elsewhere.id, on=date(2025, 7, 1)))
    here = directory(province.path, date(2026, 6, 1))
    assert here.find("UBND xã An Bình").units == (commune.id,)
    assert here.find("xã Cũ").units == (commune.id,)
    assert here.find("xã Nơi Khác").units == ()
    assert here.find("UBND các xã, phường").units == (commune.id,)


def test_a_unit_that_ended_is_found_by_its_successor_only(app: Flask) -> None:
    province = a_province()
    old, new = a_commune(province), a_commune(province, "C2", "Xã Bình Mới")
    with atomic():
        old.valid_until = date(2025, 6, 30)
        db.session.add(Succession(old_name=old.name, old_id=old.id, successor_id=new.id, on=date(2025, 7, 1)))
    assert directory(province.path, date(2026, 6, 1)).find("xã An Bình").units == (new.id,)
