"""Letters by a mail server that asks for encryption and a password, as those of the usual providers do."""

import gc
import socket
import ssl
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from node.adapters.mail.office import Mailing, open_post_office
from node.adapters.mail.smtp import Server
from node.domain.letter import Letter, LetterId, LetterState, Proposal
from node.domain.person import Contact
from node.domain.program import Tongue
from node.domain.request import Reachable
from node.services.ports.letters import PostOfficeBusyError
from tests.support.clock import NOON
from tests.support.node import a_person, new_id

PASSWORD = "correct horse battery staple"
TO = Contact(name="Amara Okafor", email="amara@example.org")


@dataclass(slots=True)
class Box:
    """Keeps what it takes: who had signed in, and whether the line was encrypted."""

    received: list[tuple[object, bool]] = field(default_factory=list)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - its name
        self.received.append((session.auth_data, session.ssl is not None))
        return "250 OK"


def authenticate(server: SMTP, session: Session, envelope: Envelope, mechanism: str, said: object) -> AuthResult:
    assert isinstance(said, LoginPassword)
    known = said.login == b"hat" and said.password == PASSWORD.encode()
    return AuthResult(success=known, handled=False, auth_data=said.login.decode())


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for loopback that vouches for itself, and its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail.example.org")])
    now = datetime.now(UTC)  # noqa: TID251 - certificates are checked against the real clock
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path_factory.mktemp("certificate") / "server.pem"
    form = serialization.PrivateFormat.PKCS8
    private = key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption())
    file.write_bytes(signed.public_bytes(serialization.Encoding.PEM) + private)
    return file


@pytest.fixture
def box() -> Box:
    return Box()


def serve(box: Box, context: ssl.SSLContext | None) -> Iterator[int]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    controller = Controller(
        box,
        hostname="127.0.0.1",
        port=port,
        authenticator=authenticate,
        auth_required=context is not None,
        auth_require_tls=context is not None,
        tls_context=context,
        require_starttls=context is not None,
    )
    controller.start()
    yield port
    controller.stop()
    with warnings.catch_warnings():
        # The server leaves the socket of a handshake that failed to the collector of garbage.
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()


@pytest.fixture
def port(box: Box, certificate: Path) -> Iterator[int]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    yield from serve(box, context)


@pytest.fixture
def plain_port(box: Box) -> Iterator[int]:
    yield from serve(box, None)


def send(port: int, folder: Path, *, password: str = PASSWORD) -> LetterState:
    file = folder / "password"
    file.write_text(f"{password}\n", "utf-8")
    server = Server(host="127.0.0.1", port=port, starttls=True, user="hat", password_file=file)
    letter = Letter(
        id=LetterId(new_id()),
        person=a_person().id,
        about=new_id(),
        language=Tongue.ENGLISH,
        proposal=Proposal(uid="x@mentorweave", starts_at=NOON + timedelta(days=7), time_zone="America/Edmonton"),
        other=Reachable(name="Mary Mentor", email="mary@example.org"),
        written_at=NOON,
        due_at=NOON,
    )
    office = open_post_office(Mailing(sender="mentors@hat.example.org", folder=folder, server=server))
    return office.send(letter, replace(TO), "Medicine Hat Mentors")


@pytest.fixture
def trusted(monkeypatch: pytest.MonkeyPatch, certificate: Path) -> None:
    """The machine trusts the mail server's certificate."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))


@pytest.mark.usefixtures("trusted")
def test_a_letter_leaves_encrypted_and_with_a_password(box: Box, port: int, tmp_path: Path) -> None:
    assert send(port, tmp_path) is LetterState.SENT
    assert box.received == [("hat", True)]


@pytest.mark.usefixtures("trusted")
def test_a_wrong_password_keeps_the_letter_waiting(box: Box, port: int, tmp_path: Path) -> None:
    with pytest.raises(PostOfficeBusyError):
        send(port, tmp_path, password="guessed")
    assert box.received == []


def test_nothing_is_said_to_a_server_whose_certificate_nobody_trusts(box: Box, port: int, tmp_path: Path) -> None:
    with pytest.raises(PostOfficeBusyError):
        send(port, tmp_path)
    assert box.received == []


def test_a_server_that_does_not_encrypt_is_told_neither_password_nor_letter(
    box: Box, plain_port: int, tmp_path: Path
) -> None:
    with pytest.raises(PostOfficeBusyError):
        send(plain_port, tmp_path)
    assert box.received == []
