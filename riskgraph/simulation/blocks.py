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

    ``threads`` is as many as there are processors where None. An interrupt ends after the blocks that are under way.
    """
    threads = min(threads or os.cpu_count() or 1, blocks) if blocks > 1 else 1
    if threads <= 1:
        for block in range(blocks):
            yield work(block)
            if progress:
                progress(block + 1, blocks)
        return
    waiting: deque[Future[T]] = deque()
    with ThreadPoolExecutor(threads) as pool:
        try:
            for block in range(blocks + 2 * threads):
                if block < blocks:
                    waiting.append(pool.submit(work, block))
                if waiting and (block >= 2 * threads or block >= blocks):
                    yield waiting.popleft().result()
                    if progress:
                        progress(min(block - 2 * threads, blocks - 1) + 1, blocks)
        finally:
            pool.shutdown(wait=True, cancel_futures=True)
