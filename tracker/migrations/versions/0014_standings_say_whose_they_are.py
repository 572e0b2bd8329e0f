"""Standings say whose they are, so that a past day is counted without a join; one index covers each count"""

from alembic import op
import sqlalchemy as sa

revision = '0014'
down_revision = '0013'
branch_labels = None
depends_on = None

OF_THE_ASSIGNMENT = ('task_id', 'unit_id', 'kind', 'upward', 'assigned_on')


def upgrade() -> None:
    with op.batch_alter_table('standings') as standings:
        standings.drop_index('ix_standings_days')
        standings.add_column(sa.Column('task_id', sa.Integer(), nullable=True))
        standings.add_column(sa.Column('unit_id', sa.Integer(), nullable=True))
        standings.add_column(sa.Column('kind', sa.String(length=12), nullable=True))
        standings.add_column(sa.Column('upward', sa.Boolean(), nullable=True))
        standings.add_column(sa.Column('assigned_on', sa.Date(), nullable=True))
    for name in OF_THE_ASSIGNMENT:
        op.execute(
            f"UPDATE standings SET {name} = "
            f"(SELECT a.{name} FROM assignments a WHERE a.id = standings.assignment_id)"
        )
    with op.batch_alter_table('standings') as standings:
        standings.alter_column('task_id', existing_type=sa.Integer(), nullable=False)
        standings.alter_column('unit_id', existing_type=sa.Integer(), nullable=False)
        standings.alter_column('kind', existing_type=sa.String(length=12), nullable=False)
        standings.alter_column('upward', existing_type=sa.Boolean(), nullable=False)
        standings.alter_column('assigned_on', existing_type=sa.Date(), nullable=False)
        standings.create_foreign_key('fk_standings_task_id_tasks', 'tasks', ['task_id'], ['id'])
        standings.create_foreign_key('fk_standings_unit_id_units', 'units', ['unit_id'], ['id'])
        standings.create_index(
            'ix_standings_counts',
            ['unit_id', 'from_on', 'until_on', 'kind', 'state', 'due_on', 'submitted_through', 'completed_on',
             'completed_due', 'assigned_on', 'upward', 'task_id', 'assignment_id'],
        )
    with op.batch_alter_table('assignments') as assignments:
        assignments.create_index(
            'ix_assignments_counts',
            ['unit_id', 'kind', 'state', 'due_on', 'submitted_through', 'completed_on', 'completed_due',
             'assigned_on', 'upward', 'task_id', 'id'],
        )


def downgrade() -> None:
    with op.batch_alter_table('assignments') as assignments:
        assignments.drop_index('ix_assignments_counts')
    with op.batch_alter_table('standings') as standings:
        standings.drop_index('ix_standings_counts')
        standings.drop_constraint('fk_standings_task_id_tasks', type_='foreignkey')
        standings.drop_constraint('fk_standings_unit_id_units', type_='foreignkey')
        for name in OF_THE_ASSIGNMENT:
            standings.drop_column(name)
        standings.create_index('ix_standings_days', ['from_on', 'until_on'], unique=False)
