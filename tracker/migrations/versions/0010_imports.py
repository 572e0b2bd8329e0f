"""Imports: what was read from a file, kept until it is issued"""

from alembic import op
import sqlalchemy as sa
import tracker.db
from sqlalchemy.dialects import postgresql

revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None


def json():
    return sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), 'postgresql')


def upgrade() -> None:
    op.create_table(
        'import_drafts',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('unit_id', sa.Integer(), nullable=False),
        sa.Column('by_id', sa.Integer(), nullable=True),
        sa.Column('file_name', sa.String(length=300), nullable=False),
        sa.Column('started_at', tracker.db.Moment(timezone=True), nullable=False),
        sa.Column('touched_at', tracker.db.Moment(timezone=True), nullable=False),
        sa.Column('paper', json(), nullable=False),
        sa.Column('remarks', json(), nullable=False),
        sa.Column('titles', json(), nullable=False),
        sa.Column('scope', sa.String(length=120), nullable=False),
        sa.Column('unit_ids', json(), nullable=False),
        sa.Column('directive_id', sa.Integer(), nullable=True),
        sa.Column('dropped_at', tracker.db.Moment(timezone=True), nullable=True),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(['by_id'], ['people.id'], name=op.f('fk_import_drafts_by_id_people')),
        sa.ForeignKeyConstraint(
            ['directive_id'], ['directives.id'], name=op.f('fk_import_drafts_directive_id_directives')
        ),
        sa.ForeignKeyConstraint(['unit_id'], ['units.id'], name=op.f('fk_import_drafts_unit_id_units')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_import_drafts')),
    )
    with op.batch_alter_table('import_drafts') as drafts:
        drafts.create_index(op.f('ix_import_drafts_unit_id'), ['unit_id'])
        drafts.create_index(op.f('ix_import_drafts_directive_id'), ['directive_id'])
    op.create_table(
        'import_rows',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('draft_id', sa.Integer(), nullable=False),
        sa.Column('place', sa.Integer(), nullable=False),
        sa.Column('section', sa.Text(), nullable=False),
        sa.Column('ordinal', sa.String(length=20), nullable=False),
        sa.Column('content', sa.Text(), nullable=False),
        sa.Column('deliverable', sa.Text(), nullable=False),
        sa.Column('lead', sa.Text(), nullable=False),
        sa.Column('coordinating', sa.Text(), nullable=False),
        sa.Column('due_text', sa.Text(), nullable=False),
        sa.Column('kind', sa.String(length=12), nullable=False),
        sa.Column('due_on', sa.Date(), nullable=True),
        sa.Column('recurrence', sa.String(length=300), nullable=False),
        sa.Column('note', sa.Text(), nullable=False),
        sa.Column('leads', json(), nullable=False),
        sa.Column('helpers', json(), nullable=False),
        sa.Column('cells', json(), nullable=False),
        sa.Column('problems', json(), nullable=False),
        sa.Column('doubts', json(), nullable=False),
        sa.Column('bad', sa.Boolean(), nullable=False),
        sa.Column('homeless', sa.Boolean(), nullable=False),
        sa.Column('sure', sa.Boolean(), nullable=False),
        sa.Column('mended', sa.Boolean(), nullable=False),
        sa.Column('left_out', sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ['draft_id'], ['import_drafts.id'], name=op.f('fk_import_rows_draft_id_import_drafts'), ondelete='CASCADE'
        ),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_import_rows')),
    )
    with op.batch_alter_table('import_rows') as rows:
        rows.create_index('ix_import_rows_place', ['draft_id', 'place'])


def downgrade() -> None:
    op.drop_table('import_rows')
    op.drop_table('import_drafts')
