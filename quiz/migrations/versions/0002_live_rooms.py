"""Live rooms and classes.

Revision ID: 0002
Revises: 0001
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""

    op.create_table('classroom',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('trainer_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('code', sa.String(length=6), nullable=True),
    sa.Column('retention_days', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('retention_days BETWEEN 1 AND 730', name=op.f('ck_classroom_retention_days')),
    sa.ForeignKeyConstraint(['trainer_id'], ['player.id'], name=op.f('fk_classroom_trainer_id_player'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_classroom')),
    sa.UniqueConstraint('code', name=op.f('uq_classroom_code'))
    )
    with op.batch_alter_table('classroom', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_classroom_trainer_id'), ['trainer_id'], unique=False)

    op.create_table('membership',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('classroom_id', sa.Integer(), nullable=False),
    sa.Column('player_id', sa.Integer(), nullable=False),
    sa.Column('label', sa.String(length=40), nullable=False),
    sa.Column('is_issued', sa.Boolean(), nullable=False),
    sa.Column('joined_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['classroom_id'], ['classroom.id'], name=op.f('fk_membership_classroom_id_classroom'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['player_id'], ['player.id'], name=op.f('fk_membership_player_id_player'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_membership')),
    sa.UniqueConstraint('classroom_id', 'player_id', name=op.f('uq_membership_classroom_id_player_id'))
    )
    with op.batch_alter_table('membership', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_membership_player_id'), ['player_id'], unique=False)

    op.create_table('room',
    sa.Column('id', sa.String(length=22), nullable=False),
    sa.Column('host_id', sa.Integer(), nullable=False),
    sa.Column('classroom_id', sa.Integer(), nullable=True),
    sa.Column('code', sa.String(length=6), nullable=True),
    sa.Column('sets', sa.JSON(), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('mode', sa.Enum('quick', 'two_looks', 'evidence', name='mode', native_enum=False, create_constraint=True, length=16), nullable=False),
    sa.Column('scoring', sa.Enum('confidence', 'simple', name='scoring', native_enum=False, create_constraint=True, length=16), nullable=False),
    sa.Column('timer', sa.Integer(), nullable=True),
    sa.Column('leaderboard', sa.Enum('off', 'tiers', 'full', name='leaderboard', native_enum=False, create_constraint=True, length=16), nullable=False),
    sa.Column('naming', sa.Enum('generated', 'chosen', name='naming', native_enum=False, create_constraint=True, length=16), nullable=False),
    sa.Column('phase', sa.Enum('lobby', 'question', 'second_look', 'closed', 'reveal', 'standings', 'debrief', 'finished', name='phase', native_enum=False, create_constraint=True, length=16), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('since', sa.DateTime(timezone=True), nullable=False),
    sa.Column('deadline', sa.DateTime(timezone=True), nullable=True),
    sa.Column('paused_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('is_locked', sa.Boolean(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('start_key', sa.String(length=43), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('finished_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('position BETWEEN 0 AND size', name=op.f('ck_room_position')),
    sa.CheckConstraint('timer BETWEEN 30 AND 300', name=op.f('ck_room_timer')),
    sa.ForeignKeyConstraint(['classroom_id'], ['classroom.id'], name=op.f('fk_room_classroom_id_classroom'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['host_id'], ['player.id'], name=op.f('fk_room_host_id_player'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_room')),
    sa.UniqueConstraint('code', name=op.f('uq_room_code')),
    sa.UniqueConstraint('host_id', 'start_key', name=op.f('uq_room_host_id_start_key'))
    )
    with op.batch_alter_table('room', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_room_classroom_id'), ['classroom_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_room_host_id'), ['host_id'], unique=False)

    op.create_table('room_question',
    sa.Column('room_id', sa.String(length=22), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('revision_id', sa.Integer(), nullable=False),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('revealed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('is_skipped', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['revision_id'], ['question_revision.id'], name=op.f('fk_room_question_revision_id_question_revision')),
    sa.ForeignKeyConstraint(['room_id'], ['room.id'], name=op.f('fk_room_question_room_id_room'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('room_id', 'position', name=op.f('pk_room_question'))
    )
    op.create_table('seat',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('room_id', sa.String(length=22), nullable=False),
    sa.Column('player_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('name_key', sa.String(length=80), nullable=False),
    sa.Column('joined_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('removed_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['player_id'], ['player.id'], name=op.f('fk_seat_player_id_player'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['room_id'], ['room.id'], name=op.f('fk_seat_room_id_room'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_seat')),
    sa.UniqueConstraint('room_id', 'name_key', name=op.f('uq_seat_room_id_name_key')),
    sa.UniqueConstraint('room_id', 'player_id', name=op.f('uq_seat_room_id_player_id'))
    )
    with op.batch_alter_table('seat', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_seat_player_id'), ['player_id'], unique=False)

    op.create_table('room_response',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('seat_id', sa.Integer(), nullable=False),
    sa.Column('room_id', sa.String(length=22), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('look', sa.Enum('first', 'final', name='look', native_enum=False, create_constraint=True, length=16), nullable=False),
    sa.Column('verdict', sa.Enum('true', 'false', 'unverified', name='verdict', native_enum=False, create_constraint=True, length=16), nullable=False),
    sa.Column('confidence', sa.Integer(), nullable=False),
    sa.Column('pointer', sa.Text(), nullable=True),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('key', sa.String(length=43), nullable=False),
    sa.CheckConstraint('confidence BETWEEN 0 AND 3', name=op.f('ck_room_response_confidence')),
    sa.ForeignKeyConstraint(['room_id'], ['room.id'], name=op.f('fk_room_response_room_id_room'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['seat_id'], ['seat.id'], name=op.f('fk_room_response_seat_id_seat'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_room_response')),
    sa.UniqueConstraint('seat_id', 'key', name=op.f('uq_room_response_seat_id_key')),
    sa.UniqueConstraint('seat_id', 'position', 'look', name=op.f('uq_room_response_seat_id_position_look'))
    )
    with op.batch_alter_table('room_response', schema=None) as batch_op:
        batch_op.create_index('ix_room_response_room_id_position', ['room_id', 'position'], unique=False)

    # In place: a batch would make the table anew, and dropping the old one deletes what refers to it.
    op.add_column('player', sa.Column('is_trainer', sa.Boolean(), server_default=sa.false(), nullable=False))



def downgrade() -> None:
    """Take back."""

    op.execute('ALTER TABLE player DROP COLUMN is_trainer')

    with op.batch_alter_table('room_response', schema=None) as batch_op:
        batch_op.drop_index('ix_room_response_room_id_position')

    op.drop_table('room_response')
    with op.batch_alter_table('seat', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_seat_player_id'))

    op.drop_table('seat')
    op.drop_table('room_question')
    with op.batch_alter_table('room', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_room_host_id'))
        batch_op.drop_index(batch_op.f('ix_room_classroom_id'))

    op.drop_table('room')
    with op.batch_alter_table('membership', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_membership_player_id'))

    op.drop_table('membership')
    with op.batch_alter_table('classroom', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_classroom_trainer_id'))

    op.drop_table('classroom')
