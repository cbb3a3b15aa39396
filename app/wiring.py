"""What `create_app` puts together: settings, extensions, blueprints, commands."""

import logging
from datetime import timedelta
from functools import partial
from importlib import import_module
from pathlib import Path
from urllib.parse import urlsplit

from flask import Flask
from sqlalchemy.orm import Session

from app.accounts import guard
from app.core import (
    access,
    compression,
    csrf,
    database,
    errors_pages,
    form_size,
    headers,
    language,
    request_id,
    templating,
)
from app.correspondence.marks import marks
from app.demo.loader import is_loaded
from app.eligibility.rules import parse_rule
from app.extensions import babel, db, mail, migrate
from app.reports import menu
from app.reports.record_names import record_names, subject_of
from app.reviews.queries import has_scoring_begun, is_under_way, openings_scored_by
from config import Environment, Settings, UnsafeSettings

ROOT = Path(__file__).resolve().parent.parent

MODELS = (
    "organisations",
    "accounts",
    "openings",
    "applications",
    "correspondence",
    "reviews",
    "selection",
    "audit",
    "outbox",
)
MORE_MODELS = (
    "app.core.limits",
    "app.openings.revision_models",
    "app.openings.deadline_models",
    "app.openings.amendment_models",
    "app.applications.screening_models",
    "app.applications.late_models",
    "app.correspondence.attachment_models",
    "app.correspondence.erasing_models",
)
BLUEPRINTS = (
    ("app.core.health", "health"),
    ("app.organisations.routes", "site"),
    ("app.organisations.staff_routes", "staff_settings"),
    ("app.openings.routes", "openings"),
    ("app.openings.staff_routes", "staff_openings"),
    ("app.eligibility.routes", "eligibility"),
    ("app.accounts.routes", "accounts"),
    ("app.accounts.staff_routes", "staff_accounts"),
    ("app.applications.routes", "apply"),
    ("app.applications.staff_routes", "staff_applications"),
    ("app.correspondence.routes", "correspondence"),
    ("app.correspondence.staff_routes", "staff_correspondence"),
    ("app.reviews.staff_routes", "staff_reviews"),
    ("app.selection.routes", "results"),
    ("app.selection.staff_routes", "staff_selection"),
    ("app.mypage.routes", "mypage"),
    ("app.outbox.staff_routes", "staff_outbox"),
    ("app.audit.staff_routes", "staff_audit"),
    ("app.reports.staff_routes", "staff_reports"),
    ("app.demo.routes", "demo"),
)
ENGINE_OPTIONS = {
    "hide_parameters": True,  # an error's text must not carry what a person typed into the log
    "pool_pre_ping": True,  # a connection that died while idle is replaced
    "pool_size": 10,
    "max_overflow": 40,  # a thread may hold two: the request's own and a short one beside it
}
COMMANDS = ("app.cli",)
JOBS = (  # what the worker does, every so many seconds
    ("app.selection.release:carry_out_due", 1.0),
    ("app.applications.announcing:tell_due", 1.0),
    ("app.applications.late_services:admit_due", 1.0),
    ("app.outbox.delivery:deliver_due", 1.0),
    ("app.applications.reminding:remind_due", 60.0),
    ("app.applications.expiry:let_go", 3_600.0),
    ("app.applications.scanning:scan_due", 5.0),
    ("app.applications.scanning:sweep_files", 86_400.0),
    ("app.correspondence.telling:tell_staff", 60.0),
    ("app.correspondence.accommodation_services:forget_left_behind", 3_600.0),
    ("app.correspondence.attaching:forget_unsent", 3_600.0),
    ("app.accounts.services:disable_idle_accounts", 86_400.0),
)

LOOPBACK = ("127.0.0.1", "localhost")  # probes from the same machine


def configure(app: Flask, settings: Settings) -> None:
    """Translate the typed settings into Flask's."""
    app.extensions["koubo.settings"] = settings
    _hand_to_the_left(app)
    demo_or_test = settings.environment is not Environment.PRODUCTION
    app.config.update(
        SECRET_KEY=settings.secret_key.get_secret_value() or ("koubo-test-or-demo-only" if demo_or_test else None),
        TESTING=settings.environment is Environment.TEST,
        DEMO=settings.is_demo,
        BASE_URL=settings.base_url,
        TRUSTED_HOSTS=[*filter(None, [urlsplit(settings.base_url).hostname]), *LOOPBACK],  # another Host: 400
        SQLALCHEMY_DATABASE_URI=settings.sqlalchemy_url,
        SQLALCHEMY_ENGINE_OPTIONS=ENGINE_OPTIONS,
        MAX_CONTENT_LENGTH=settings.max_request_bytes,
        MAX_FORM_MEMORY_SIZE=1_000_000,
        MAX_FORM_PARTS=3_000,  # forty criteria with the boxes of every kind; MAX_FORM_MEMORY_SIZE bounds them
        BABEL_DEFAULT_LOCALE="ja",
        BABEL_DEFAULT_TIMEZONE="Asia/Tokyo",
    )
    _configure_form_cookie(app, settings)
    _configure_mail(app, settings)
    settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    settings.files_dir.mkdir(exist_ok=True, mode=0o700)


