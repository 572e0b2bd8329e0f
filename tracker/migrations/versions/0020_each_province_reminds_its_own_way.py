"""Each province reminds its own way: what it settles is its own, and the letter of the week is a notice like any other"""

from alembic import op
import sqlalchemy as sa

revision = '0020'
down_revision = '0019'
branch_labels = None
depends_on = None

OF_A_UNIT = sa.text('assignment_id IS NULL')


def upgrade() -> None:
    op.rename_table('reminding_overrides', 'old_overrides')
    _overrides(sa.Column('unit_id', sa.Integer(), autoincrement=False, nullable=False), 60)
    # What held for the whole house holds for every tree of units now.
    op.execute(
        'INSERT INTO reminding_overrides (unit_id, field, value, by_name, at) '
        'SELECT units.id, field, value, by_name, at FROM old_overrides, units WHERE units.parent_id IS NULL'
    )
    op.drop_table('old_overrides')
    with op.batch_alter_table('notices') as notices:
        notices.alter_column('assignment_id', existing_type=sa.Integer(), nullable=True)
        notices.add_column(sa.Column('unit_id', sa.Integer(), sa.ForeignKey('units.id', name='fk_notices_unit_id_units'), nullable=True))
    with op.batch_alter_table('nudges') as nudges:
        nudges.add_column(sa.Column('inside', sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table('nudges') as nudges:
        nudges.alter_column('inside', existing_type=sa.Boolean(), server_default=None)
    op.create_index(
        'uq_notices_of_unit', 'notices', ['unit_id', 'due_on', 'rung', 'person_id', 'channel'], unique=True,
        sqlite_where=OF_A_UNIT, postgresql_where=OF_A_UNIT,
    )


def downgrade() -> None:
    op.execute('DELETE FROM nudges WHERE inside')
    with op.batch_alter_table('nudges') as nudges:
        nudges.drop_column('inside')
    op.execute('DELETE FROM notices WHERE assignment_id IS NULL')
    op.drop_index('uq_notices_of_unit', table_name='notices')
    with op.batch_alter_table('notices') as notices:
        notices.drop_constraint('fk_notices_unit_id_units', type_='foreignkey')
        notices.drop_column('unit_id')
        notices.alter_column('assignment_id', existing_type=sa.Integer(), nullable=False)
    op.rename_table('reminding_overrides', 'new_overrides')
    _overrides(None, 30)
    op.execute(
        'INSERT INTO reminding_overrides (field, value, by_name, at) '
        'SELECT field, min(value), min(by_name), min(at) FROM new_overrides WHERE length(field) <= 30 GROUP BY field'
    )
    op.drop_table('new_overrides')


def _overrides(unit: sa.Column | None, width: int) -> None:
    """The table of overrides, with or without the unit they belong to."""
    keys = (['unit_id'] if unit is not None else []) + ['field']
    name = 'pk_reminding_overrides'
    if op.get_bind().dialect.name == 'postgresql':
        op.execute(f'ALTER TABLE {"old" if unit is not None else "new"}_overrides DROP CONSTRAINT {name}')
    op.create_table(
        'reminding_overrides',
        *([unit] if unit is not None else []),
        sa.Column('field', sa.String(length=width), nullable=False),
        sa.Column('value', sa.String(length=60), nullable=False),
        sa.Column('by_name', sa.String(length=120), nullable=False),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint(*keys, name=name),
        *([sa.ForeignKeyConstraint(['unit_id'], ['units.id'], name='fk_reminding_overrides_unit_id_units')] if unit is not None else []),
    )
