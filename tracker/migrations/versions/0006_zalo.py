"""Zalo: the account and its tokens, rests, contacts, codes, templates; receipts of messages"""

from alembic import op
import sqlalchemy as sa
import tracker.db
from sqlalchemy.dialects import postgresql

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('zalo_accounts',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('oa_id', sa.String(length=40), nullable=False),
    sa.Column('access_token', sa.Text(), nullable=False),
    sa.Column('access_until', tracker.db.Moment(timezone=True), nullable=False),
    sa.Column('refresh_token', sa.Text(), nullable=False),
    sa.Column('refresh_until', tracker.db.Moment(timezone=True), nullable=False),
    sa.Column('consented_at', tracker.db.Moment(timezone=True), nullable=False),
    sa.Column('consented_by', sa.String(length=120), nullable=False),
    sa.Column('refreshed_at', tracker.db.Moment(timezone=True), nullable=False),
    sa.Column('trouble', sa.String(length=300), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_zalo_accounts'))
    )
    op.create_table('zalo_rests',
    sa.Column('scope', sa.String(length=40), nullable=False),
    sa.Column('trouble', sa.String(length=20), nullable=False),
    sa.Column('said', sa.String(length=300), nullable=False),
    sa.Column('since', tracker.db.Moment(timezone=True), nullable=False),
    sa.Column('until', tracker.db.Moment(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('scope', name=op.f('pk_zalo_rests'))
    )
    op.create_table('zalo_templates',
    sa.Column('template_id', sa.String(length=40), nullable=False),
    sa.Column('status', sa.String(length=40), nullable=False),
    sa.Column('limits', sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), 'postgresql'), nullable=False),
    sa.Column('read_at', tracker.db.Moment(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('template_id', name=op.f('pk_zalo_templates'))
    )
    op.create_table('zalo_codes',
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('code_hash', sa.String(length=64), nullable=False),
    sa.Column('expires_at', tracker.db.Moment(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_zalo_codes_person_id_people'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('person_id', name=op.f('pk_zalo_codes')),
    sa.UniqueConstraint('code_hash', name=op.f('uq_zalo_codes_code_hash'))
    )
    op.create_table('zalo_contacts',
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.String(length=40), nullable=True),
    sa.Column('linked_at', tracker.db.Moment(timezone=True), nullable=True),
    sa.Column('greeted_at', tracker.db.Moment(timezone=True), nullable=True),
    sa.Column('wanted', sa.Boolean(), nullable=False),
    sa.Column('user_trouble', sa.String(length=300), nullable=False),
    sa.Column('phone_refused', sa.String(length=20), nullable=False),
    sa.Column('phone_trouble', sa.String(length=300), nullable=False),
    sa.Column('troubled_at', tracker.db.Moment(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_zalo_contacts_person_id_people'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('person_id', name=op.f('pk_zalo_contacts')),
    sa.UniqueConstraint('user_id', name=op.f('uq_zalo_contacts_user_id'))
    )
    with op.batch_alter_table('messages') as messages:
        messages.add_column(sa.Column('tried_at', tracker.db.Moment(timezone=True), nullable=True))
        messages.add_column(sa.Column('delivered_at', tracker.db.Moment(timezone=True), nullable=True))
        messages.add_column(sa.Column('receipt', sa.String(length=60), nullable=False, server_default=''))
        messages.create_index(op.f('ix_messages_receipt'), ['receipt'])
        messages.create_index(op.f('ix_messages_message_key'), ['message_key'])
    with op.batch_alter_table('messages') as messages:
        messages.alter_column('receipt', server_default=None)


def downgrade() -> None:
    with op.batch_alter_table('messages') as messages:
        messages.drop_index(op.f('ix_messages_message_key'))
        messages.drop_index(op.f('ix_messages_receipt'))
        messages.drop_column('receipt')
        messages.drop_column('delivered_at')
        messages.drop_column('tried_at')
    for table in ('zalo_contacts', 'zalo_codes', 'zalo_templates', 'zalo_rests', 'zalo_accounts'):
        op.drop_table(table)
