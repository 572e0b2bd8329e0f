"""Claims of deliverers carry a mark of their own"""

from alembic import op
import sqlalchemy as sa

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('messages') as messages:
        messages.add_column(sa.Column('claim', sa.String(length=16), nullable=False, server_default=''))
    with op.batch_alter_table('messages') as messages:
        messages.alter_column('claim', server_default=None)


def downgrade() -> None:
    with op.batch_alter_table('messages') as messages:
        messages.drop_column('claim')
