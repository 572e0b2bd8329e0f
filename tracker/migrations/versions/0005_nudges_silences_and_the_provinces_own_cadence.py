"""Nudges by hand, silences over an area, the province's own cadence, letters of the week, and everybody's hour for the digest"""

from alembic import op
import sqlalchemy as sa

from tracker.db import Moment

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None

WEEKLY = sa.text("kind = 'weekly'")


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
    op.create_table(
        'silences',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('unit_id', sa.Integer(), nullable=False),
        sa.Column('from_on', sa.Date(), nullable=False),
        sa.Column('until_on', sa.Date(), nullable=False),
        sa.Column('reason', sa.String(length=300), nullable=False),
        sa.Column('by_id', sa.Integer(), nullable=False),
        sa.Column('by_name', sa.String(length=120), nullable=False),
        sa.Column('at', Moment(), nullable=False),
        sa.Column('lifted_at', Moment(), nullable=True),
        sa.Column('lifted_by', sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(['unit_id'], ['units.id'], name=op.f('fk_silences_unit_id_units')),
        sa.ForeignKeyConstraint(['by_id'], ['people.id'], name=op.f('fk_silences_by_id_people')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_silences')),
    )
    op.create_index('ix_silences_until_on', 'silences', ['until_on'])
    op.create_table(
        'reminding_overrides',
        sa.Column('field', sa.String(length=30), nullable=False),
        sa.Column('value', sa.String(length=60), nullable=False),
        sa.Column('by_name', sa.String(length=120), nullable=False),
        sa.Column('at', Moment(), nullable=False),
        sa.PrimaryKeyConstraint('field', name=op.f('pk_reminding_overrides')),
    )
    op.create_index(
        'uq_messages_weekly', 'messages', ['person_id', 'channel', 'day'], unique=True,
        sqlite_where=WEEKLY, postgresql_where=WEEKLY,
    )
    with op.batch_alter_table('people') as people:
        people.add_column(sa.Column('digest_at', sa.Time(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table('people') as people:
        people.drop_column('digest_at')
    op.drop_index('uq_messages_weekly', table_name='messages')
    op.drop_table('reminding_overrides')
    op.drop_table('silences')
    op.drop_table('nudges')
