"""Koubo: cities publish fixed-term and side-job openings, take applications, and defend their results."""

import app.core.sqlite_library  # noqa: F401, I001  # first: it chooses the SQLite library of the process

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from app import wiring
from config import Settings, require_safe


def create_app(settings: Settings | None = None) -> Flask:
    """Build the application from its settings (by default, from the environment).

    Raises: UnsafeSettings for an unsafe production start; UndeclaredAction for a route without an action.
    """
    settings = settings or Settings()
    require_safe(settings)
    app = Flask(__name__, root_path=str(wiring.ROOT), template_folder="templates", static_folder="static")
    wiring.configure(app, settings)
    wiring.add_extensions(app)
    wiring.add_blueprints(app)
    wiring.add_commands(app)
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    return app
