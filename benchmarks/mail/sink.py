"""A mail server on loopback in a process of its own: takes every mail, keeps a count per address.

Prints its port, serves until its standard input ends, prints the counts as JSON and is gone.
"""

from __future__ import annotations

import asyncio
import collections
import json
import sys

_END = b"\r\n.\r\n"


class Conversation(asyncio.Protocol):
    """One client's conversation. ``taken`` is shared by all."""

    def __init__(self, taken: collections.Counter[str]) -> None:
        self._taken = taken
        self._heard = b""
        self._recipient = ""
        self._in_data = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Greet."""
        if not isinstance(transport, asyncio.Transport):
            raise TypeError("a conversation needs a stream")
        self._transport = transport
        self._say("220 sink")

    def data_received(self, data: bytes) -> None:
        """Answer every command that is whole."""
        self._heard += data
        while self._step():
            pass

    def _step(self) -> bool:
        end = _END if self._in_data else b"\r\n"
        line, found, rest = self._heard.partition(end)
        if not found:
            return False
        self._heard = rest
        if self._in_data:
            self._in_data = False
            self._taken[self._recipient] += 1
            self._say("250 taken")
        else:
            self._answer(line)
        return True

    def _answer(self, line: bytes) -> None:
        match line[:4].upper():
            case b"DATA":
                self._in_data = True
                self._say("354 go ahead")
            case b"QUIT":
                self._say("221 bye")
                self._transport.close()
            case word:
                if word == b"RCPT":
                    self._recipient = line.split(b"<")[1].split(b">")[0].decode()
                self._say("250 ok")

    def _say(self, line: str) -> None:
        self._transport.write(f"{line}\r\n".encode())


async def serve() -> None:
    """Take mails until standard input ends."""
    taken: collections.Counter[str] = collections.Counter()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Conversation(taken), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)
    server.close()
    print(json.dumps(taken), flush=True)


if __name__ == "__main__":
    asyncio.run(serve())
