"""Files that wait for their trainer's word.

Revision ID: 0005
Revises: 0004
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table('desk_upload',
    sa.Column('id', sa.String(length=22), nullable=False),
    sa.Column('trainer_id', sa.Integer(), nullable=False),
    sa.Column('set_id', sa.Integer(), nullable=True),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('data', sa.LargeBinary(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['set_id'], ['desk_set.id'], name=op.f('fk_desk_upload_set_id_desk_set'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['trainer_id'], ['player.id'], name=op.f('fk_desk_upload_trainer_id_player'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_desk_upload')),
    sa.UniqueConstraint('trainer_id', name=op.f('uq_desk_upload_trainer_id'))
    )
    with op.batch_alter_table('desk_upload', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_desk_upload_set_id'), ['set_id'], unique=False)


def downgrade() -> None:
    """Take back."""
    with op.batch_alter_table('desk_upload', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_desk_upload_set_id'))

    op.drop_table('desk_upload')
