"""Flask-Mail over a connection that checks certificates, has a timeout, and writes base64 bodies."""

import email.charset
import smtplib
import ssl

import flask
import flask_mail

email.charset.add_charset("utf-8", email.charset.SHORTEST, email.charset.BASE64, "utf-8")

TIMEOUT_SECONDS = 10


class SafeConnection(flask_mail.Connection):
    """Flask-Mail 0.10's connection takes any certificate and waits for ever; this one does neither."""

    def configure_host(self) -> smtplib.SMTP:
        context, settings = ssl.create_default_context(), self.mail
        if settings.use_ssl:
            host: smtplib.SMTP = smtplib.SMTP_SSL(
                settings.server, settings.port, context=context, timeout=TIMEOUT_SECONDS
            )
        else:
            host = smtplib.SMTP(settings.server, settings.port, timeout=TIMEOUT_SECONDS)
        if settings.use_tls:
            host.starttls(context=context)
        if settings.username and settings.password:
            host.login(settings.username, settings.password)
        return host


class SafeMail(flask_mail.Mail):
    def connect(self) -> SafeConnection:
        return SafeConnection(flask.current_app.extensions["mail"])
