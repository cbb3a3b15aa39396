"""Who scored a version before a newer one came is told, and so is HR; nothing is scored anew by itself (design 18)."""

from datetime import timedelta

from flask import Flask

from app.applications.models import ApplicationVersion, Submission
from app.core import clock
from app.core.model import new_id
from tests import factories
from tests.applications.test_applying import rows
from tests.reviews.arrange import Scene, scene

TOLD = "採点を提出したあとに、応募の内容が新しくなりました"


def send_again(made: Scene) -> None:
    """The first applicant sends another version a minute from now."""
    [first] = [one for one in rows(ApplicationVersion) if one.application_id == made.applications[0].id]
    [sent] = [one for one in rows(Submission) if one.id == first.submission_id]
    at = clock.now() + timedelta(minutes=1)
    again = Submission(
        id=new_id(), applicant_id=sent.applicant_id, draft_id=sent.draft_id, idempotency_key="again", received_at=at,
        body_sha256="1",
    )  # fmt: skip
    version = ApplicationVersion(
        id=new_id(), organisation_id=first.organisation_id, application_id=first.application_id, number=2,
        submission_id=again.id, received_at=at, revision_id=first.revision_id, answers=first.answers, sha256="1" * 64,
    )  # fmt: skip
    factories.save(again, version)


def test_reviewer_and_hr_read_that_a_scored_application_is_another_now(sqlite_app: Flask, time_machine) -> None:
    made = scene(applications=2)
    round_ = made.opened()
    for application in (0, 1):
        made.submit(round_, application, 0, (4, 3))
    url = made.url(f"/scoring/{made.assignment_id(round_, 0, 0)}")
    reviewer, hr = made.browser(sqlite_app, made.reviewers[0]), made.browser(sqlite_app, made.hr)
    rounds = made.url(f"/openings/{made.opening.id}/rounds")
    before = reviewer.get(url) + reviewer.get(made.url("/scoring")) + hr.get(rounds)

    send_again(made)
    desk, queue, page = reviewer.get(url), reviewer.get(made.url("/scoring")), hr.get(rounds)
    time_machine.move_to(clock.now() + timedelta(minutes=5))
    made.submit(round_, 0, 0, (4, 3))

    assert [words in before for words in (TOLD, "内容が更新", "新しくなったもの")] == [False] * 3
    assert (TOLD in desk, queue.count("内容が更新"), queue.count("提出済</span>")) == (True, 1, 1)
    assert "応募の内容が新しくなったものが1件あります" in page
    assert [words in reviewer.get(url) + hr.get(rounds) for words in (TOLD, "新しくなったもの")] == [False] * 2
