"""Tokens at rest: encrypted with a key that is drawn from the secret of the house and lies nowhere."""

from __future__ import annotations

import base64
import hmac

from cryptography.fernet import Fernet, InvalidToken

_PURPOSE = b"tracker: Zalo tokens at rest"


class SecretChanged(Exception):
    """What is kept was encrypted under another secret and cannot be read any more."""


class Vault:
    """Encrypts and reads what is kept. Whoever has only the database has no token."""

    def __init__(self, secret: str | bytes):
        raw = secret.encode() if isinstance(secret, str) else secret
        self._fernet = Fernet(base64.urlsafe_b64encode(hmac.digest(raw, _PURPOSE, "sha256")))

    def keep(self, token: str) -> str:
        """The token as the database may hold it."""
        return self._fernet.encrypt(token.encode()).decode()

    def read(self, kept: str) -> str:
        """The token again; raises SecretChanged when the secret of the house is another one now."""
        try:
            return self._fernet.decrypt(kept.encode()).decode()
        except InvalidToken as error:
            raise SecretChanged from error

    def opens(self, kept: str) -> bool:
        """Whether what is kept can be read under the secret that the house has now."""
        try:
            self.read(kept)
        except SecretChanged:
            return False
        return True
