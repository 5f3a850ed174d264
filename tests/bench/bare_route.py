"""What the exchange is measured against: a FastAPI route that verifies an Ed25519 signature and inserts a durable row.

Run as `python -m tests.bench.bare_route DATABASE PORT PUBLIC_KEY_HEX`.
"""

import sqlite3
import sys

import uvicorn
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response


def make_app(database: str, key: Ed25519PublicKey) -> FastAPI:
    """The route over a fresh SQLite file, as durable as the exchange's own."""
    connection = sqlite3.connect(database, isolation_level=None, check_same_thread=False)
    for statement in (
        "PRAGMA journal_mode=WAL",
        "PRAGMA synchronous=FULL",
        "CREATE TABLE items (id TEXT PRIMARY KEY, body BLOB NOT NULL)",
    ):
        connection.execute(statement)
    app = FastAPI(openapi_url=None)

    @app.put("/items/{item}", response_model=None)
    async def put(request: Request, item: str) -> Response:
        body = await request.body()
        key.verify(bytes.fromhex(request.headers["signature"]), body)
        connection.execute("INSERT INTO items (id, body) VALUES (?, ?)", (item, body))
        return Response(status_code=201)

    @app.get("/healthz", response_model=None)
    async def healthz() -> Response:
        return Response()

    return app


if __name__ == "__main__":
    _database, _port, _key = sys.argv[1:]
    _app = make_app(_database, Ed25519PublicKey.from_public_bytes(bytes.fromhex(_key)))
    uvicorn.run(_app, host="127.0.0.1", port=int(_port), log_config=None, access_log=False)
