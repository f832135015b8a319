"""The allow list."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make its table."""
    names = ("key", "value", "owner", "reason")
    op.create_table(
        "allowed",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("kind", sa.String(8), nullable=False),
        *(sa.Column(name, sa.String, nullable=False) for name in names),
        sa.Column("until", sa.Date, nullable=False),
        sa.Column("added", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String, nullable=False),
        sa.UniqueConstraint("kind", "key"),
    )
