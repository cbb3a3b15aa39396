"""One function for each of I1-I8: it takes what was found outside and yields what does not hold."""

import hashlib
import io
import json
import zipfile
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pypdfium2

from app.jp.numbers import is_valid_examinee_number, parse_receipt_number
from tests.invariant_files import files_are_whole
from tests.violation import Violation, by_id

if TYPE_CHECKING:
    from tests.invariants import Found, Row

FIRST_LINK = "0" * 64
OWED = (  # what stands in a table: one event of this action and one mail of this kind for each row of an application
    ("application_version", "submit.application", "application-received"),
    ("withdrawal", "withdraw.application", "application-withdrawn"),
)


def receipts_of_submissions(found: "Found") -> dict[str, set[str]]:
    """The receipt numbers that each act of sending stands for."""
    applications = by_id(found.rows["application"])
    receipts: dict[str, set[str]] = {}
    for version in found.rows["application_version"]:
        application = applications.get(version["application_id"])
        if application is not None:
            receipts.setdefault(str(version["submission_id"]), set()).add(application["receipt_number"])
    return receipts


def acknowledged_is_durable(found: "Found") -> Iterator[Violation]:
    """I1: every receipt ever shown is a submitted application, and the page that showed it still means it."""
    sent = {version["application_id"] for version in found.rows["application_version"]}
    kept = {row["receipt_number"] for row in found.rows["application"] if row["id"] in sent}
    of_page = receipts_of_submissions(found)
    for seen in found.seen:
        if seen.receipt not in kept:
            yield Violation("I1", f"{seen.receipt} was shown and is not there")
        if seen.submission and seen.receipt not in of_page.get(seen.submission, set()):
            yield Violation("I1", f"{seen.receipt} was shown for submission {seen.submission}, which does not have it")


def at_most_one(found: "Found") -> Iterator[Violation]:
    """I2: one application of a person to an opening, one version of it by an act of sending, one receipt for all."""
    for key, count in Counter((a["opening_id"], a["applicant_id"]) for a in found.rows["application"]).items():
        if count > 1:
            yield Violation("I2", f"{count} applications to opening {key[0]} by applicant {key[1]}")
    acts = Counter((v["application_id"], v["submission_id"]) for v in found.rows["application_version"])
    for (application, submission), count in acts.items():
        if count > 1:
            yield Violation("I2", f"{count} versions of application {application} by submission {submission}")
    for key, count in Counter(row["idempotency_key"] for row in found.rows["submission"]).items():
        if count > 1:
            yield Violation("I2", f"{count} submissions with the key {key}")
    shown: dict[tuple[str, str], set[str]] = {}
    for seen in found.seen:
        shown.setdefault((seen.person, seen.opening), set()).add(seen.receipt)
    for who, receipts in shown.items():
        if who[0] and who[1] and len(receipts) > 1:
            yield Violation("I2", f"{who[0]} was shown {len(receipts)} receipts for one opening: {sorted(receipts)}")


def nobody_elses(found: "Found") -> Iterator[Violation]:
    """I4: no canary stands where its readers are not: pages, mails by their recipient, never a log."""
    places = [(reader, readable(body), f"a page for {reader}") for reader, body in found.pages]
    for mail in found.rows["mail"]:
        places.append((mail["recipient"], mail["subject"] + mail["body"], f"a mail row to {mail['recipient']}"))
    places += [(to, text, f"a caught mail to {to}") for _id, to, text in found.caught or []]
    places += [("", text, f"the log {name}") for name, text in found.logs.items()]
    for reader, text, place in places:
        for canary in found.canaries:
            if reader not in canary.readers and canary.text in text:
                yield Violation("I4", f"{canary.text!r} stands in {place}")


