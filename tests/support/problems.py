"""Reading problem documents in tests."""

import httpx


def code(response: httpx.Response) -> tuple[int, str]:
    """Status and code of an answer that must be a problem document."""
    assert response.headers["content-type"] == "application/problem+json", response.text
    problem = response.json()
    assert problem["status"] == response.status_code
    assert problem["type"].endswith("/" + problem["code"])
    return response.status_code, str(problem["code"])
