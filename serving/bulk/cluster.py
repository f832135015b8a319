"""Workers of a Dask cluster. The package and the model's folder must be in reach of each."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from serving.bulk.engine import STRIKES, Call, Ended
from serving.bulk.errors import BadCluster
from serving.bulk.job import Task

if TYPE_CHECKING:
    from distributed import Client, Future

LOCAL = "local"
#: Calls given to each thread of the cluster, so that none waits for us.
AHEAD = 2
#: Seconds to wait for a scheduler.
WAIT = 10.0


class DaskPool:
    """Calls through a client; Dask itself tries them again when a worker dies."""

    def __init__(self, client: "Client") -> None:
        self._client = client
        self._running: dict[Future[Any], Task] = {}

    def free(self) -> bool:
        """Whether the cluster can take another call; it may grow and shrink meanwhile."""
        threads: int = sum(self._client.nthreads().values())
        return len(self._running) < max(threads, 1) * AHEAD

    def submit(self, task: Task, call: Call, *arguments: object) -> None:
        """Begin `call(task, *arguments)` somewhere."""
        future = self._client.submit(call, task, *arguments, pure=False)
        self._running[future] = task

    def wait(self) -> list[Ended]:
        """Wait for some calls to end; none if nothing runs."""
        from distributed import wait

        if not self._running:
            return []
        done = wait(list(self._running), return_when="FIRST_COMPLETED").done
        return [self._end(future) for future in done]

    def _end(self, future: "Future[Any]") -> Ended:
        from distributed import KilledWorker

        task = self._running.pop(future)
        try:
            return Ended(task, future.result())
        except KilledWorker:  # it has been tried on several workers
            return Ended(task, killed=STRIKES)


def dask_setup(_: object) -> None:
    """What Dask calls in each worker that is started here.

    Ctrl+C reaches the whole group: the parent lets the units end.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)


@contextmanager
def dask_pool(address: str, size: int) -> Iterator[DaskPool]:
    """The cluster at an address, or one of `size` processes here that ends with the context."""
    try:
        from distributed import Client, LocalCluster
    except ImportError as error:
        raise BadCluster(
            "Dask is not installed. Install it with: pip install lurewatch[dask]"
        ) from error
    if address == LOCAL:
        with (
            LocalCluster(
                size, threads_per_worker=1, dashboard_address=None, preload=[__name__]
            ) as cluster,
            Client(cluster) as client,
        ):
            yield DaskPool(client)
        return
    try:
        client = Client(address, timeout=WAIT)
    except (OSError, ValueError) as error:
        raise BadCluster(
            f"There is no Dask scheduler at {address!r} ({error}). Give its address, such as "
            f"tcp://10.0.0.5:8786, or --dask {LOCAL}."
        ) from error
    with client:
        yield DaskPool(client)
