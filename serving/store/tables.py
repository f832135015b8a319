"""The tables, as the last migration leaves them.

`ads` is narrow, so that a walk along one of its indexes stays fast; what is long is in `texts`.
An ad's `seq` is its place in the order of arrival; people and programs see its `id`.
"""

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    Date,
    DateTime,
    Double,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

metadata = MetaData()

_Serial = BigInteger().with_variant(Integer, "sqlite")  # SQLite numbers only INTEGER by itself

ads = Table(
    "ads",
    metadata,
    Column("seq", _Serial, primary_key=True),
    Column("id", String(36), nullable=False, unique=True),
    Column("key", String(64), nullable=False, unique=True),  # digest of source, name and text
    Column("received", DateTime(timezone=True), nullable=False),
    Column("source", String, nullable=False),
    Column("external_id", String),
    Column("sha256", String(64), nullable=False),
    Column("risk", Double, nullable=False),
    Column("nearness", Double, nullable=False),  # minus the distance to the review threshold
    Column("band", String(8), nullable=False),
    Column("language", String(8), nullable=False),
    Column("found", BigInteger, nullable=False),  # a bit for each indicator, as in `indicators`
    Column("model", String, nullable=False),
    Column("status", String(8), nullable=False),
    Column("verdict", String(16)),
    Column("assignee", String, nullable=False),  # empty for nobody
    Column("campaign", String(36)),
    Column("size", Integer, nullable=False),  # how many ads the campaign has
    sqlite_autoincrement=True,  # a purged ad's number is never given again
)

_ALSO = (ads.c.language, ads.c.source, ads.c.assignee, ads.c.found)
for _order in ("risk", "nearness", "seq", "size"):
    # With all that can be filtered inside, a walk needs nothing but the index.
    _by = (ads.c.seq,) if _order == "seq" else (ads.c[_order], ads.c.seq)
    Index(f"ads_by_{_order}", ads.c.status, ads.c.band, *_by, *_ALSO)
Index("ads_by_campaign", ads.c.campaign, ads.c.seq, ads.c.size, ads.c.status, ads.c.risk)

texts = Table(
    "texts",
    metadata,
    Column("seq", ForeignKey(ads.c.seq, ondelete="CASCADE"), primary_key=True),
    Column("text", Text, nullable=False),
    Column("nuls", JSON(none_as_null=True)),  # where the text has U+0000, which PostgreSQL refuses
    Column("result", JSON, nullable=False),
)

indicators = Table(
    "indicators",
    metadata,
    Column("bit", Integer, primary_key=True, autoincrement=False),
    Column("name", String, nullable=False, unique=True),
)

#: How many ads there are of each kind, so that counts need not visit the ads.
tallies = Table(
    "tallies",
    metadata,
    Column("status", String(8), primary_key=True),
    Column("band", String(8), primary_key=True),
    Column("language", String(8), primary_key=True),
    Column("source", String, primary_key=True),
    Column("assignee", String, primary_key=True),
    Column("found", BigInteger, primary_key=True, autoincrement=False),
    Column("n", BigInteger, nullable=False),
)

decisions = Table(
    "decisions",
    metadata,
    Column("seq", _Serial, primary_key=True),
    Column("id", String(36), nullable=False, unique=True),
    Column("ad", ForeignKey(ads.c.id, ondelete="CASCADE"), nullable=False, index=True),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("by", String, nullable=False),
    Column("verdict", String(16), nullable=False),
    Column("reasons", JSON, nullable=False),
    Column("note", Text, nullable=False),
    Column("indicators", JSON(none_as_null=True)),
    Column("marked", JSON, nullable=False),
    Column("unmarked", JSON, nullable=False),
    Column("undone", DateTime(timezone=True)),
    sqlite_autoincrement=True,
)

audit = Table(
    "audit",
    metadata,
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("at", String(32), nullable=False),
    Column("by", String, nullable=False),
    Column("action", String(16), nullable=False),
    Column("subject", String, nullable=False),
    Column("detail", Text, nullable=False),
    Column("hash", String(64), nullable=False),
)

#: Texts that are alike but for case, signs and numbers (see `links.nearby`), by their hash.
forms = Table(
    "forms",
    metadata,
    Column("id", _Serial, primary_key=True),
    Column("digest", BigInteger, nullable=False, unique=True),
)

