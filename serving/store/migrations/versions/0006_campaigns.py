"""Campaigns by their size, and what people have tied or cut apart by hand."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make their tables, and list the campaigns that there are."""
    op.create_table(
        "campaigns",
        sa.Column("name", sa.String(36), primary_key=True),
        sa.Column("size", sa.Integer, nullable=False),
    )
    op.create_index("campaigns_by_size", "campaigns", ["size", "name"])
    op.execute(
        "INSERT INTO campaigns SELECT campaign, max(size) FROM ads "
        "WHERE campaign IS NOT NULL GROUP BY campaign"
    )
    op.create_table(
        "bonds",
        *(
            sa.Column(
                name,
                sa.BigInteger().with_variant(sa.Integer, "sqlite"),
                sa.ForeignKey("ads.seq", ondelete="CASCADE"),
                primary_key=True,
                index=name == "other",
            )
            for name in ("one", "other")
        ),
    )
    op.create_table(
        "cuts",
        *(
            sa.Column(
                name,
                sa.String(36),
                sa.ForeignKey("campaigns.name", ondelete="CASCADE"),
                primary_key=True,
                index=name == "other",
            )
            for name in ("one", "other")
        ),
    )
    op.drop_index("ads_by_campaign", "ads")
    op.create_index("ads_by_campaign", "ads", ["campaign", "seq", "size", "status", "risk"])
