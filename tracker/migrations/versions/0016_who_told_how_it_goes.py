"""Standings say when the unit last told how it goes, so that the rate of updates is counted like all others"""

from alembic import op
import sqlalchemy as sa

revision = '0016'
down_revision = '0015'
branch_labels = None
depends_on = None

HELD = (
    'task_id', 'unit_id', 'kind', 'upward', 'assigned_on', 'state', 'due_on', 'submitted_on', 'submitted_through',
    'completed_on', 'completed_due',
)
COUNTED = ['kind', 'state', 'due_on', 'submitted_through', 'completed_on', 'completed_due', 'assigned_on']


def upgrade() -> None:
    with op.batch_alter_table('standings') as standings:
        standings.drop_index('ix_standings_counts')
        standings.add_column(sa.Column('told_on', sa.Date(), nullable=True))
    with op.batch_alter_table('assignments') as assignments:
        assignments.drop_index('ix_assignments_counts')
        assignments.add_column(sa.Column('told_on', sa.Date(), nullable=True))
    _split_standings_at_each_progress()
    op.execute(f"UPDATE standings SET told_on = (SELECT max({_day()}) FROM progress p "
               f"WHERE p.assignment_id = standings.assignment_id AND {_day()} <= standings.from_on)")
    op.execute(f"UPDATE assignments SET told_on = (SELECT max({_day()}) FROM progress p "
               "WHERE p.assignment_id = assignments.id)")
    with op.batch_alter_table('standings') as standings:
        standings.create_index(
            'ix_standings_counts',
            ['unit_id', 'from_on', 'until_on', *COUNTED, 'told_on', 'upward', 'task_id', 'assignment_id'],
        )
    with op.batch_alter_table('assignments') as assignments:
        assignments.create_index('ix_assignments_counts', ['unit_id', *COUNTED, 'told_on', 'upward', 'task_id', 'id'])


def downgrade() -> None:
    with op.batch_alter_table('assignments') as assignments:
        assignments.drop_index('ix_assignments_counts')
        assignments.drop_column('told_on')
        assignments.create_index('ix_assignments_counts', ['unit_id', *COUNTED, 'upward', 'task_id', 'id'])
    with op.batch_alter_table('standings') as standings:
        standings.drop_index('ix_standings_counts')
        standings.drop_column('told_on')
        standings.create_index(
            'ix_standings_counts',
            ['unit_id', 'from_on', 'until_on', *COUNTED, 'upward', 'task_id', 'assignment_id'],
        )


def _split_standings_at_each_progress() -> None:
    """A day on which a unit told how it goes begins a standing of its own, as it does from now on."""
    held = ', '.join(f's.{name}' for name in HELD)
    op.execute(
        f"INSERT INTO standings (assignment_id, from_on, until_on, {', '.join(HELD)}) "
        f"SELECT DISTINCT s.assignment_id, {_day()}, s.until_on, {held} FROM standings s "
        f"JOIN progress p ON p.assignment_id = s.assignment_id "
        f"WHERE {_day()} > s.from_on AND {_day()} < s.until_on"
    )
    op.execute(
        "UPDATE standings SET until_on = coalesce((SELECT min(n.from_on) FROM standings n "
        "WHERE n.assignment_id = standings.assignment_id AND n.from_on > standings.from_on), until_on)"
    )


def _day() -> str:
    """The day of a progress report in house time; moments are stored in UTC."""
    if op.get_bind().dialect.name == 'postgresql':
        return "CAST(p.at AT TIME ZONE 'Asia/Ho_Chi_Minh' AS date)"
    return "date(p.at, '+7 hours')"
