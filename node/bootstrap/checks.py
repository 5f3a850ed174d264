"""What the node looks at: everything for `doctor`, and for the first page what cannot wait for it."""

import shutil

from node.bootstrap.adapters import Adapters
from node.services.checks import Check, CheckBackup, CheckDisk, CheckKeys, CheckStanding, Recently
from node.services.crossing_checks import (
    CheckExchange,
    CheckIdentity,
    CheckLetters,
    CheckOutbox,
    CheckRoster,
    CheckWarnings,
)
from node.services.dealings import CheckDealings
from node.services.entrance_checks import CheckFactors
from node.services.erasures import CheckErasures, ListErasures
from node.services.publishing_checks import CheckAgreement


def every_check(on: Adapters) -> tuple[Check, ...]:
    """In the order in which `doctor` tells them."""
    return (
        CheckKeys(on.vault),
        CheckBackup(on.archive, on.clock),
        CheckDisk(lambda: shutil.disk_usage(on.settings.data_dir).free),
        CheckStanding(on.reading, on.clock),
        CheckRoster(on.federation),
        CheckExchange(on.federation),
        CheckIdentity(on.federation),
        CheckWarnings(on.federation),
        CheckOutbox(on.reading),
        CheckLetters(on.reading),
        CheckErasures(ListErasures(on.reading, on.clock)),
        CheckDealings(on.reading, on.clock),
        CheckAgreement(on.reading, on.federation),
        *((CheckFactors(on.reading),) if on.settings.public_url else ()),
    )


def daily_checks(on: Adapters) -> tuple[Check, ...]:
    """What stands on the first page."""
    return (
        CheckBackup(on.archive, on.clock),
        CheckStanding(on.reading, on.clock),
        CheckRoster(on.federation),
        CheckIdentity(on.federation),
        Recently(CheckExchange(on.federation), on.clock),
    )
