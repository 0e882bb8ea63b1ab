"""The trainer's desk.

Revision ID: 0004
Revises: 0003
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table('desk_document',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('slug', sa.String(length=80), nullable=False),
    sa.Column('owner_id', sa.Integer(), nullable=False),
    sa.Column('body', sa.JSON(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['owner_id'], ['player.id'], name=op.f('fk_desk_document_owner_id_player'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_desk_document')),
    sa.UniqueConstraint('slug', name=op.f('uq_desk_document_slug'))
    )
    with op.batch_alter_table('desk_document', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_desk_document_owner_id'), ['owner_id'], unique=False)

    op.create_table('desk_set',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('slug', sa.String(length=80), nullable=False),
    sa.Column('owner_id', sa.Integer(), nullable=False),
    sa.Column('title', sa.JSON(), nullable=False),
    sa.Column('summary', sa.JSON(), nullable=False),
    sa.Column('languages', sa.JSON(), nullable=False),
    sa.Column('stage', sa.Enum('draft', 'in_review', 'published', 'archived', name='stage', native_enum=False, create_constraint=True, length=16), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['owner_id'], ['player.id'], name=op.f('fk_desk_set_owner_id_player'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_desk_set')),
    sa.UniqueConstraint('slug', name=op.f('uq_desk_set_slug'))
    )
    with op.batch_alter_table('desk_set', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_desk_set_owner_id'), ['owner_id'], unique=False)

    op.create_table('thread',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Enum('remark', 'disagreement', 'dispute', name='kind', native_enum=False, create_constraint=True, length=16), nullable=False),
    sa.Column('set_slug', sa.String(length=80), nullable=False),
    sa.Column('question_key', sa.String(length=80), nullable=False),
    sa.Column('revision_id', sa.Integer(), nullable=True),
    sa.Column('player_id', sa.Integer(), nullable=True),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('resolved_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['player_id'], ['player.id'], name=op.f('fk_thread_player_id_player'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['revision_id'], ['question_revision.id'], name=op.f('fk_thread_revision_id_question_revision'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_thread'))
    )
    with op.batch_alter_table('thread', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_thread_player_id'), ['player_id'], unique=False)
        batch_op.create_index('ix_thread_set_slug_question_key', ['set_slug', 'question_key'], unique=False)

    op.create_table('comment',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('thread_id', sa.Integer(), nullable=False),
    sa.Column('author_id', sa.Integer(), nullable=True),
    sa.Column('text', sa.String(length=2000), nullable=False),
    sa.Column('is_answer', sa.Boolean(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['author_id'], ['player.id'], name=op.f('fk_comment_author_id_player'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['thread_id'], ['thread.id'], name=op.f('fk_comment_thread_id_thread'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_comment'))
    )
    with op.batch_alter_table('comment', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_comment_thread_id'), ['thread_id'], unique=False)

    op.create_table('desk_question',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('set_id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=80), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('body', sa.JSON(), nullable=False),
    sa.Column('edit_number', sa.Integer(), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['set_id'], ['desk_set.id'], name=op.f('fk_desk_question_set_id_desk_set'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_desk_question')),
    sa.UniqueConstraint('set_id', 'key', name=op.f('uq_desk_question_set_id_key'))
    )
    op.create_table('desk_set_document',
    sa.Column('set_id', sa.Integer(), nullable=False),
    sa.Column('document_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['document_id'], ['desk_document.id'], name=op.f('fk_desk_set_document_document_id_desk_document'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['set_id'], ['desk_set.id'], name=op.f('fk_desk_set_document_set_id_desk_set'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('set_id', 'document_id', name=op.f('pk_desk_set_document'))
    )
    with op.batch_alter_table('desk_set_document', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_desk_set_document_document_id'), ['document_id'], unique=False)

    op.create_table('reading',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('set_id', sa.Integer(), nullable=False),
    sa.Column('reader_id', sa.Integer(), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('finished_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['reader_id'], ['player.id'], name=op.f('fk_reading_reader_id_player'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['set_id'], ['desk_set.id'], name=op.f('fk_reading_set_id_desk_set'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reading')),
    sa.UniqueConstraint('set_id', 'reader_id', name=op.f('uq_reading_set_id_reader_id'))
    )
    with op.batch_alter_table('reading', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_reading_reader_id'), ['reader_id'], unique=False)

    op.create_table('set_edition',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('set_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('body', sa.JSON(), nullable=False),
    sa.Column('documents', sa.JSON(), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['player.id'], name=op.f('fk_set_edition_by_id_player'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['set_id'], ['desk_set.id'], name=op.f('fk_set_edition_set_id_desk_set'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_set_edition')),
    sa.UniqueConstraint('set_id', 'number', name=op.f('uq_set_edition_set_id_number'))
    )
    op.create_table('set_share',
    sa.Column('set_id', sa.Integer(), nullable=False),
    sa.Column('trainer_id', sa.Integer(), nullable=False),
    sa.Column('right', sa.Enum('read', 'edit', name='right', native_enum=False, create_constraint=True, length=16), nullable=False),
    sa.ForeignKeyConstraint(['set_id'], ['desk_set.id'], name=op.f('fk_set_share_set_id_desk_set'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['trainer_id'], ['player.id'], name=op.f('fk_set_share_trainer_id_player'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('set_id', 'trainer_id', name=op.f('pk_set_share'))
    )
    with op.batch_alter_table('set_share', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_set_share_trainer_id'), ['trainer_id'], unique=False)

    op.create_table('desk_edit',
    sa.Column('question_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('body', sa.JSON(), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['player.id'], name=op.f('fk_desk_edit_by_id_player'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['question_id'], ['desk_question.id'], name=op.f('fk_desk_edit_question_id_desk_question'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('question_id', 'number', name=op.f('pk_desk_edit'))
    )
    op.create_table('reading_answer',
    sa.Column('reading_id', sa.Integer(), nullable=False),
    sa.Column('question_id', sa.Integer(), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('verdict', sa.String(length=16), nullable=False),
    sa.Column('note', sa.String(length=1000), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['question_id'], ['desk_question.id'], name=op.f('fk_reading_answer_question_id_desk_question'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['reading_id'], ['reading.id'], name=op.f('fk_reading_answer_reading_id_reading'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('reading_id', 'question_id', name=op.f('pk_reading_answer'))
    )
    with op.batch_alter_table('reading_answer', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_reading_answer_question_id'), ['question_id'], unique=False)

    # In place: on SQLite a batch would copy the table, and its deletion would cascade.
    op.add_column('question_set', sa.Column('languages', sa.String(length=40), server_default='fr en', nullable=False))
    op.add_column('question_set', sa.Column('is_from_desk', sa.Boolean(), server_default=sa.false(), nullable=False))



def downgrade() -> None:
    """Take back."""
    op.drop_column('question_set', 'is_from_desk')
    op.drop_column('question_set', 'languages')

    with op.batch_alter_table('reading_answer', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_reading_answer_question_id'))

    op.drop_table('reading_answer')
    op.drop_table('desk_edit')
    with op.batch_alter_table('set_share', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_set_share_trainer_id'))

    op.drop_table('set_share')
    op.drop_table('set_edition')
    with op.batch_alter_table('reading', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_reading_reader_id'))

    op.drop_table('reading')
    with op.batch_alter_table('desk_set_document', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_desk_set_document_document_id'))

    op.drop_table('desk_set_document')
    op.drop_table('desk_question')
    with op.batch_alter_table('comment', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_comment_thread_id'))

    op.drop_table('comment')
    with op.batch_alter_table('thread', schema=None) as batch_op:
        batch_op.drop_index('ix_thread_set_slug_question_key')
        batch_op.drop_index(batch_op.f('ix_thread_player_id'))

    op.drop_table('thread')
    with op.batch_alter_table('desk_set', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_desk_set_owner_id'))

    op.drop_table('desk_set')
    with op.batch_alter_table('desk_document', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_desk_document_owner_id'))

    op.drop_table('desk_document')
