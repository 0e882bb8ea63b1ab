"""Long computations that let others go on, also where one thread serves everybody (gevent)."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


def is_gevent() -> bool:
    """Whether gevent runs this process: its threads are greenlets that take turns."""
    monkey = sys.modules.get("gevent.monkey")
    return monkey is not None and bool(monkey.is_module_patched("threading"))


def blocking(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """What `work` gives or raises; under gevent it runs in a real thread meanwhile.

    So `work` touches nothing that others use: no session, no request.
    """
    if not is_gevent():
        return work(*args, **kwargs)
    import gevent

    result: T = gevent.get_hub().threadpool.apply(work, args, kwargs)
    return result
