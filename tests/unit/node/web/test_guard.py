"""Who may be asked under which name, and which site may post here."""

import pytest
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from node.web.guard import Guard
from tests.support.asgi import Exchange, Headers, drive

pytestmark = pytest.mark.anyio
PUBLIC = "https://mentors.example.org"


async def page(scope: Scope, receive: Receive, send: Send) -> None:
    await PlainTextResponse("page")(scope, receive, send)


async def asked(method: str, *headers: tuple[str, str], public_url: str = "") -> Exchange:
    named: Headers = headers
    return await drive(Guard(page, public_url=public_url), method, "/", headers=named)


@pytest.mark.parametrize("host", ["127.0.0.1:8200", "localhost:8200", "[::1]:8200", "LOCALHOST"])
async def test_this_machine_is_known_by_its_own_names(host: str) -> None:
    assert (await asked("GET", ("Host", host))).status == 200


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "", "[::1", "mentors.example.org"])
async def test_a_foreign_name_that_leads_here_is_refused(host: str) -> None:
    assert (await asked("GET", ("Host", host))).status == 421


async def test_a_hosted_node_answers_under_its_public_name() -> None:
    assert (await asked("GET", ("Host", "Mentors.example.org"), public_url=PUBLIC)).status == 200


@pytest.mark.parametrize(
    "headers",
    [
        (("Sec-Fetch-Site", "same-origin"), ("Origin", "http://localhost:8200")),
        (("Sec-Fetch-Site", "same-origin"),),
        (("Origin", "http://localhost:8200"),),
    ],
)
async def test_our_own_pages_may_post(headers: Headers) -> None:
    assert (await asked("POST", ("Host", "localhost:8200"), *headers)).status == 200


@pytest.mark.parametrize(
    "headers",
    [
        (),
        (("Sec-Fetch-Site", "cross-site"), ("Origin", "https://evil.example")),
        (("Sec-Fetch-Site", "same-site"), ("Origin", "http://localhost:9000")),
        (("Sec-Fetch-Site", "none"),),
        (("Sec-Fetch-Site", "same-origin"), ("Origin", "https://evil.example")),
        (("Origin", "null"),),
        (("Origin", "http://localhost:9000"),),
        (("Origin", "https://localhost:8200"),),
    ],
)
async def test_nobody_else_may_post(headers: Headers) -> None:
    assert (await asked("POST", ("Host", "localhost:8200"), *headers)).status == 403


async def test_a_public_page_posts_from_its_public_origin_only() -> None:
    host = ("Host", "mentors.example.org")

    assert (await asked("POST", host, ("Origin", PUBLIC), public_url=PUBLIC)).status == 200
    assert (await asked("POST", host, ("Origin", "http://mentors.example.org"), public_url=PUBLIC)).status == 403


async def test_even_a_refusal_carries_the_strict_headers() -> None:
    refused = await asked("POST", ("Host", "evil.example"), public_url=PUBLIC)

    assert "unsafe" not in refused.headers["content-security-policy"]
    assert "frame-ancestors 'none'" in refused.headers["content-security-policy"]
    assert refused.headers["x-content-type-options"] == "nosniff"
    assert refused.headers["cache-control"] == "no-store"
    assert refused.headers["strict-transport-security"].startswith("max-age=")


async def test_plain_http_promises_no_https() -> None:
    assert "strict-transport-security" not in (await asked("GET", ("Host", "localhost"))).headers


async def test_what_is_not_a_request_passes() -> None:
    passed: list[str] = []

    async def lifespan(scope: Scope, receive: Receive, send: Send) -> None:
        passed.append(scope["type"])

    async def nothing() -> dict[str, str]:
        return {}

    async def nowhere(_message: object) -> None:
        return None

    await Guard(lifespan, public_url="")({"type": "lifespan"}, nothing, nowhere)

    assert passed == ["lifespan"]
