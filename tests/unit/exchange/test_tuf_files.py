"""One metadata file at a time: what is not a file of the stewards is refused by name."""

import pytest
from securesystemslib.signer._key import SSlibKey

from federation.exchange.adapters.sql.counts import Acquainted
from federation.exchange.adapters.tuf_files import as_root, as_targets, load_file, verify_role, verifying_key
from federation.exchange.domain.errors import RosterError, RosterMixError
from federation.exchange.founding import ExchangePublic
from protocol.keys import OpeningKey, SigningKey
from protocol.parsing import b64u
from protocol.roster import LIMIT, BoardKeys
from tests.support.clock import FakeClock
from tests.support.exchange import Stewards


@pytest.fixture(name="stewards")
def some_stewards() -> Stewards:
    keys = [SigningKey.generate().public.jwk for _ in range(3)]
    board = BoardKeys(sign=keys[2], seal=OpeningKey.generate().public.jwk)
    public = ExchangePublic(
        url="https://exchange.example", snapshot=keys[0], timestamp=keys[1], board=board, founding_token="t" * 32
    )
    return Stewards(public=public, clock=FakeClock())


def test_a_root_is_no_targets_file_and_the_other_way_round(stewards: Stewards) -> None:
    root, targets = load_file(stewards.root()), load_file(stewards.targets({}))

    assert (as_root(root).version, as_targets(targets).version) == (1, 1)
    with pytest.raises(RosterMixError):
        as_root(targets)
    with pytest.raises(RosterMixError):
        as_targets(root)


def test_a_file_beyond_the_limit_is_not_read() -> None:
    with pytest.raises(RosterError) as refusal:
        load_file(b"x" * (LIMIT + 1))
    assert refusal.value.params == {"reason": "size"}


def test_a_role_nobody_delegated_is_refused(stewards: Stewards) -> None:
    with pytest.raises(RosterError) as refusal:
        verify_role(as_root(load_file(stewards.root())), "strangers", load_file(stewards.targets({})))
    assert refusal.value.params == {"role": "strangers", "reason": "delegation"}


@pytest.mark.parametrize(
    ("key_id", "kind", "public"),
    [
        ("thumbprint", "ed25519", "zz"),
        ("thumbprint", "ed25519", "00" * 32),
        ("thumbprint", "rsa", "key"),
        ("another", "ed25519", "key"),
    ],
)
def test_a_key_counts_under_its_thumbprint_only(key_id: str, kind: str, public: str) -> None:
    key = SigningKey.generate().public
    values = {"thumbprint": key.key_id, "another": b64u(b"0" * 32), "key": key.raw.hex()}
    assert verifying_key(SSlibKey(key.key_id, "ed25519", "ed25519", {"public": key.raw.hex()})) == key

    with pytest.raises(RosterError):
        verifying_key(SSlibKey(values[key_id], kind, "ed25519", {"public": values.get(public, public)}))


def test_a_process_forgets_its_acquaintances_before_they_fill_its_memory() -> None:
    known = Acquainted(most=2)

    for number in range(3):
        known.add(("a", str(number)))

    assert [known.knows(("a", str(number))) for number in range(3)] == [False, False, True]
