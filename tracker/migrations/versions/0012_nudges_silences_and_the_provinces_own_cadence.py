"""Nudges: the assigning side urges a unit on by hand"""

from alembic import op
import sqlalchemy as sa

from tracker.db import Moment

revision = '0012'
down_revision = '0011'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'nudges',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('assignment_id', sa.Integer(), nullable=False),
        sa.Column('day', sa.Date(), nullable=False),
        sa.Column('at', Moment(), nullable=False),
        sa.Column('by_id', sa.Integer(), nullable=False),
        sa.Column('by_name', sa.String(length=120), nullable=False),
        sa.Column('text', sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(['assignment_id'], ['assignments.id'], name=op.f('fk_nudges_assignment_id_assignments'), ondelete='CASCADE'),
        sa.ForeignKeyConstraint(['by_id'], ['people.id'], name=op.f('fk_nudges_by_id_people')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_nudges')),
        sa.UniqueConstraint('assignment_id', 'day', name='uq_nudges_once_a_day'),
    )
    op.create_index('ix_nudges_at', 'nudges', ['at'])


def downgrade() -> None:
    op.drop_table('nudges')
