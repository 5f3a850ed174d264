"""Numbers for whoever runs the service, on a port of their own. No label holds an id."""

import time
from collections.abc import Callable
from wsgiref.simple_server import WSGIServer

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, start_http_server
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_UNMATCHED = "unmatched"


class Metrics:
    """What is counted in this process; `waiting_polls`, where it has polls, how many wait now."""

    def __init__(self, waiting_polls: Callable[[], int] | None = None) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "mentorweave_requests", "Requests answered.", ("method", "route", "status"), registry=self.registry
        )
        self.seconds = Histogram(
            "mentorweave_request_seconds",
            "Time to answer, waiting of polls included.",
            ("route",),
            registry=self.registry,
        )
        if waiting_polls is not None:
            waiting = Gauge("mentorweave_waiting_polls", "Polls that wait for something.", registry=self.registry)
            waiting.set_function(waiting_polls)

    def serve(self, host: str, port: int) -> WSGIServer:
        """Serve the numbers until the server is shut down."""
        server, _ = start_http_server(port, addr=host, registry=self.registry)
        return server


class Measured:
    """Counts every request under the template of its route."""

    def __init__(self, app: ASGIApp, *, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and count it when it is over."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status = 0
        start = time.perf_counter()

        async def watched(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, watched)
        finally:
            route = getattr(scope.get("route"), "path", _UNMATCHED)
            method = scope["method"] if route != _UNMATCHED else _UNMATCHED
            self._metrics.requests.labels(method, route, status).inc()
            self._metrics.seconds.labels(route).observe(time.perf_counter() - start)
