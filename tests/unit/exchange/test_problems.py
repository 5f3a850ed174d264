"""The registry of problem types holds every error the exchange defines."""

from federation.exchange.api.problems import PROBLEM_TYPES
from protocol.errors import every_error


def test_every_error_of_the_exchange_is_registered() -> None:
    registered = {problem.code for problem in PROBLEM_TYPES}
    own = {error.code for error in every_error() if error.__module__.startswith("federation.exchange")}

    assert own
    assert own <= registered


def test_codes_are_unique_and_sorted() -> None:
    codes = [problem.code for problem in PROBLEM_TYPES]

    assert codes == sorted(set(codes))
    assert all(400 <= problem.status < 600 and problem.title.endswith(".") for problem in PROBLEM_TYPES)