def _hand_to_the_left(app: Flask) -> None:
    """Hand rooms what they ask of rooms to their right, which they do not import."""
    app.extensions["koubo.parse_rule"] = parse_rule  # openings check rules by it and stand to its left
    app.extensions["koubo.marks"] = marks  # the lists of applications show them and stand to its left
    app.extensions["koubo.record_names"] = record_names  # the record shows numbers and titles instead of ids
    app.extensions["koubo.subject_of"] = subject_of
    app.extensions["koubo.has_scoring_begun"] = has_scoring_begun  # likewise: a deadline is not extended then
    app.extensions["koubo.is_under_way"] = is_under_way  # likewise: what people were asked is not amended then
    app.extensions["koubo.openings_scored_by"] = openings_scored_by  # who scores is given no role that shows names


def _configure_form_cookie(app: Flask, settings: Settings) -> None:
    app.config.update(
        SESSION_COOKIE_NAME=csrf.cookie_name("koubo_form", settings.secure_cookies),
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=timedelta(days=31),
        SESSION_REFRESH_EACH_REQUEST=False,  # core.csrf renews it with each page; files carry no cookie
        WTF_CSRF_TIME_LIMIT=None,  # an expired session must never cost typed text (design 50)
        WTF_CSRF_SSL_STRICT=False,  # core.csrf checks Origin and Sec-Fetch-Site on every scheme
    )


def _configure_mail(app: Flask, settings: Settings) -> None:
    sender = settings.mail_sender or "koubo@localhost.localdomain"
    app.config.update(
        MAIL_SERVER=settings.mail_server or "127.0.0.1",
        MAIL_PORT=settings.mail_port,
        MAIL_USE_TLS=settings.mail_use_tls,
        MAIL_USE_SSL=settings.mail_use_ssl,
        MAIL_USERNAME=settings.mail_username or None,
        MAIL_PASSWORD=settings.mail_password.get_secret_value() or None,
        MAIL_DEFAULT_SENDER=sender,
        MAIL_DOMAIN=sender.rsplit("@", 1)[-1],
        MAIL_SUPPRESS_SEND=False,
    )


def add_extensions(app: Flask) -> None:
    """Bind the extensions; every model is imported so that the metadata is whole."""
    for module in (*MORE_MODELS, *(f"app.{feature}.models" for feature in MODELS)):
        import_module(module)
    db.init_app(app)
    migrate.init_app(app, db, directory=str(ROOT / "migrations"))
    babel.init_app(app, default_translation_directories=str(ROOT / "translations"), locale_selector=language.locale)
    mail.init_app(app)
    templating.init_app(app)
    form_size.init_app(app)
    language.init_app(app)
    csrf.init_app(app)
    request_id.init_app(app)
    guard.init_app(app)
    headers.init_app(app)
    compression.init_app(app)
    errors_pages.init_app(app)
    menu.init_app(app)
    with app.app_context():
        database.init_app(app, db.engine, Session)


def add_blueprints(app: Flask) -> None:
    """Register every feature's routes and check that each names an action."""
    for module, _name in BLUEPRINTS:
        app.register_blueprint(import_module(module).blueprint)
    access.check_routes(app)


def add_commands(app: Flask) -> None:
    """Register the commands of `bin/flask` and name the jobs of the worker."""
    app.extensions["koubo.jobs"] = JOBS
    app.extensions["koubo.check_schema"] = check_schema
    app.extensions["koubo.check_start"] = partial(check_start, app)
    for module in COMMANDS:
        import_module(module).init_app(app)


def check_schema() -> None:
    """Refuse a database without the last migration; commands that use tables ask first.

    Raises: UnsafeDatabase.
    """
    database.check_schema(db.engine, ROOT / "migrations")


def check_start(app: Flask) -> None:
    """Look before serving or working at what an import must not touch: the database's durability, schema and contents.

    Raises: UnsafeDatabase, UnsafeSettings.
    """
    settings: Settings = app.extensions["koubo.settings"]
    check_schema()
    try:
        database.check_durability(db.engine)
    except database.UnsafeDatabase as reason:
        if settings.environment is Environment.PRODUCTION:
            raise
        logging.getLogger("koubo").warning("good enough for the demo only: %s", reason)
    if settings.environment is Environment.PRODUCTION and is_loaded():
        raise UnsafeSettings("the production start is refused: the database holds the demo")
    db.session.remove()
    db.engine.dispose()  # serving processes are forked from here