def readable(body: bytes) -> str:
    """The text of an answer: of a PDF its pages, of a packed file (DOCX, XLSX, ZIP) all that is in it."""
    text = body.decode(errors="replace")
    if body.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(body)) as packed:
            text += "\n".join(name + readable(packed.read(name)) for name in packed.namelist())
    elif body.startswith(b"%PDF"):
        with pypdfium2.PdfDocument(body) as document:
            text += "\n".join(page.get_textpage().get_text_range() for page in document)
    return text


def audited_once(found: "Found") -> Iterator[Violation]:
    """I5: one event for each change, and chains that follow from their first link to their head."""
    events = Counter((event["action"], event["subject"]) for event in _recent(found, "audit_event"))
    for table, action, _kind in OWED:
        changes = Counter((action, f"application:{row['application_id']}") for row in _acts(found, table))
        yield from _unequal("I5", changes, events, {action})
    attempts = Counter(("keep.late_attempt", f"late_attempt:{row['id']}") for row in _recent(found, "late_attempt"))
    yield from _unequal("I5", attempts, events, {"keep.late_attempt"})
    for applicant in found.rows["applicant"]:
        confirmed_at = applicant["confirmed_at"]
        is_ours = confirmed_at is not None and (found.since is None or confirmed_at >= found.since)
        if is_ours and not events["confirm.applicant", f"applicant:{applicant['id']}"]:
            yield Violation("I5", f"applicant {applicant['id']} was confirmed without an event")
    yield from _broken_chains(found)


def _unequal(name: str, changes: Counter[Any], owed: Counter[Any], kinds: set[str]) -> Iterator[Violation]:
    """What was owed for changes, by (kind, subject), and is not there as often."""
    of_kinds = {key for key in owed if key[0] in kinds}
    for kind, subject in sorted(changes.keys() | of_kinds, key=str):
        if changes[kind, subject] != owed[kind, subject]:
            what = f"{owed[kind, subject]} × {kind} for {changes[kind, subject]} changes of {subject}"
            yield Violation(name, what)


def _joined(found: "Found") -> set[tuple[object, object]]:
    """Act of sending and first application of each version that stands there again since two were joined."""
    first = {a["id"]: a["duplicate_of"] for a in found.rows["application"] if a["duplicate_of"] is not None}
    versions = found.rows["application_version"]
    return {(v["submission_id"], first[v["application_id"]]) for v in versions if v["application_id"] in first}


def _acts(found: "Found", table: str) -> "list[Row]":
    """The rows that an act of a person made; a version that joined another application was mailed and noted before."""
    rows = _recent(found, table)
    if table != "application_version":
        return rows
    joined = _joined(found)
    return [row for row in rows if (row["submission_id"], row["application_id"]) not in joined]


def _recent(found: "Found", table: str) -> "list[Row]":
    times = ("received_at", "at", "created_at")
    when = [(next(row[name] for name in times if name in row), row) for row in found.rows[table]]
    return [row for at, row in when if found.since is None or at >= found.since]


def _broken_chains(found: "Found") -> Iterator[Violation]:
    details = {row["event_id"]: row["body"] for row in found.rows["audit_detail"]}
    last = {head["chain"]: (0, FIRST_LINK) for head in found.rows["audit_head"]}
    for link in sorted(found.rows["audit_event"], key=lambda event: (event["chain"], event["seq"])):
        seq, before = last.get(link["chain"], (0, FIRST_LINK))
        said = [link["chain"], link["seq"], link["at"].isoformat(), link["actor"], link["action"], link["subject"]]
        said += [link["detail_digest"], link["prev"]]
        whole = hashlib.sha256("\x1f".join(map(str, said)).encode()).hexdigest() == link["hash"]
        body = details.get(link["id"])
        if (link["seq"], link["prev"]) != (seq + 1, before) or not whole:
            yield Violation("I5", f"chain {link['chain']} does not follow at link {link['seq']}")
        if body is not None and _detail_digest(body) != link["detail_digest"]:
            yield Violation("I5", f"chain {link['chain']}: the detail of link {link['seq']} was altered")
        last[link["chain"]] = (link["seq"], link["hash"])
    for head in found.rows["audit_head"]:
        if last.pop(head["chain"]) != (head["seq"], head["hash"]):
            yield Violation("I5", f"chain {head['chain']} does not end at its head")


