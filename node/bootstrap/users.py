"""The verbs about members of staff."""

from node.bootstrap.adapters import Adapters
from node.services.tokens import AddToken, EndToken, ListTokens, RecognizeToken
from node.services.users import AddUser, ChangeUser, ListUsers


class UserServices:
    """What can be done with members of staff."""

    def __init__(self, on: Adapters) -> None:
        """Every verb over the same ports."""
        self.add = AddUser(on.work, on.clock, on.ids)
        self.change = ChangeUser(on.work, on.clock)
        self.list = ListUsers(on.reading)
        self.add_token = AddToken(on.work, on.clock, on.ids, on.secrets)
        self.list_tokens = ListTokens(on.reading)
        self.end_token = EndToken(on.work, on.clock)
        self.recognize_token = RecognizeToken(on.work, on.reading, on.clock)
