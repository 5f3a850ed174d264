"""What of a page shares a transaction where several write at the same time."""

from federation.membership.desk import by_letter
from federation.membership.relay import Item, ItemKind


def an_item(cursor: int, kind: ItemKind) -> Item:
    return Item(cursor=cursor, kind=kind, id=str(cursor), data=b"")


def test_each_letter_stands_by_itself_and_receipts_stay_together() -> None:
    letters = {place: an_item(place, ItemKind.ENVELOPE) for place in (3, 4)}
    receipts = {place: an_item(place, ItemKind.RECEIPT) for place in (5, 6)}

    assert by_letter(letters) == [{3: letters[3]}, {4: letters[4]}]
    assert by_letter(receipts) == [receipts]
