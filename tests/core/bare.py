"""An application without a database, on which forms and templates are tried."""

from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

from flask import Flask, render_template_string
from flask_babel import Babel
from flask_wtf import CSRFProtect

from app.core import templating

ROOT = Path(__file__).resolve().parents[2]
NOW = datetime(2026, 11, 23, 5, 5, 10, tzinfo=UTC)
CITY = SimpleNamespace(
    name="見本市",
    short_name="見本",
    slug="mihon",
    mark="見",
    hue="cyan",
    contact_department="総務部 人事課",
    contact_phone="03-0000-0000",
    contact_hours="平日 8:30–17:15",
)


def bare_app(*, demo: bool = False) -> Flask:
    """Make an application with our templates and their filters only."""
    app = Flask("bare", root_path=str(ROOT), template_folder="templates", static_folder="static")
    app.config.update(SECRET_KEY="only-for-this-test", DEMO=demo, BABEL_DEFAULT_LOCALE="ja")
    Babel(app)
    CSRFProtect(app)
    templating.init_app(app, now=lambda: NOW)
    return app


def render(app: Flask, source: str, path: str = "/", **values: object) -> str:
    """Render a template given as text inside a request to `path`."""
    with app.test_request_context(path):
        return render_template_string(source, **values)
