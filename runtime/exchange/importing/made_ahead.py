"""Makes the next items on a thread of their own while those before are used."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, TypeVar

Item = TypeVar("Item")

AHEAD = 2
"""Items that are made before somebody asks for them."""

_END: Any = object()


@contextmanager
def made_ahead(items: Iterable[Item]) -> Iterator[Iterator[Item]]:
    """The same items in the same order; what making them raises is raised where the item is asked for.

    The thread is gone when the block is left, however it is left.
    """
    maker = ThreadPoolExecutor(1, "made-ahead")
    making = iter(items)

    def used() -> Iterator[Item]:
        coming = deque(maker.submit(next, making, _END) for _ in range(AHEAD))
        while (item := coming.popleft().result()) is not _END:
            coming.append(maker.submit(next, making, _END))
            yield item

    try:
        yield used()
    finally:
        maker.shutdown(wait=True, cancel_futures=True)
