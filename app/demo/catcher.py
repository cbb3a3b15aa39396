"""The demo's mail catcher: takes every mail on loopback into a Maildir and sends none on.

python -P app/demo/catcher.py PORT FOLDER
"""

import signal
import sys
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Mailbox


def main(port: int, folder: str) -> None:
    """Catch mail until SIGTERM or SIGINT."""
    signals = {signal.SIGTERM, signal.SIGINT}
    signal.pthread_sigmask(signal.SIG_BLOCK, signals)
    controller = Controller(Mailbox(Path(folder)), hostname="127.0.0.1", port=port)
    controller.start()
    signal.sigwait(signals)
    controller.stop()


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
