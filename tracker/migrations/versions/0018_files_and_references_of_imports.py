"""An import keeps the file it was read from, and which paper it amends"""

from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

revision = '0018'
down_revision = '0017'
branch_labels = None
depends_on = None


def json():
    return sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), 'postgresql')


def upgrade() -> None:
    with op.batch_alter_table('import_drafts') as drafts:
        drafts.add_column(sa.Column('files', json(), nullable=False, server_default='[]'))
        drafts.add_column(sa.Column('refers', json(), nullable=False, server_default='[]'))
        drafts.add_column(sa.Column('amends_id', sa.Integer(), nullable=True))
        drafts.create_foreign_key(
            op.f('fk_import_drafts_amends_id_directives'), 'directives', ['amends_id'], ['id']
        )
    with op.batch_alter_table('import_drafts') as drafts:
        drafts.alter_column('files', server_default=None)
        drafts.alter_column('refers', server_default=None)


def downgrade() -> None:
    with op.batch_alter_table('import_drafts') as drafts:
        drafts.drop_constraint(op.f('fk_import_drafts_amends_id_directives'), type_='foreignkey')
        drafts.drop_column('amends_id')
        drafts.drop_column('refers')
        drafts.drop_column('files')
