"""Figures of a running service, for Prometheus. None holds a text, a name or a contact."""

from collections.abc import Iterable, Iterator

from prometheus_client import CollectorRegistry, Counter, Histogram, Info, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from model.score import BANDS, Band
from serving.store import tally
from serving.store.engine import Store
from serving.store.errors import StoreAway
from serving.store.values import STATUSES

#: Seconds; one ad takes about a thousandth, a batch or a page some hundredths.
_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)


class Figures:
    """What one service counts, from its start on."""

    def __init__(self, model: str, store: Store | None = None) -> None:
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "lurewatch_requests",
            "Requests answered; route is empty where nothing is.",
            ("method", "route", "status"),
            registry=self._registry,
        )
        self._seconds = Histogram(
            "lurewatch_request_seconds",
            "How long an answer took, to its last byte.",
            ("route",),
            buckets=_BUCKETS,
            registry=self._registry,
        )
        self._scored = Counter(
            "lurewatch_scored_ads", "Ads scored for an answer.", ("band",), registry=self._registry
        )
        for band in BANDS:
            self._scored.labels(band)
        Info("lurewatch_model", "The model in use.", registry=self._registry).info(
            {"version": model}
        )
        if store is not None:
            self._registry.register(_Kept(store))

    def answered(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count a request."""
        self._requests.labels(method, route, status).inc()
        self._seconds.labels(route).observe(seconds)

    def scored(self, bands: Iterable[Band]) -> None:
        """Count ads that were scored."""
        for band in bands:
            self._scored.labels(band).inc()

    def text(self) -> bytes:
        """All figures as Prometheus reads them; asks the database for those that it has."""
        return generate_latest(self._registry)


class _Kept(Collector):
    """What the database holds, and whether it answers."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """The figures of this moment."""
        ads = GaugeMetricFamily("lurewatch_ads", "Ads that are kept.", labels=("status",))
        try:
            with self.store.read() as connection:
                found = tally.by_status(connection)
        except StoreAway:
            found = None
        up = 0 if found is None else 1
        yield GaugeMetricFamily("lurewatch_database_up", "Whether the database answers.", value=up)
        if found is not None:
            for status in STATUSES:
                ads.add_metric((status,), found.get(status, 0))
            yield ads