#: Where near-copies are looked up: nothing but numbers, 32 for each form.
bands = Table(
    "bands",
    metadata,
    Column("band", BigInteger, primary_key=True, autoincrement=False),
    Column("form", BigInteger, primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)

#: The form of each ad that is long enough to have one.
shapes = Table(
    "shapes",
    metadata,
    Column("seq", ForeignKey(ads.c.seq, ondelete="CASCADE"), primary_key=True),
    Column("form", BigInteger, nullable=False),
)
Index("shapes_by_form", shapes.c.form, shapes.c.seq)

contacts = Table(
    "contacts",
    metadata,
    Column("key", String, primary_key=True),  # kind and value, as `Contact.key`
    Column("seq", ForeignKey(ads.c.seq, ondelete="CASCADE"), primary_key=True),
    sqlite_with_rowid=False,
)
Index("contacts_by_seq", contacts.c.seq)

#: Ads that belong together, by their number. The size is that of `ads.size`.
campaigns = Table(
    "campaigns",
    metadata,
    Column("name", String(36), primary_key=True),
    Column("size", Integer, nullable=False),
)
Index("campaigns_by_size", campaigns.c.size, campaigns.c.name)

#: Pairs of ads that people have tied by hand.
bonds = Table(
    "bonds",
    metadata,
    Column("one", ForeignKey(ads.c.seq, ondelete="CASCADE"), primary_key=True),
    Column("other", ForeignKey(ads.c.seq, ondelete="CASCADE"), primary_key=True, index=True),
)

#: Pairs of campaigns that people have cut apart: nothing joins them by itself. `one` < `other`.
cuts = Table(
    "cuts",
    metadata,
    Column("one", ForeignKey(campaigns.c.name, ondelete="CASCADE"), primary_key=True),
    Column("other", ForeignKey(campaigns.c.name, ondelete="CASCADE"), primary_key=True, index=True),
)

uploads = Table(
    "uploads",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("received", DateTime(timezone=True), nullable=False),
    Column("by", String, nullable=False),
    Column("name", String, nullable=False),  # a label: no path is made of it
    Column("form", String(8), nullable=False),
    Column("packed", String(8), nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("seen", JSON(none_as_null=True)),  # its columns and first rows
)

#: The work on each upload. Whoever does it is `owner` until `expires`, and renews that in time.
jobs = Table(
    "jobs",
    metadata,
    Column("upload", ForeignKey(uploads.c.id, ondelete="CASCADE"), primary_key=True),
    Column("kind", String(8), nullable=False),
    Column("asked", JSON(none_as_null=True)),
    Column("since", DateTime(timezone=True), nullable=False),
    Column("state", String(16), nullable=False),
    Column("attempts", Integer, nullable=False),  # since it last moved on
    Column("owner", String),
    Column("expires", DateTime(timezone=True)),
    Column("progress", JSON, nullable=False),
    Column("error", Text),
)
Index("jobs_by_state", jobs.c.kind, jobs.c.state, jobs.c.since)

#: What somebody answers for: employers, phone numbers and domains.
allowed = Table(
    "allowed",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("kind", String(8), nullable=False),
    Column("key", String, nullable=False),
    Column("value", String, nullable=False),
    Column("owner", String, nullable=False),
    Column("reason", String, nullable=False),
    Column("until", Date, nullable=False),
    Column("added", DateTime(timezone=True), nullable=False),
    Column("by", String, nullable=False),
    UniqueConstraint("kind", "key"),
)

people = Table(
    "people",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("name", String, nullable=False, unique=True),
    Column("role", String(8), nullable=False),
    Column("password", String, nullable=False),  # as Argon2 writes it, with its salt
    Column("added", DateTime(timezone=True), nullable=False),
    Column("by", String, nullable=False),
)

#: Who is logged in. Of the secret that the browser holds there is only the hash.
sessions = Table(
    "sessions",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("person", ForeignKey(people.c.id, ondelete="CASCADE"), nullable=False, index=True),
    Column("until", DateTime(timezone=True), nullable=False),
)

api_keys = Table(
    "api_keys",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("name", String, nullable=False, unique=True),
    Column("role", String(8), nullable=False),
    Column("digest", String(64), nullable=False, unique=True),
    Column("a_minute", Integer, nullable=False),  # requests that it may make
    Column("added", DateTime(timezone=True), nullable=False),
    Column("by", String, nullable=False),
)
