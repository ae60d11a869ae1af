"""Certificates for TLS servers on loopback, good and bad, from an authority of our own."""

import ipaddress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

__all__ = ["Authority"]

#: Valid around any instant at which a test may run (TLS reads the real clock).
FROM = datetime(2020, 1, 1, tzinfo=UTC)
UNTIL = datetime(2120, 1, 1, tzinfo=UTC)


class Authority:
    """A certificate authority; `file` (PEM) is what a screen is given to trust."""

    def __init__(self, folder: Path, name: str = "Signage CA") -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder, self._name = (
            folder,
            x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]),
        )
        self._key = ec.generate_private_key(ec.SECP256R1())
        builder = self._builder(self._name, self._key.public_key(), FROM, UNTIL)
        authority = x509.BasicConstraints(ca=True, path_length=0)
        self._certificate = builder.add_extension(authority, critical=True).sign(
            self._key, hashes.SHA256()
        )
        self.file = folder / "ca.pem"
        self.file.write_bytes(self._certificate.public_bytes(serialization.Encoding.PEM))

    def issue(
        self, host: str = "127.0.0.1", since: datetime = FROM, until: datetime = UNTIL
    ) -> Path:
        """A file (PEM) with the certificate and the key of a server called `host`."""
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
        builder = self._builder(name, key.public_key(), since, until)
        names = x509.SubjectAlternativeName([_general_name(host)])
        certificate = builder.add_extension(names, critical=False).sign(self._key, hashes.SHA256())
        path = self._folder / f"server-{x509.random_serial_number()}.pem"
        path.write_bytes(
            certificate.public_bytes(serialization.Encoding.PEM)
            + key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )
        return path

    def expired(self) -> Path:
        return self.issue(until=FROM + timedelta(days=1))

    def not_yet_valid(self) -> Path:
        return self.issue(since=UNTIL - timedelta(days=1))

    def _builder(
        self, name: x509.Name, key: ec.EllipticCurvePublicKey, since: datetime, until: datetime
    ) -> x509.CertificateBuilder:
        return (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(self._name)
            .public_key(key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(since)
            .not_valid_after(until)
        )


def _general_name(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)
