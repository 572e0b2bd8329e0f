"""People found by plain letters: «nguyen van an» finds Nguyễn Văn An"""

from alembic import op
import sqlalchemy as sa

from tracker.rules.texts import fold

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('people') as people:
        people.add_column(sa.Column('search_text', sa.String(length=200), nullable=False, server_default=''))
    with op.batch_alter_table('people') as people:
        people.alter_column('search_text', server_default=None)
    table = sa.table('people', sa.column('id'), sa.column('name'), sa.column('username'), sa.column('search_text'))
    connection = op.get_bind()
    for row in connection.execute(sa.select(table.c.id, table.c.name, table.c.username)).all():
        text = fold(f"{row.name} {row.username}")
        connection.execute(sa.update(table).where(table.c.id == row.id).values(search_text=text))


def downgrade() -> None:
    with op.batch_alter_table('people') as people:
        people.drop_column('search_text')
