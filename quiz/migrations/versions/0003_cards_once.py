"""Sign-in cards are made once, however often the button is pressed.

Revision ID: 0003
Revises: 0002
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.add_column(sa.Column("issue_key", sa.String(length=43), nullable=True))
        batch_op.create_unique_constraint(
            batch_op.f("uq_membership_classroom_id_issue_key"), ["classroom_id", "issue_key"]
        )


def downgrade() -> None:
    """Go back."""
    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.drop_constraint(
            batch_op.f("uq_membership_classroom_id_issue_key"), type_="unique"
        )
        batch_op.drop_column("issue_key")
