"""A mail server that keeps what it is given: the SMTP of RFC 5321 as far as a sender needs it.

On a socket of 127.0.0.1, in a thread of its own; with a certificate it speaks TLS from the first
byte (`tls`) or after STARTTLS.  `refusing` answers every recipient with that line.
"""

import base64
import contextlib
import socket
import ssl
import threading
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

__all__ = ["MailServer", "mail_server"]


class MailServer:
    """What came, in order; `logins` are the names and passwords that were said."""

    def __init__(self, context: ssl.SSLContext | None, *, is_tls: bool) -> None:
        self.letters: list[EmailMessage] = []
        self.recipients: list[list[str]] = []
        self.logins: list[tuple[str, str]] = []
        self.refusing = ""
        self.was_tls: list[bool] = []
        self._context, self._is_tls = context, is_tls
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, name="mail-server")
        self._thread.start()

    def close(self) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join(10)

    def _serve(self) -> None:
        while True:
            try:
                line, _peer = self._socket.accept()
                self._line: Any = line
            except OSError:
                return
            with contextlib.suppress(OSError, ssl.SSLError):
                if self._is_tls:
                    assert self._context is not None
                    line = self._context.wrap_socket(line, server_side=True)
                self._line = line
                self._talk(line)
            self._line.close()

    def _talk(self, line: Any) -> None:
        stream = line.makefile("rb")
        is_secure, recipients = self._is_tls, list[str]()
        line.sendall(b"220 test\r\n")
        while raw := stream.readline():
            word = raw.decode("latin-1").strip()
            verb = word.upper().split(" ")[0].split(":")[0]
            if verb == "EHLO":
                offers = ["test", "AUTH PLAIN", "SMTPUTF8", "8BITMIME"]
                if self._context and not is_secure:
                    offers.append("STARTTLS")
                said = [f"250-{each}" for each in offers[:-1]] + [f"250 {offers[-1]}"]
                line.sendall("\r\n".join(said).encode() + b"\r\n")
            elif verb == "STARTTLS":
                assert self._context is not None
                line.sendall(b"220 go\r\n")
                line = self._line = self._context.wrap_socket(line, server_side=True)
                stream, is_secure = line.makefile("rb"), True
            elif verb == "AUTH":
                _, name, password = base64.b64decode(word.split()[2]).decode().split("\0")
                self.logins.append((name, password))
                line.sendall(b"235 in\r\n")
            elif verb == "RCPT":
                recipients.append(word.partition("<")[2].partition(">")[0])
                line.sendall((self.refusing or "250 ok").encode() + b"\r\n")
            elif verb == "DATA":
                line.sendall(b"354 go on\r\n")
                body = b"".join(iter(lambda s=stream: _undotted(s.readline()), b""))
                self.letters.append(message_from_bytes(body, policy=policy.default))  # type: ignore[arg-type]
                self.recipients.append(recipients)
                self.was_tls.append(is_secure)
                recipients = []
                line.sendall(b"250 kept\r\n")
            elif verb == "QUIT":
                line.sendall(b"221 bye\r\n")
                return
            else:
                line.sendall(b"250 ok\r\n")


def _undotted(line: bytes) -> bytes:
    """A line of a letter; b"" at its end."""
    if line.rstrip(b"\r\n") == b".":
        return b""
    return line[1:] if line.startswith(b"..") else line


@contextlib.contextmanager
def mail_server(
    certificate: tuple[Path, Path] | None = None, *, is_tls: bool = False
) -> Iterator[MailServer]:
    """A mail server for the length of a block; `certificate` is a chain and its key."""
    context = None
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*certificate)
    server = MailServer(context, is_tls=is_tls)
    try:
        yield server
    finally:
        server.close()
