"""`bin/flask worker`."""

import os
import sys
from contextlib import nullcontext

import click
from flask import current_app

from app.extensions import db
from app.outbox.worker import Job, SecondWorker, only_worker, run, run_once, stop_on_signals
from config import Settings

BEHIND = 5  # in the queue for the processor: whoever waits for a page comes before mail


@click.command("worker")
@click.option("--once", is_flag=True, help="Do every job once and end; exit 1 when one failed.")
def worker_command(once: bool) -> None:
    """Send due mail and carry out what else is due, until stopped."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]  # the proxy does not reach other threads
    app.extensions["koubo.check_start"]()
    settings: Settings = app.extensions["koubo.settings"]
    jobs = [Job.named(path, seconds) for path, seconds in app.extensions["koubo.jobs"]]
    alone = only_worker(settings.data_dir / "worker.lock") if db.engine.dialect.name == "sqlite" else nullcontext()
    try:
        with alone:
            if once:
                sys.exit(0 if run_once(app, jobs) else 1)
            os.nice(BEHIND)
            run(app, jobs, stop=stop_on_signals())
    except SecondWorker as refusal:
        click.echo(str(refusal), err=True)
        sys.exit(1)
