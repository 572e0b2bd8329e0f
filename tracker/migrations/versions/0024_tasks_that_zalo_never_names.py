"""Tasks that messages by Zalo never name, and rows of imports that become such tasks"""

from alembic import op
import sqlalchemy as sa

revision = '0024'
down_revision = '0023'
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ('tasks', 'import_rows'):
        with op.batch_alter_table(table) as changed:
            changed.add_column(sa.Column('unnamed_by_zalo', sa.Boolean(), nullable=False, server_default=sa.false()))
        with op.batch_alter_table(table) as changed:
            changed.alter_column('unnamed_by_zalo', server_default=None)


def downgrade() -> None:
    for table in ('tasks', 'import_rows'):
        with op.batch_alter_table(table) as changed:
            changed.drop_column('unnamed_by_zalo')
