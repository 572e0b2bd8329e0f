"""Drafts of reports: a unit's words under the headings of an outline, for the task that orders the report"""

from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

import tracker.db

revision = '0013'
down_revision = '0012'
branch_labels = None
depends_on = None


def upgrade() -> None:
    words = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), 'postgresql')
    op.create_table(
        'report_drafts',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('unit_id', sa.Integer(), nullable=False),
        sa.Column('outline', sa.String(length=60), nullable=False),
        sa.Column('as_of', sa.Date(), nullable=False),
        sa.Column('since', sa.Date(), nullable=True),
        sa.Column('about', sa.String(length=500), nullable=False),
        sa.Column('basis', sa.String(length=500), nullable=False),
        sa.Column('addressee', sa.String(length=200), nullable=False),
        sa.Column('signing', sa.String(length=10), nullable=False),
        sa.Column('signer', sa.String(length=120), nullable=False),
        sa.Column('kept_by', sa.String(length=60), nullable=False),
        sa.Column('words', words, nullable=False),
        sa.Column('assignment_id', sa.Integer(), nullable=True),
        sa.Column('submission_id', sa.Integer(), nullable=True),
        sa.Column('written_by_id', sa.Integer(), nullable=True),
        sa.Column('written_at', tracker.db.Moment(timezone=True), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ['assignment_id'], ['assignments.id'],
            name=op.f('fk_report_drafts_assignment_id_assignments'), ondelete='SET NULL',
        ),
        sa.ForeignKeyConstraint(
            ['submission_id'], ['submissions.id'],
            name=op.f('fk_report_drafts_submission_id_submissions'), ondelete='SET NULL',
        ),
        sa.ForeignKeyConstraint(['unit_id'], ['units.id'], name=op.f('fk_report_drafts_unit_id_units')),
        sa.ForeignKeyConstraint(['written_by_id'], ['people.id'], name=op.f('fk_report_drafts_written_by_id_people')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_report_drafts')),
    )
    with op.batch_alter_table('report_drafts', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_report_drafts_unit_id'), ['unit_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_report_drafts_assignment_id'), ['assignment_id'], unique=False)


def downgrade() -> None:
    op.drop_table('report_drafts')
