"""Amendments: directives that change the tasks of others, and the wordings that they replaced"""

from alembic import op
import sqlalchemy as sa
import tracker.db
from sqlalchemy.dialects import postgresql

revision = '0011'
down_revision = '0010'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'task_versions',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('task_id', sa.Integer(), nullable=False),
        sa.Column('directive_id', sa.Integer(), nullable=False),
        sa.Column('replaced_by_id', sa.Integer(), nullable=False),
        sa.Column('replaced_at', tracker.db.Moment(timezone=True), nullable=False),
        sa.Column('content', sa.Text(), nullable=False),
        sa.Column('deliverable', sa.Text(), nullable=False),
        sa.Column('due_text', sa.String(length=300), nullable=False),
        sa.Column('due_on', sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(['directive_id'], ['directives.id'], name=op.f('fk_task_versions_directive_id_directives')),
        sa.ForeignKeyConstraint(
            ['replaced_by_id'], ['directives.id'], name=op.f('fk_task_versions_replaced_by_id_directives')
        ),
        sa.ForeignKeyConstraint(['task_id'], ['tasks.id'], name=op.f('fk_task_versions_task_id_tasks')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_task_versions')),
    )
    with op.batch_alter_table('task_versions') as versions:
        versions.create_index(op.f('ix_task_versions_task_id'), ['task_id'])
    op.create_table(
        'amendments',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('directive_id', sa.Integer(), nullable=False),
        sa.Column('amends_id', sa.Integer(), nullable=False),
        sa.Column('drafted_at', tracker.db.Moment(timezone=True), nullable=False),
        sa.Column('drafted_by_id', sa.Integer(), nullable=True),
        sa.Column('took_effect_at', tracker.db.Moment(timezone=True), nullable=True),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(['amends_id'], ['directives.id'], name=op.f('fk_amendments_amends_id_directives')),
        sa.ForeignKeyConstraint(['directive_id'], ['directives.id'], name=op.f('fk_amendments_directive_id_directives')),
        sa.ForeignKeyConstraint(['drafted_by_id'], ['people.id'], name=op.f('fk_amendments_drafted_by_id_people')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_amendments')),
        sa.UniqueConstraint('directive_id', 'amends_id', name='uq_amendments_once'),
    )
    with op.batch_alter_table('amendments') as amendments:
        amendments.create_index(op.f('ix_amendments_amends_id'), ['amends_id'])
    op.create_table(
        'amendment_changes',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('amendment_id', sa.Integer(), nullable=False),
        sa.Column('task_id', sa.Integer(), nullable=False),
        sa.Column('absorbs_id', sa.Integer(), nullable=True),
        sa.Column('withdrawn', sa.Boolean(), nullable=False),
        sa.Column('kind', sa.String(length=12), nullable=False),
        sa.Column('content', sa.Text(), nullable=False),
        sa.Column('deliverable', sa.Text(), nullable=False),
        sa.Column('due_text', sa.String(length=300), nullable=False),
        sa.Column('due_on', sa.Date(), nullable=True),
        sa.Column('old_kind', sa.String(length=12), nullable=False),
        sa.Column('old_content', sa.Text(), nullable=False),
        sa.Column('old_deliverable', sa.Text(), nullable=False),
        sa.Column('old_due_text', sa.String(length=300), nullable=False),
        sa.Column('old_due_on', sa.Date(), nullable=True),
        sa.Column('unit_ids', sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), 'postgresql'), nullable=False),
        sa.ForeignKeyConstraint(
            ['absorbs_id'], ['tasks.id'], name=op.f('fk_amendment_changes_absorbs_id_tasks'), ondelete='SET NULL'
        ),
        sa.ForeignKeyConstraint(
            ['amendment_id'],
            ['amendments.id'],
            name=op.f('fk_amendment_changes_amendment_id_amendments'),
            ondelete='CASCADE',
        ),
        sa.ForeignKeyConstraint(['task_id'], ['tasks.id'], name=op.f('fk_amendment_changes_task_id_tasks')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_amendment_changes')),
        sa.UniqueConstraint('amendment_id', 'task_id', name='uq_amendment_changes_once'),
    )
    with op.batch_alter_table('amendment_changes') as changes:
        changes.create_index(op.f('ix_amendment_changes_task_id'), ['task_id'])


def downgrade() -> None:
    op.drop_table('amendment_changes')
    op.drop_table('amendments')
    op.drop_table('task_versions')
