"""Closed periods keep what their papers say; drafts of consolidated reports are put up and approved"""

from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

import tracker.db

revision = '0019'
down_revision = '0018'
branch_labels = None
depends_on = None

ROW = (
    ('task_id', sa.Integer()), ('directive_id', sa.Integer()), ('unit_kind', sa.String(length=20)),
    ('due_text', sa.Text()), ('cause', sa.String(length=40)), ('outcome', sa.Text()),
)
DRAFT = ('snapshot_id', 'put_up_at', 'approved', 'decided_at', 'decided_by_id', 'note', 'file_id')


def upgrade() -> None:
    json = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), 'postgresql')
    with op.batch_alter_table('snapshots') as batch_op:
        batch_op.add_column(sa.Column('beside', json, nullable=False, server_default='{}'))
    with op.batch_alter_table('snapshots') as batch_op:
        batch_op.alter_column('beside', server_default=None)
    with op.batch_alter_table('snapshot_rows') as batch_op:
        for name, kind in ROW:
            batch_op.add_column(sa.Column(name, kind, nullable=True))
    with op.batch_alter_table('report_drafts') as batch_op:
        batch_op.add_column(sa.Column('snapshot_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('put_up_at', tracker.db.Moment(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('approved', sa.Boolean(), nullable=True))
        batch_op.add_column(sa.Column('decided_at', tracker.db.Moment(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('decided_by_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('note', sa.Text(), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('file_id', sa.Integer(), nullable=True))
        batch_op.create_foreign_key('fk_report_drafts_snapshot_id_snapshots', 'snapshots', ['snapshot_id'], ['id'])
        batch_op.create_foreign_key('fk_report_drafts_decided_by_id_people', 'people', ['decided_by_id'], ['id'])
        batch_op.create_foreign_key('fk_report_drafts_file_id_files', 'files', ['file_id'], ['id'])
    with op.batch_alter_table('report_drafts') as batch_op:
        batch_op.alter_column('note', server_default=None)


def downgrade() -> None:
    with op.batch_alter_table('report_drafts') as batch_op:
        for name in ('snapshot_id_snapshots', 'decided_by_id_people', 'file_id_files'):
            batch_op.drop_constraint(f'fk_report_drafts_{name}', type_='foreignkey')
        for name in DRAFT:
            batch_op.drop_column(name)
    with op.batch_alter_table('snapshot_rows') as batch_op:
        for name, _kind in ROW:
            batch_op.drop_column(name)
    with op.batch_alter_table('snapshots') as batch_op:
        batch_op.drop_column('beside')
