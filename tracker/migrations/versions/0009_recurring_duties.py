"""Recurring duties: the series of a unit, from which occurrences are made ahead of time"""

from alembic import op
import sqlalchemy as sa

revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'series',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('task_id', sa.Integer(), nullable=False),
        sa.Column('unit_id', sa.Integer(), nullable=False),
        sa.Column('fan_out_id', sa.Integer(), nullable=True),
        sa.Column('begins_on', sa.Date(), nullable=False),
        sa.Column('made_through', sa.Date(), nullable=False),
        sa.Column('ended_on', sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(['fan_out_id'], ['fan_outs.id'], name=op.f('fk_series_fan_out_id_fan_outs')),
        sa.ForeignKeyConstraint(['task_id'], ['tasks.id'], name=op.f('fk_series_task_id_tasks')),
        sa.ForeignKeyConstraint(['unit_id'], ['units.id'], name=op.f('fk_series_unit_id_units')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_series')),
        sa.UniqueConstraint('task_id', 'unit_id', name='uq_series_once'),
    )
    with op.batch_alter_table('series') as series:
        series.create_index(op.f('ix_series_unit_id'), ['unit_id'])
        series.create_index(op.f('ix_series_fan_out_id'), ['fan_out_id'])


def downgrade() -> None:
    op.drop_table('series')
