"""Proposals of communes, and the work of others that comes of them, counted apart"""

from alembic import op
import sqlalchemy as sa
import tracker.db

revision = '0012'
down_revision = '0011'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('assignments') as assignments:
        assignments.add_column(sa.Column('upward', sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table('assignments') as assignments:
        assignments.alter_column('upward', server_default=None)
    op.create_table(
        'proposals',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('unit_id', sa.Integer(), nullable=False),
        sa.Column('content', sa.Text(), nullable=False),
        sa.Column('authority', sa.String(length=200), nullable=False),
        sa.Column('wanted_unit_id', sa.Integer(), nullable=True),
        sa.Column('deliverable', sa.Text(), nullable=False),
        sa.Column('due_text', sa.String(length=300), nullable=False),
        sa.Column('doc_symbol', sa.String(length=80), nullable=False),
        sa.Column('doc_on', sa.Date(), nullable=False),
        sa.Column('written_by_id', sa.Integer(), nullable=True),
        sa.Column('written_at', tracker.db.Moment(timezone=True), nullable=False),
        sa.Column('outcome', sa.String(length=12), nullable=False),
        sa.Column('reason', sa.Text(), nullable=False),
        sa.Column('decided_by_id', sa.Integer(), nullable=True),
        sa.Column('decided_at', tracker.db.Moment(timezone=True), nullable=True),
        sa.Column('task_id', sa.Integer(), nullable=True),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(['decided_by_id'], ['people.id'], name=op.f('fk_proposals_decided_by_id_people')),
        sa.ForeignKeyConstraint(['task_id'], ['tasks.id'], name=op.f('fk_proposals_task_id_tasks')),
        sa.ForeignKeyConstraint(['unit_id'], ['units.id'], name=op.f('fk_proposals_unit_id_units')),
        sa.ForeignKeyConstraint(['wanted_unit_id'], ['units.id'], name=op.f('fk_proposals_wanted_unit_id_units')),
        sa.ForeignKeyConstraint(['written_by_id'], ['people.id'], name=op.f('fk_proposals_written_by_id_people')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_proposals')),
    )
    with op.batch_alter_table('proposals') as proposals:
        proposals.create_index(op.f('ix_proposals_unit_id'), ['unit_id'])


def downgrade() -> None:
    op.drop_table('proposals')
    with op.batch_alter_table('assignments') as assignments:
        assignments.drop_column('upward')
