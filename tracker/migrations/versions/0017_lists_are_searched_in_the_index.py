"""The indexes of lists hold the task, so that a search is answered from them alone"""

from alembic import op

revision = '0017'
down_revision = '0016'
branch_labels = None
depends_on = None

SIDES = ('unit', 'assigner')


def upgrade() -> None:
    _index_with('task_id')


def downgrade() -> None:
    _index_with()


def _index_with(*more: str) -> None:
    for side in SIDES:
        op.drop_index(f'ix_assignments_{side}_state_due', table_name='assignments')
        op.create_index(
            f'ix_assignments_{side}_state_due', 'assignments', [f'{side}_id', 'state', 'due_on', 'returned', *more]
        )
