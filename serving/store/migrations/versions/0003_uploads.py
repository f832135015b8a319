"""Files that were uploaded, and the work on them."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "uploads",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("received", _TIME, nullable=False),
        sa.Column("by", sa.String, nullable=False),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("form", sa.String(8), nullable=False),
        sa.Column("packed", sa.String(8), nullable=False),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("seen", sa.JSON(none_as_null=True)),
    )
    op.create_table(
        "jobs",
        sa.Column(
            "upload",
            sa.String(36),
            sa.ForeignKey("uploads.id", ondelete="CASCADE"),
            primary_key=True,
        ),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("asked", sa.JSON(none_as_null=True)),
        sa.Column("since", _TIME, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("owner", sa.String),
        sa.Column("expires", _TIME),
        sa.Column("progress", sa.JSON, nullable=False),
        sa.Column("error", sa.Text),
    )
    op.create_index("jobs_by_state", "jobs", ["kind", "state", "since"])
