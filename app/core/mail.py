"""Flask-Mail over a connection that checks certificates, ends in time, and writes base64 bodies."""

import email.charset
import smtplib
import socket
import ssl
import threading
from contextlib import suppress
from typing import Any

import flask
import flask_mail

email.charset.add_charset("utf-8", email.charset.SHORTEST, email.charset.BASE64, "utf-8")

TIMEOUT_SECONDS = 10  # for one answer of the server
TOTAL_SECONDS = 120  # for a whole connection, so that a server that answers a byte at a time stops nobody


class _Timed:
    """Cuts an SMTP connection that lasts longer than TOTAL_SECONDS."""

    sock: socket.socket | None
    _timer: threading.Timer | None = None

    def _get_socket(self, *arguments: Any) -> socket.socket:
        made: socket.socket = super()._get_socket(*arguments)  # type: ignore[misc]
        self._timer = threading.Timer(TOTAL_SECONDS, self._cut, [made])
        self._timer.daemon = True
        self._timer.start()
        return made

    def _cut(self, made: socket.socket) -> None:
        with suppress(OSError):
            (self.sock or made).shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        super().close()  # type: ignore[misc]


class TimedSMTP(_Timed, smtplib.SMTP):
    pass


class TimedSMTPOverTLS(_Timed, smtplib.SMTP_SSL):
    pass


class SafeConnection(flask_mail.Connection):  # Flask-Mail has no types
    """Flask-Mail 0.10's connection takes any certificate and waits for ever; this one does neither."""

    def configure_host(self) -> smtplib.SMTP:
        context, settings = ssl.create_default_context(), self.mail
        where = {"host": settings.server, "port": settings.port, "timeout": TIMEOUT_SECONDS}
        host = TimedSMTPOverTLS(**where, context=context) if settings.use_ssl else TimedSMTP(**where)
        try:
            if settings.use_tls:
                host.starttls(context=context)
            if settings.username and settings.password:
                host.login(settings.username, settings.password)
        except BaseException:
            host.close()
            raise
        return host

    def __exit__(self, *_error: object) -> None:
        if self.host is not None:
            with suppress(OSError):  # the mails are sent; how the server says goodbye changes nothing
                self.host.quit()
            self.host.close()


class SafeMail(flask_mail.Mail):
    def connect(self) -> SafeConnection:
        return SafeConnection(flask.current_app.extensions["mail"])
