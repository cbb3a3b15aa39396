"""再開コードで開く: what was written without a confirmed address, in another browser (design 16, note 036)."""

from flask import flash, g, redirect, render_template, url_for
from werkzeug.wrappers import Response

from app.accounts.applicants import RESUMES_PER_ADDRESS, scaled
from app.accounts.guard import APPLICANT_COOKIE
from app.core import clock
from app.core.access import allows
from app.core.arrival import network_address
from app.core.csrf import set_cookie
from app.core.limits import count
from app.jp.numbers import parse_resume_code
from app.mypage import resuming
from app.mypage.forms import ResumeForm
from app.mypage.resuming import NoSuchCode, TakenUp
from app.mypage.routes import COOKIE_DAYS, blueprint

JOINED = "再開コードの応募と下書きを、確認済みのこのマイページにまとめました。"
REST = "別のメールアドレスを書いたものは、まとめていません。もう一度、再開コードを入力すると開けます。"
CLOSED = (
    "再開コードの応募を開いています。先に開いていたマイページは、この端末では閉じました。"
    "開くときは、確認したメールアドレスで入り直してください。"
)


@blueprint.get("/my/resume")
@allows("applicant.sign_in")
def resume() -> str:
    return render_template("mypage/resume.html", form=ResumeForm())


@blueprint.post("/my/resume")
@allows("applicant.sign_in")
def take_up() -> Response | tuple[str, int]:
    form = ResumeForm()
    if not form.validate():
        return render_template("mypage/resume.html", form=form), 422
    count(scaled(RESUMES_PER_ADDRESS), network_address(), at=clock.now())
    held = g.applicant_session.id if g.applicant_session else None
    try:
        code = parse_resume_code(form.code.data) or ""
        return _opened(resuming.take_up(code, holder=g.applicant, held=held, at=clock.now()))
    except NoSuchCode as refusal:
        form.code.errors = [refusal.message]
        return render_template("mypage/resume.html", form=form), 422


def _opened(found: TakenUp) -> Response:
    """Lead to my page, and say what this browser opens from here on and what it does not any more."""
    answer = redirect(url_for("mypage.home"), 303)
    if found.token is None:
        flash(JOINED, "success")
    else:
        set_cookie(answer, APPLICANT_COOKIE, found.token, days=COOKIE_DAYS)
    if found.is_rest:
        flash(REST, "warning")
    if found.has_closed:
        flash(CLOSED, "warning")
    if found.left is not None:
        kept = (
            "この端末で先に書いていた応募と下書きは、別に残っています。次の再開コードで開けます。書き留めてください："
        )
        flash(f"{kept}{found.left.resume_code}", "warning")
    return answer
