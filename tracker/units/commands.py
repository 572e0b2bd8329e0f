"""Units from the terminal."""

from __future__ import annotations

import json

import click

from tracker.units.queries import below, by_code


@click.group("units")
def commands() -> None:
    """Đơn vị hành chính."""


@commands.command("list")
@click.option("--under", "under", default="", help="Mã của đơn vị cấp trên.")
@click.option("--name", "name", default="", help="Một phần của tên, có dấu hoặc không.")
@click.option("--json", "as_json", is_flag=True, help="In JSON.")
def list_units(under: str, name: str, as_json: bool) -> None:
    """Liệt kê đơn vị."""
    units = below(by_code(under).path if under else "/", name=name)
    codes = {unit.id: unit.code for unit in units}
    if as_json:
        rows = [
            {
                "code": unit.code,
                "name": unit.name,
                "kind": unit.kind,
                "parent": codes.get(unit.parent_id or 0) or (unit.parent.code if unit.parent else None),
            }
            for unit in units
        ]
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    for unit in units:
        click.echo(f"{unit.code}\t{unit.name}")
