"""Who opened which assignment when, and which notices were followed by it"""

from alembic import op
import sqlalchemy as sa
import tracker.db

revision = '0023'
down_revision = '0022'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'openings',
        sa.Column('person_id', sa.Integer(), autoincrement=False, nullable=False),
        sa.Column('assignment_id', sa.Integer(), autoincrement=False, nullable=False),
        sa.Column('at', tracker.db.Moment(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(['assignment_id'], ['assignments.id'], name=op.f('fk_openings_assignment_id_assignments'), ondelete='CASCADE'),
        sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_openings_person_id_people')),
        sa.PrimaryKeyConstraint('person_id', 'assignment_id', name=op.f('pk_openings')),
    )
    op.create_index('ix_openings_assignment_id', 'openings', ['assignment_id'])
    op.add_column('notices', sa.Column('opened_at', sa.DateTime(timezone=True), nullable=True))
    columns = ['state', 'ended_at', 'assignment_id', 'rung', 'channel', 'opened_at']
    op.create_index('ix_notices_effect', 'notices', columns)


def downgrade() -> None:
    op.drop_index('ix_notices_effect', table_name='notices')
    op.drop_column('notices', 'opened_at')
    op.drop_index('ix_openings_assignment_id', table_name='openings')
    op.drop_table('openings')
