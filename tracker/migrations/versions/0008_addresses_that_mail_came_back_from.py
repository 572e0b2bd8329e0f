"""Addresses that mail came back from"""

from alembic import op
import sqlalchemy as sa
import tracker.db

revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'dead_addresses',
        sa.Column('address', sa.String(length=200), nullable=False),
        sa.Column('dead_at', tracker.db.Moment(timezone=True), nullable=False),
        sa.Column('said', sa.String(length=300), nullable=False),
        sa.PrimaryKeyConstraint('address', name=op.f('pk_dead_addresses')),
    )


def downgrade() -> None:
    op.drop_table('dead_addresses')
