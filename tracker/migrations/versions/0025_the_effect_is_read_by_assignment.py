"""What followed on reminders is read by assignment: a province's year no longer reads the year of all provinces"""

from alembic import op

revision = '0025'
down_revision = '0024'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index('ix_notices_effect', table_name='notices')
    columns = ['assignment_id', 'ended_at', 'state', 'rung', 'channel', 'opened_at']
    op.create_index('ix_notices_effect', 'notices', columns)


def downgrade() -> None:
    op.drop_index('ix_notices_effect', table_name='notices')
    columns = ['state', 'ended_at', 'assignment_id', 'rung', 'channel', 'opened_at']
    op.create_index('ix_notices_effect', 'notices', columns)
