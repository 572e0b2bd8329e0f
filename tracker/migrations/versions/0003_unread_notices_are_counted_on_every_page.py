"""Unread notices are counted on every page: an index that holds only them"""

from alembic import op
import sqlalchemy as sa

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None

UNREAD = sa.text("channel = 'inapp' AND read_at IS NULL")


def upgrade() -> None:
    op.create_index('ix_notices_unread', 'notices', ['person_id'], sqlite_where=UNREAD, postgresql_where=UNREAD)


def downgrade() -> None:
    op.drop_index('ix_notices_unread', table_name='notices')
