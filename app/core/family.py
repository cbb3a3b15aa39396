"""The serving processes of a parent that opened the listening socket: what waits in it survives one that dies."""

import logging
import os
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from types import FrameType
from typing import NoReturn

PAUSE_SECONDS = 0.5  # before a process that died is replaced
SIGNALS = (signal.SIGTERM, signal.SIGINT)

log = logging.getLogger("koubo.server")


@dataclass
class Family:
    """The serving processes, made by forking; one that dies is replaced until the family is told to stop."""

    work: Callable[[], None]
    children: set[int] = field(default_factory=set)
    is_stopping: bool = False

    def run(self, count: int) -> None:
        for number in SIGNALS:
            signal.signal(number, self._stop)
        for _ in range(count):
            self._add()
        while self.children:
            child, status = os.wait()
            self.children.discard(child)
            if not self.is_stopping:
                log.error("a serving process ended with status %s; another begins", os.waitstatus_to_exitcode(status))
                time.sleep(PAUSE_SECONDS)
                self._add()

    def _add(self) -> None:
        signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)  # the child unblocks them once it has handlers of its own
        if not self.is_stopping:
            child = os.fork()
            if child == 0:
                self._work_and_end()
            self.children.add(child)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)

    def _work_and_end(self) -> NoReturn:
        status = 1
        try:
            self.work()
            status = 0
        except BaseException:
            log.exception("a serving process fails")
        finally:
            os._exit(status)

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self.is_stopping = True
        for child in self.children:
            os.kill(child, signal.SIGTERM)
