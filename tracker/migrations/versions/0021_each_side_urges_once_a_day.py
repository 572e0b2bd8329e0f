"""Each side urges once a day: a leader within the unit does not use up the province's turn"""

from alembic import op

revision = '0021'
down_revision = '0020'
branch_labels = None
depends_on = None

NAME = 'uq_nudges_once_a_day'


def upgrade() -> None:
    _once_a_day('assignment_id', 'day', 'inside')


def downgrade() -> None:
    # Where both sides urged on one day, the province's word stays.
    op.execute(
        'DELETE FROM nudges WHERE inside AND EXISTS (SELECT 1 FROM nudges AS other WHERE NOT other.inside '
        'AND other.assignment_id = nudges.assignment_id AND other.day = nudges.day)'
    )
    _once_a_day('assignment_id', 'day')


def _once_a_day(*columns: str) -> None:
    with op.batch_alter_table('nudges') as nudges:
        nudges.drop_constraint(NAME, type_='unique')
        nudges.create_unique_constraint(NAME, columns)
