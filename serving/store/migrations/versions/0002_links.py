"""What ties ads together."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_SERIAL = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Make the tables; ads that are stored already stay untied."""
    op.drop_index("ads_by_campaign", "ads")
    op.create_index("ads_by_campaign", "ads", ["campaign", "size"])
    op.create_table(
        "forms",
        sa.Column("id", _SERIAL, primary_key=True),
        sa.Column("digest", sa.BigInteger, nullable=False, unique=True),
    )
    op.create_table(
        "bands",
        sa.Column("band", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("form", sa.BigInteger, primary_key=True, autoincrement=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "shapes",
        sa.Column("seq", _SERIAL, sa.ForeignKey("ads.seq", ondelete="CASCADE"), primary_key=True),
        sa.Column("form", sa.BigInteger, nullable=False),
    )
    op.create_index("shapes_by_form", "shapes", ["form", "seq"])
    op.create_table(
        "contacts",
        sa.Column("key", sa.String, primary_key=True),
        sa.Column("seq", _SERIAL, sa.ForeignKey("ads.seq", ondelete="CASCADE"), primary_key=True),
        sqlite_with_rowid=False,
    )
    op.create_index("contacts_by_seq", "contacts", ["seq"])
