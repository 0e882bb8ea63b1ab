"""Ground floor: players, documents, questions, rounds, responses.

Revision ID: 0001
Revises:
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""

    op.create_table('document_version',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('slug', sa.String(length=80), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('body', sa.JSON(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_document_version')),
    sa.UniqueConstraint('digest', name=op.f('uq_document_version_digest'))
    )
    op.create_table('player',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('pseudonym', sa.String(length=60), nullable=False),
    sa.Column('name', sa.String(length=40), nullable=True),
    sa.Column('name_key', sa.String(length=80), nullable=True),
    sa.Column('passphrase_hash', sa.String(length=200), nullable=True),
    sa.Column('session_token', sa.String(length=43), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('last_played_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('(name IS NULL) = (passphrase_hash IS NULL) AND (name IS NULL) = (name_key IS NULL)', name=op.f('ck_player_name_with_passphrase')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_player')),
    sa.UniqueConstraint('name_key', name=op.f('uq_player_name_key'))
    )
    with op.batch_alter_table('player', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_player_last_played_at'), ['last_played_at'], unique=False)

    op.create_table('question_revision',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('set_slug', sa.String(length=80), nullable=False),
    sa.Column('question_id', sa.String(length=80), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('verdict', sa.Enum('true', 'false', 'unverified', name='verdict', native_enum=False, create_constraint=True, length=16), nullable=False),
    sa.Column('body', sa.JSON(), nullable=False),
    sa.Column('documents', sa.JSON(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_question_revision')),
    sa.UniqueConstraint('set_slug', 'question_id', 'digest', name=op.f('uq_question_revision_set_slug_question_id_digest'))
    )
    op.create_table('question_set',
    sa.Column('slug', sa.String(length=80), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('title', sa.JSON(), nullable=False),
    sa.Column('summary', sa.JSON(), nullable=False),
    sa.Column('documents', sa.JSON(), nullable=False),
    sa.Column('is_examples', sa.Boolean(), nullable=False),
    sa.Column('is_retired', sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint('slug', name=op.f('pk_question_set'))
    )
    op.create_table('round',
    sa.Column('id', sa.String(length=22), nullable=False),
    sa.Column('player_id', sa.Integer(), nullable=False),
    sa.Column('set_slug', sa.String(length=80), nullable=True),
    sa.Column('mode', sa.Enum('quick', 'investigation', name='mode', native_enum=False, create_constraint=True, length=16), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('start_key', sa.String(length=43), nullable=False),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('finished_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('points', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['player_id'], ['player.id'], name=op.f('fk_round_player_id_player'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_round')),
    sa.UniqueConstraint('player_id', 'start_key', name=op.f('uq_round_player_id_start_key'))
    )
    with op.batch_alter_table('round', schema=None) as batch_op:
        batch_op.create_index('ix_round_player_id_started_at', ['player_id', 'started_at'], unique=False)

    op.create_table('set_entry',
    sa.Column('set_slug', sa.String(length=80), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('revision_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['revision_id'], ['question_revision.id'], name=op.f('fk_set_entry_revision_id_question_revision')),
    sa.ForeignKeyConstraint(['set_slug'], ['question_set.slug'], name=op.f('fk_set_entry_set_slug_question_set'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('set_slug', 'position', name=op.f('pk_set_entry'))
    )
    op.create_table('round_item',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('round_id', sa.String(length=22), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('revision_id', sa.Integer(), nullable=False),
    sa.Column('shown_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['revision_id'], ['question_revision.id'], name=op.f('fk_round_item_revision_id_question_revision')),
    sa.ForeignKeyConstraint(['round_id'], ['round.id'], name=op.f('fk_round_item_round_id_round'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_round_item')),
    sa.UniqueConstraint('round_id', 'position', name=op.f('uq_round_item_round_id_position'))
    )
    op.create_table('response',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('player_id', sa.Integer(), nullable=False),
    sa.Column('item_id', sa.Integer(), nullable=False),
    sa.Column('revision_id', sa.Integer(), nullable=False),
    sa.Column('look', sa.Enum('first', 'final', name='look', native_enum=False, create_constraint=True, length=16), nullable=False),
    sa.Column('verdict', sa.Enum('true', 'false', 'unverified', name='verdict', native_enum=False, create_constraint=True, length=16), nullable=False),
    sa.Column('confidence', sa.Integer(), nullable=False),
    sa.Column('pointer', sa.Text(), nullable=True),
    sa.Column('has_opened_file', sa.Boolean(), nullable=False),
    sa.Column('shown_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('key', sa.String(length=43), nullable=False),
    sa.CheckConstraint('confidence BETWEEN 0 AND 3', name=op.f('ck_response_confidence')),
    sa.ForeignKeyConstraint(['item_id'], ['round_item.id'], name=op.f('fk_response_item_id_round_item'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['player_id'], ['player.id'], name=op.f('fk_response_player_id_player'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['revision_id'], ['question_revision.id'], name=op.f('fk_response_revision_id_question_revision')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_response')),
    sa.UniqueConstraint('item_id', 'look', name=op.f('uq_response_item_id_look')),
    sa.UniqueConstraint('player_id', 'key', name=op.f('uq_response_player_id_key'))
    )
    with op.batch_alter_table('response', schema=None) as batch_op:
        batch_op.create_index('ix_response_player_id_look_revision_id', ['player_id', 'look', 'revision_id'], unique=False)




def downgrade() -> None:
    """Take back."""

    with op.batch_alter_table('response', schema=None) as batch_op:
        batch_op.drop_index('ix_response_player_id_look_revision_id')

    op.drop_table('response')
    op.drop_table('round_item')
    op.drop_table('set_entry')
    with op.batch_alter_table('round', schema=None) as batch_op:
        batch_op.drop_index('ix_round_player_id_started_at')

    op.drop_table('round')
    op.drop_table('question_set')
    op.drop_table('question_revision')
    with op.batch_alter_table('player', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_player_last_played_at'))

    op.drop_table('player')
    op.drop_table('document_version')

