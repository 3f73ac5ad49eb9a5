"""Faults between executors and their server."""

import time

from tests.faults.fault import DEAD_HOST_SECONDS, Fault, last
from tests.faults.proxy import Proxy
from tests.faults.stages import Stage, behind_proxy

RESET_PAUSE_SECONDS = 0.3
LATENCY_SECONDS = (0.1, 0.3)


def _proxy(stage: Stage) -> Proxy:
    if stage.proxy is None:
        raise TypeError("this stage has no proxy")
    return stage.proxy


def _reset(stage: Stage, seconds: float) -> None:
    last(seconds, RESET_PAUSE_SECONDS, _proxy(stage).reset_all)


def _delay(stage: Stage, seconds: float) -> None:
    _proxy(stage).delay(*LATENCY_SECONDS)
    time.sleep(seconds)
    _proxy(stage).restore()


def _drop(stage: Stage, seconds: float) -> None:
    _proxy(stage).drop()
    time.sleep(seconds)
    _proxy(stage).restore()


def _black_hole(stage: Stage, seconds: float) -> None:
    _proxy(stage).hold()
    time.sleep(seconds)
    _proxy(stage).restore()


FAULTS = (
    Fault(name="proxy_reset", staging=behind_proxy, strike=_reset),
    Fault(name="proxy_delay", staging=behind_proxy, strike=_delay),
    Fault(name="proxy_drop", staging=behind_proxy, strike=_drop, recovery_seconds=DEAD_HOST_SECONDS),
    Fault(name="proxy_black_hole", staging=behind_proxy, strike=_black_hole),
)
