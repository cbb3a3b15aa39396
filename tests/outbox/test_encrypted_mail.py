"""Mail leaves over TLS to a server whose certificate holds, or not at all (dependencies, finding 5)."""

import ipaddress
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from flask import Flask

from app.outbox.delivery import deliver_due
from app.outbox.models import MailState
from tests.outbox.post_office import PostOffice, use_port
from tests.outbox.test_delivery import AT, now_says, queued


def certificate(folder: Path) -> Path:
    """Make a certificate for 127.0.0.1 that nobody signed, with its key."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    clear = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path = folder / "certificate.pem"
    path.write_bytes(made.public_bytes(pem) + clear)
    return path


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return certificate(tmp_path)


@pytest.fixture
def office(sqlite_app: Flask, monkeypatch: pytest.MonkeyPatch, path: Path) -> Iterator[PostOffice]:
    """A server that takes mail only after STARTTLS."""
    monkeypatch.setattr(sqlite_app.extensions["mail"], "use_tls", True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    office, port = PostOffice(), use_port(sqlite_app, monkeypatch)
    controller = Controller(office, hostname="127.0.0.1", port=port, tls_context=context, require_starttls=True)
    controller.start()
    yield office
    controller.stop()


def test_a_certificate_that_nobody_signed_is_refused_and_the_mail_waits(office: PostOffice) -> None:
    mail = queued()

    assert deliver_due(at=AT) == 0

    assert (now_says(mail).state, now_says(mail).last_error) == (MailState.QUEUED, "SSLCertVerificationError")
    assert office.caught == []


def test_a_certificate_that_holds_is_taken(office: PostOffice, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    mail = queued()

    assert deliver_due(at=AT) == 1
    assert now_says(mail).state is MailState.SENT


def test_a_server_without_tls_gets_nothing(
    sqlite_app: Flask, office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.outbox.post_office import opened

    with opened(PostOffice(), use_port(sqlite_app, monkeypatch)) as plain:
        mail = queued()
        assert deliver_due(at=AT) == 0

    assert plain.caught == []
    assert (now_says(mail).state, now_says(mail).last_error) == (MailState.QUEUED, "SMTPNotSupportedError")
