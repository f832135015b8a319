"""The first tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_SERIAL = sa.BigInteger().with_variant(sa.Integer, "sqlite")
_TIME = sa.DateTime(timezone=True)
_ORDERS = (("risk", "seq"), ("nearness", "seq"), ("seq",), ("size", "seq"))


def upgrade() -> None:
    """Make them."""
    _ads()
    _decisions()
    _words()


def _ads() -> None:
    op.create_table(
        "ads",
        sa.Column("seq", _SERIAL, primary_key=True),
        sa.Column("id", sa.String(36), nullable=False, unique=True),
        sa.Column("key", sa.String(64), nullable=False, unique=True),
        sa.Column("received", _TIME, nullable=False),
        sa.Column("source", sa.String, nullable=False),
        sa.Column("external_id", sa.String),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("risk", sa.Double, nullable=False),
        sa.Column("nearness", sa.Double, nullable=False),
        sa.Column("band", sa.String(8), nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("found", sa.BigInteger, nullable=False),
        sa.Column("model", sa.String, nullable=False),
        sa.Column("status", sa.String(8), nullable=False),
        sa.Column("verdict", sa.String(16)),
        sa.Column("assignee", sa.String, nullable=False),
        sa.Column("campaign", sa.String(36)),
        sa.Column("size", sa.Integer, nullable=False),
        sqlite_autoincrement=True,
    )
    for order in _ORDERS:
        also = ("language", "source", "assignee", "found")
        op.create_index(f"ads_by_{order[0]}", "ads", ["status", "band", *order, *also])
    op.create_index("ads_by_campaign", "ads", ["campaign"])
    op.create_table(
        "texts",
        sa.Column("seq", _SERIAL, sa.ForeignKey("ads.seq", ondelete="CASCADE"), primary_key=True),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("nuls", sa.JSON),
        sa.Column("result", sa.JSON, nullable=False),
    )
    op.create_table(
        "indicators",
        sa.Column("bit", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("name", sa.String, nullable=False, unique=True),
    )
    keys = [("status", 8), ("band", 8), ("language", 8), ("source", None), ("assignee", None)]
    op.create_table(
        "tallies",
        *(sa.Column(name, sa.String(size), primary_key=True) for name, size in keys),
        sa.Column("found", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("n", sa.BigInteger, nullable=False),
    )


def _decisions() -> None:
    op.create_table(
        "decisions",
        sa.Column("seq", _SERIAL, primary_key=True),
        sa.Column("id", sa.String(36), nullable=False, unique=True),
        sa.Column(
            "ad",
            sa.String(36),
            sa.ForeignKey("ads.id", ondelete="CASCADE"),
            nullable=False,
            index=True,
        ),
        sa.Column("at", _TIME, nullable=False),
        sa.Column("by", sa.String, nullable=False),
        sa.Column("verdict", sa.String(16), nullable=False),
        sa.Column("reasons", sa.JSON, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("indicators", sa.JSON),
        sa.Column("marked", sa.JSON, nullable=False),
        sa.Column("unmarked", sa.JSON, nullable=False),
        sa.Column("undone", _TIME),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "audit",
        sa.Column("seq", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("by", sa.String, nullable=False),
        sa.Column("action", sa.String(16), nullable=False),
        sa.Column("subject", sa.String, nullable=False),
        sa.Column("detail", sa.Text, nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
    )


def _words() -> None:
    """The full-text index: of the same two columns in both databases."""
    if op.get_bind().dialect.name == "sqlite":
        # Of a word only which ads hold it; the tokenizer leaves alone what is not ASCII.
        op.execute(
            "CREATE VIRTUAL TABLE words "
            "USING fts5(terms, content='', detail=none, tokenize='ascii')"
        )
        return
    op.execute("CREATE TABLE words (rowid BIGINT PRIMARY KEY, terms TSVECTOR NOT NULL)")
    op.execute("CREATE INDEX words_by_terms ON words USING gin (terms)")
