"""The same work on several items → its results, in as many processes as there are cores."""

import multiprocessing
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from typing import Any, Final, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

_task: Callable[..., Any] | None = None  # of a child, inherited by fork: it is not pickled
_FORK: Final = "fork"


def _hold(task: Callable[..., Any]) -> None:
    global _task  # noqa: PLW0603  (set once, in the child)
    _task = task


def _run(item: Any) -> Any:
    assert _task is not None  # noqa: S101  (the initialiser has run)
    return _task(item)


def each(task: Callable[[Item], Result], items: Sequence[Item]) -> list[Result]:
    """Return task(item) for each item, in their order; one after the other where fork is missing.

    The task may hold whatever it likes, since a fork inherits it; its results are pickled.
    """
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1
    if _FORK not in multiprocessing.get_all_start_methods() or min(cores, len(items)) < 2:  # noqa: PLR2004
        return [task(item) for item in items]
    with ProcessPoolExecutor(
        min(cores, len(items)),
        mp_context=multiprocessing.get_context(_FORK),
        initializer=_hold,
        initargs=(task,),
    ) as pool:
        return list(pool.map(_run, items))
