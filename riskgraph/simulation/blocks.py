"""Blocks: a function of a block's number in, its results in the order of the numbers out, calculated side by side."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")
Progress = Callable[[int, int], None]
"""Is told how many blocks are done, and of how many."""


def run_blocks(
    work: Callable[[int], T], blocks: int, *, threads: int | None = None, progress: Progress | None = None
) -> Iterator[T]:
    """The results of ``work(0)`` to ``work(blocks - 1)``; no more than two a thread wait to be taken.

    ``threads`` is as many as there are processors where None, the caller's among them. An interrupt ends after the
    blocks that are under way.
    """
    threads = min(threads or os.cpu_count() or 1, blocks)
    results = _share(work, blocks, threads) if threads > 1 else map(work, range(blocks))
    for block, result in enumerate(results):
        yield result
        if progress:
            progress(block + 1, blocks)


def _share(work: Callable[[int], T], blocks: int, threads: int) -> Iterator[T]:
    """The results, calculated by helpers and by the caller.

    A caller that only waited would leave its processor to a helper, which the system takes milliseconds to move there.
    """
    waiting: deque[Future[T]] = deque()
    with ThreadPoolExecutor(threads - 1) as pool:
        try:
            for block in range(blocks):
                last = min(block + 2 * threads, blocks)
                waiting.extend(pool.submit(work, later) for later in range(block + len(waiting), last))
                while not waiting[0].done():
                    place = next((place for place, future in enumerate(waiting) if future.cancel()), None)
                    if place is None:  # Helpers are at all of them.
                        break
                    waiting[place] = Future()
                    waiting[place].set_result(work(block + place))
                yield waiting.popleft().result()
        finally:
            pool.shutdown(wait=True, cancel_futures=True)
