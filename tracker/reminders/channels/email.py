"""E-mail by SMTP: one connection for a whole round, and an answer in words for every message.

A refusal (5xx) ends one message, a 4xx or a lost connection postpones it, and only a server that nobody can
talk to stops the rest. What was sent but never answered is sent again under the same Message-ID.
"""

from __future__ import annotations

import smtplib
import ssl
from email.utils import parseaddr
from typing import Self

from tracker.reminders.channels.answers import Answer, Result
from tracker.reminders.channels.bounces import Verdict, return_path, status_in, token_of, verdict_of
from tracker.reminders.channels.wire import on_the_wire
from tracker.reminders.letters.messages import Mail
from tracker.rules.addresses import NOT_A_MAIL_SERVER, mail_host

_OK, _PERMANENT, _GOODBYE = 250, 500, 421
_TAKEN = (_OK, 251)
_MOST_LOSSES = 3
"""So many connections lost one after the other mean that the server is in trouble, not the messages."""


class _Nowhere(OSError):
    """The address of the server is none."""


class MailServer:
    """A mail server by its URL: smtp:// (with STARTTLS where offered) or smtps://, with user and password or not.

    with MailServer(url, sender, timeout_seconds) as server:
        answer = server.send(mail)

    An address that is none is a server that cannot be reached: what would leave waits, the rest goes on.
    What comes back goes to `bounce_address`, under a name that tells of which letter it is; without one, to the
    sender.
    """

    def __init__(self, url: str, sender: str, timeout_seconds: int, bounce_address: str = ""):
        self._at = mail_host(url)
        self._timeout = timeout_seconds
        self._sender, self._bounce_address = sender, bounce_address
        self._own_address = parseaddr(sender)[1]
        self._connection: smtplib.SMTP | None = None
        self._losses = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_raised: object) -> None:
        self._hang_up()

    def send(self, mail: Mail) -> Answer:
        """Hand one message to the server; never raises for what a server or an address can do wrong."""
        try:
            letter = on_the_wire(mail, self._sender)
        except ValueError as error:
            return Answer(Result.REFUSED, f"Địa chỉ hoặc nội dung không hợp lệ: {error}")
        answer = self._attempt(mail, letter)
        if answer.result in (Result.SENT, Result.REFUSED):
            self._losses = 0
        return answer

    def check(self) -> str:
        """Connect and sign in without sending; "" when all is well, else what is wrong in words."""
        try:
            self._connect().noop()
        except (OSError, smtplib.SMTPException) as error:
            return _words(error)
        finally:
            self._hang_up()
        return ""

    def _connect(self) -> smtplib.SMTP:
        if self._at is None:
            raise _Nowhere(f"địa chỉ máy chủ thư {NOT_A_MAIL_SERVER}")
        context = ssl.create_default_context()
        if self._at.secure:
            self._connection = smtplib.SMTP_SSL(self._at.host, self._at.port, timeout=self._timeout, context=context)
        else:
            self._connection = smtplib.SMTP(self._at.host, self._at.port, timeout=self._timeout)
            self._connection.ehlo()
            if self._connection.has_extn("starttls"):
                self._connection.starttls(context=context)
        if self._at.user:
            self._connection.login(self._at.user, self._at.password)
        self._connection.ehlo_or_helo_if_needed()
        return self._connection

    def _attempt(self, mail: Mail, letter: bytes) -> Answer:
        """One attempt; a connection that the server has closed since the last letter is opened again, once."""
        reused = self._connection is not None
        try:
            connection = self._connection or self._connect()
        except (OSError, smtplib.SMTPException) as error:
            self._hang_up()
            return Answer(Result.UNREACHABLE, f"Không kết nối được máy chủ thư: {_words(error)}")
        try:
            refusal = self._introduce(connection, mail)
        except (smtplib.SMTPNotSupportedError, UnicodeError) as error:
            return Answer(Result.REFUSED, f"Địa chỉ không gửi được: {_words(error)}")
        except (OSError, smtplib.SMTPException) as error:
            if not reused:
                return self._lost(error)
            self._hang_up()
            return self._attempt(mail, letter)
        return refusal or self._transmit(connection, letter)

    def _transmit(self, connection: smtplib.SMTP, letter: bytes) -> Answer:
        try:
            code, said = connection.data(letter)
        except smtplib.SMTPDataError as error:
            return self._refused(error.smtp_code, error.smtp_error)
        except (OSError, smtplib.SMTPException) as error:
            return self._lost(error)
        return Answer(Result.SENT) if code == _OK else self._refused(code, said)

    def _introduce(self, connection: smtplib.SMTP, mail: Mail) -> Answer | None:
        """Say from whom and to whom; the refusal, if there is one."""
        notify, envelope_id = [], []
        if connection.has_extn("dsn"):
            notify, envelope_id = ["NOTIFY=FAILURE,DELAY"], ["RET=HDRS", f"ENVID={token_of(mail.message_key)}"]
        code, said = connection.mail(self._return_path(mail), envelope_id)
        if code == _GOODBYE:
            raise smtplib.SMTPServerDisconnected(f"{code} {_decoded(said)}")
        if code != _OK:
            # The house itself is refused: no fault of this message, and no better for the next.
            self._hang_up()
            return Answer(Result.UNREACHABLE, f"Máy chủ thư từ chối người gửi: {code} {_decoded(said)}")
        code, said = connection.rcpt(mail.address, notify)
        return None if code in _TAKEN else self._refused(code, said, of_address=True)

    def _return_path(self, mail: Mail) -> str:
        if self._bounce_address:
            return return_path(self._bounce_address, mail.message_key)
        return self._own_address

    def _refused(self, code: int, said: bytes | str, *, of_address: bool = False) -> Answer:
        """A refusal in words; the connection is ready for the next message, or closed when the server says so."""
        words = f"{code} {_decoded(said)}"
        if code == _GOODBYE:
            self._hang_up()
            return Answer(Result.LATER, words)
        self._start_over()
        verdict = verdict_of(status_in(words), words) if code >= _PERMANENT else Verdict.WAITS
        if verdict is Verdict.WAITS:
            return Answer(Result.LATER, words)
        return Answer(Result.REFUSED, words, dead=of_address and verdict is Verdict.DEAD)

    def _start_over(self) -> None:
        try:
            if self._connection is not None:
                self._connection.rset()
        except (OSError, smtplib.SMTPException):
            self._hang_up()

    def _lost(self, error: Exception) -> Answer:
        """The connection is gone; when the letter was on its way, nobody knows whether it arrived."""
        self._hang_up()
        self._losses += 1
        lost = Result.UNREACHABLE if self._losses >= _MOST_LOSSES else Result.LATER
        return Answer(lost, f"Mất kết nối khi đang gửi: {_words(error)}")

    def _hang_up(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def _decoded(said: bytes | str) -> str:
    return said.decode("utf-8", "replace") if isinstance(said, bytes) else said


def _words(error: BaseException) -> str:
    return str(error) if isinstance(error, _Nowhere) else f"{type(error).__name__}: {error}"
