"""Since when a notice is late: attempts that fail put it off and used to hide how long it has been waiting"""

import sqlalchemy as sa
from alembic import op

revision = '0022'
down_revision = '0021'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('notices', sa.Column('late_since', sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column('notices', 'late_since')
