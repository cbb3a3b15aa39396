"""The English interface of the public pages (design 43, 52): `/en/…` is the page of `/…` with English words.

`/en` becomes the script root of the request, so that every address a public page builds stays English. Pages of
applicants and staff are Japanese; what a city wrote is never translated, it is marked as Japanese.
"""

import re
from collections.abc import Callable, Iterable
from contextvars import ContextVar
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

import flask
from flask import Flask, has_request_context, redirect, request
from flask_babel import get_translations, gettext
from jinja2.nodes import EvalContext
from jinja2.utils import pass_eval_context
from markupsafe import Markup
from werkzeug.wrappers import Response

PREFIX = "/en"
PUBLIC = frozenset({"openings", "site", "results", "eligibility"})  # the blueprints whose pages exist in English
PUBLIC_PAGES = frozenset({"apply.start", "mypage.received"})  # and these of other blueprints
_JAPANESE = re.compile(r"[\u3041-\u30fa\u30fc-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")


_english: ContextVar[bool] = ContextVar("koubo_english", default=False)  # asked for every word of a page


class EnglishAddresses:
    """WSGI: move a leading `/en` from the path to the script root, and say so while the page is made."""

    def __init__(self, application: Callable[..., Iterable[bytes]]) -> None:
        self._application = application

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if not path.startswith(f"{PREFIX}/"):
            return self._application(environ, start_response)
        environ["SCRIPT_NAME"] = environ.get("SCRIPT_NAME", "") + PREFIX
        environ["PATH_INFO"] = path.removeprefix(PREFIX)
        before = _english.set(True)
        try:
            return self._application(environ, start_response)
        finally:
            _english.reset(before)


def is_english() -> bool:
    """Say whether the page asked for is the English one."""
    return _english.get()


def locale() -> str:
    """Give the language of this request's interface."""
    return "en" if is_english() else "ja"


def word(text: str) -> str:
    """Mark a word that Python gives to pages for the catalogue; it is translated where it is shown (`shown`)."""
    return text


def shown(text: Any) -> Any:
    """Show a text of ours in the page's language, and what a city wrote marked as Japanese; Markup is shown already."""
    if not text or not is_english() or isinstance(text, Markup):
        return text
    translated = gettext(str(text))
    if translated != text:
        return translated
    return japanese(text) if _JAPANESE.search(str(text)) else text


def japanese(text: Any) -> Any:
    """Show a text as it stands on Japanese pages: the name of a button there, whatever its English."""
    return Markup('<span lang="ja">{}</span>').format(text) if is_english() else text


def sentence(text: str, /, **values: Any) -> str:
    """Say a sentence of ours in the page's language, its values as `shown` shows them."""
    if not is_english():
        return text % values if values else text
    return _markup(gettext(text)) % {name: shown(value) for name, value in values.items()}


def counted(text: str, /, n: int, **values: Any) -> str:
    """Say a sentence of ours that depends on a number: 1 opening, 2 openings; Japanese has one form for all."""
    if not is_english():
        return text % {"n": n, **values}
    said = _markup(get_translations().ungettext(text, text, n))
    return said % {"n": n, **{name: shown(value) for name, value in values.items()}}


def listed(words: Iterable[Any], between: str = "、") -> str:
    """List words: 情報処理、統計; data processing, statistics. What stands between them has its English too."""
    return _markup(shown(between)).join(shown(one) for one in words) if is_english() else between.join(words)


BETWEEN = (word("、"), word("・"), word("と"))


def paragraph(*said: str) -> str:
    """Put sentences after each other; an empty one is left out."""
    return Markup(" ").join(one for one in said if one) if is_english() else "".join(said)


def named(body: Any) -> Any:
    """Name an organisation in the page's language: Shinagawa City (品川区) where it has one."""
    if not is_english() or not body.name_en:
        return shown(body.name)
    return Markup('{} (<span lang="ja">{}</span>)').format(body.name_en, body.name)


@pass_eval_context
def say(page: EvalContext, text: str, /, **values: Any) -> str:
    """What `_()` is in templates; a Japanese page needs no catalogue, for the texts in the source are Japanese."""
    said = str(gettext(text)) if is_english() else text
    if page.autoescape:
        said = _markup(said)
    return said % values if values or "%" in said else said


_markup = lru_cache(maxsize=2000)(Markup)


def page_url(endpoint: str, **values: Any) -> str:
    """Give the address of a page: in the same language where the page has it, else the Japanese one."""
    url = flask.url_for(endpoint, **values)
    whole = f"{request.blueprint}{endpoint}" if endpoint.startswith(".") else endpoint
    return url if not is_english() or _has_english(whole) else without_prefix(url)


def _has_english(endpoint: str) -> bool:
    return endpoint.partition(".")[0] in PUBLIC or endpoint in PUBLIC_PAGES


def public_root() -> str:
    """Give what the paths of public pages begin with on this page: nothing, or `/en`."""
    return PREFIX if is_english() else ""


def home_crumb() -> tuple[str, str]:
    """Give the first crumb of a public page."""
    return word("トップ"), page_url("openings.index")


def without_prefix(url: str) -> str:
    """Take `/en` from an address of our own."""
    root = request.script_root if is_english() else ""
    return root.removesuffix(PREFIX) + url.removeprefix(root)


def other_language() -> str | None:
    """Give the address of this page in the other language; None where there is none."""
    if not has_request_context() or request.method != "GET" or not _has_english(request.endpoint or ""):
        return None
    japanese = without_prefix(_here())
    return japanese if is_english() else PREFIX + japanese


def own_path() -> str:
    """Give the path of this page in its language, without the query."""
    return f"{request.script_root}{request.path}"


def _here() -> str:
    """Give the address asked for; its query is copied, for to `url_for` names like `_external` mean something."""
    path = flask.url_for(request.endpoint or "", **(request.view_args or {}))
    query = urlencode(list(request.args.items(multi=True)))
    return f"{path}?{query}" if query else path


def _leave_english() -> Response | None:
    """Send who asks for the English form of a page that has none to the Japanese one."""
    if not is_english() or request.endpoint is None or _has_english(request.endpoint):
        return None
    if request.endpoint == "mypage.home":
        return redirect(page_url("mypage.received"))  # says in English what is in Japanese, and leads on
    return redirect(without_prefix(_here()), 302 if request.method == "GET" else 308)


def init_app(app: Flask) -> None:
    """Serve `/en/…`; must come before the guard, which asks who somebody is."""
    app.wsgi_app = EnglishAddresses(app.wsgi_app)  # type: ignore[method-assign]
    app.before_request(_leave_english)
    app.jinja_env.globals["_"] = say
