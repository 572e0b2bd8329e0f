"""The outbox is read by day: indexes for the page that watches over it"""

from alembic import op

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index('ix_notices_planned', 'notices', ['planned_at'])
    op.create_index('ix_messages_claimed', 'messages', ['claimed_at'])
    op.create_index('ix_messages_sent', 'messages', ['sent_at'])


def downgrade() -> None:
    op.drop_index('ix_messages_sent', table_name='messages')
    op.drop_index('ix_messages_claimed', table_name='messages')
    op.drop_index('ix_notices_planned', table_name='notices')
