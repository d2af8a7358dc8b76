"""Takes the port of a Bolt server, gives another one that leads there and loses the replies to commits on demand."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType
from typing import Final, Literal, Self

COMMIT: Final = b"\x00\x02\xb0\x12\x00\x00"
"""The message of Bolt that asks for a commit, as one chunk."""

Loss = Literal["reply", "request"]


class Proxy:
    """Forwards connections. While ``armed`` is above 0, each commit costs the connection and counts it down.

    ``loss`` says what is lost: the reply, so that the server has committed, or the request, so that it has not;
    then ``meanwhile`` is done before the client notices.
    """

    def __init__(self, port: int, loss: Loss = "reply") -> None:
        self.target = port
        self.loss = loss
        self.armed = 0
        self.meanwhile: Callable[[], object] = lambda: None
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"bolt://127.0.0.1:{self._listener.getsockname()[1]}"

    def __enter__(self) -> Self:
        """Starts to listen."""
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Stops to listen; connections that are open end with their client."""
        self._listener.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                server = socket.create_connection(("127.0.0.1", self.target))
                lost = threading.Event()
                for source, sink, asks in ((client, server, True), (server, client, False)):
                    threading.Thread(target=self._forward, args=(source, sink, lost, asks), daemon=True).start()

    def _forward(self, source: socket.socket, sink: socket.socket, lost: threading.Event, asks: bool) -> None:  # noqa: FBT001
        """Passes on what comes in one direction, until either end or a loss closes both."""
        with suppress(OSError):
            while data := source.recv(65536):
                if asks and self.armed and COMMIT in data:
                    self.armed -= 1
                    lost.set()
                    if self.loss == "request":
                        sink.shutdown(socket.SHUT_RDWR)
                        self.meanwhile()
                        break
                elif lost.is_set() and not asks:
                    self.meanwhile()
                    break
                sink.sendall(data)
        for end in (source, sink):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()