def _detail_digest(body: Any) -> str:
    canonical = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def mailed_once(found: "Found") -> Iterator[Violation]:
    """I6: one mail row for each change that owes one; each row is sent, or a failure that staff can see."""
    owed = Counter((mail["kind"], mail["subject_id"]) for mail in _recent(found, "mail"))
    for table, _action, kind in OWED:
        changes = Counter((kind, row["application_id"]) for row in _acts(found, table))
        yield from _unequal("I6", changes, owed, {kind})
    for mail in found.rows["mail"]:
        state = str(mail["state"])
        if found.settled and state in {"queued", "sending"}:
            yield Violation("I6", f"mail {mail['id']} is still {state}")
        if state == "failed" and not mail["last_error"]:
            yield Violation("I6", f"mail {mail['id']} has failed without a word")
    if found.caught is not None:
        yield from _miscarried(found, found.caught)


def _miscarried(found: "Found", caught: list[tuple[str, str, str]]) -> Iterator[Violation]:
    rows = {mail["message_id"]: mail for mail in found.rows["mail"]}
    times = Counter(message_id for message_id, _to, _text in caught)
    for message_id, to, _text in caught:
        if message_id not in rows:
            yield Violation("I6", f"a mail to {to} was sent without a row")
        elif to != rows[message_id]["recipient"]:
            yield Violation("I6", f"mail {rows[message_id]['id']} went to {to}")
    for message_id, mail in rows.items():
        if str(mail["state"]) == "sent" and times[message_id] == 0:
            yield Violation("I6", f"mail {mail['id']} is marked sent and never came")
        if times[message_id] > 2:
            yield Violation("I6", f"mail {mail['id']} came {times[message_id]} times")


def numbered_once(found: "Found") -> Iterator[Violation]:
    """I7: receipt and examinee numbers are right in themselves, unique, and stay what they were."""
    for number, count in Counter(row["receipt_number"] for row in found.rows["application"]).items():
        if count > 1:
            yield Violation("I7", f"receipt number {number} was given {count} times")
        if parse_receipt_number(number) != number:
            yield Violation("I7", f"receipt number {number} is none")
    given = [(a["opening_id"], a["examinee_number"]) for a in found.rows["application"] if a["examinee_number"]]
    for (opening, number), count in Counter(given).items():
        if count > 1:
            yield Violation("I7", f"examinee number {number} was given {count} times in opening {opening}")
        if not is_valid_examinee_number(number):
            yield Violation("I7", f"examinee number {number} is none")


def counts_reconcile(found: "Found") -> Iterator[Violation]:
    """I8: what was shown, what is kept, what staff see and what is owed are the same."""
    sent = {version["application_id"] for version in found.rows["application_version"]}
    applications = by_id(found.rows["application"])
    for application in applications.keys() - sent:
        yield Violation("I8", f"application {application} has no version")
    for application in sent - applications.keys():
        yield Violation("I8", f"a version names the application {application}, which is not there")
    kept = {row["receipt_number"] for row in applications.values() if row["duplicate_of"] is None}
    for name, receipts in found.lists.items():
        if set(receipts) != kept:
            missing, extra = sorted(kept - set(receipts)), sorted(set(receipts) - kept)
            yield Violation("I8", f"{name} lacks {missing} and has {extra} beside")
    acts = {version["submission_id"] for version in found.rows["application_version"]}
    for submission in found.rows["submission"]:
        if submission["id"] not in acts:
            yield Violation("I8", f"submission {submission['id']} made no version")


RULES = (
    acknowledged_is_durable,
    at_most_one,
    files_are_whole,
    nobody_elses,
    audited_once,
    mailed_once,
    numbered_once,
    counts_reconcile,
)
