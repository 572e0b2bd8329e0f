"""Closed periods: figures frozen with the list behind them"""

from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

import tracker.db

revision = '0015'
down_revision = '0014'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'snapshots',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('number', sa.String(length=30), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('unit_id', sa.Integer(), nullable=False),
        sa.Column('directive_id', sa.Integer(), nullable=True),
        sa.Column('period_code', sa.String(length=40), nullable=False),
        sa.Column('period_name', sa.String(length=120), nullable=False),
        sa.Column('start_on', sa.Date(), nullable=False),
        sa.Column('cutoff_on', sa.Date(), nullable=False),
        sa.Column('closed_at', tracker.db.Moment(timezone=True), nullable=False),
        sa.Column('closed_by_id', sa.Integer(), nullable=True),
        sa.Column('closed_by_name', sa.String(length=200), nullable=False),
        sa.Column('rules_version', sa.String(length=20), nullable=False),
        sa.Column('reason', sa.Text(), nullable=False),
        sa.Column('figures', sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), 'postgresql'),
                  nullable=False),
        sa.Column('fingerprint', sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(['unit_id'], ['units.id'], name='fk_snapshots_unit_id_units'),
        sa.ForeignKeyConstraint(['directive_id'], ['directives.id'], name='fk_snapshots_directive_id_directives'),
        sa.ForeignKeyConstraint(['closed_by_id'], ['people.id'], name='fk_snapshots_closed_by_id_people'),
        sa.PrimaryKeyConstraint('id', name='pk_snapshots'),
        sa.UniqueConstraint('number', 'version', name='uq_snapshots_version'),
    )
    op.create_index('ix_snapshots_scope', 'snapshots', ['unit_id', 'cutoff_on'])
    op.create_table(
        'snapshot_rows',
        sa.Column('snapshot_id', sa.Integer(), nullable=False),
        sa.Column('assignment_id', sa.Integer(), autoincrement=False, nullable=False),
        sa.Column('unit_id', sa.Integer(), nullable=False),
        sa.Column('unit_name', sa.String(length=200), nullable=False),
        sa.Column('content', sa.Text(), nullable=False),
        sa.Column('doc_symbol', sa.String(length=80), nullable=False),
        sa.Column('part', sa.String(length=12), nullable=False),
        sa.Column('kind', sa.String(length=12), nullable=False),
        sa.Column('state', sa.String(length=12), nullable=False),
        sa.Column('box', sa.String(length=20), nullable=True),
        sa.Column('due_on', sa.Date(), nullable=True),
        sa.Column('completed_on', sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(['snapshot_id'], ['snapshots.id'], name='fk_snapshot_rows_snapshot_id_snapshots',
                                ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('snapshot_id', 'assignment_id', name='pk_snapshot_rows'),
    )


def downgrade() -> None:
    op.drop_table('snapshot_rows')
    op.drop_index('ix_snapshots_scope', table_name='snapshots')
    op.drop_table('snapshots')
