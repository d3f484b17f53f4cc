"""The serverless broker under several processes at once."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

from kombu import Connection, Exchange, Queue
from kombu.simple import SimpleQueue

WRITER = """
import sys
from pathlib import Path
from tests.shopapp.kit.test_spool import _connection
folder, count = sys.argv[1], int(sys.argv[2])
with _connection(Path(folder)) as connection:
    queue = connection.SimpleQueue("wake")
    for number in range(count):
        queue.put({"number": number, "padding": "x" * 20000})
"""


def _connection(folder: Path) -> Connection:
    options = {
        "data_folder_in": str(folder),
        "data_folder_out": str(folder),
        "control_folder": str(folder / "control"),
    }
    return Connection(
        "filesystem://", transport="shopapp.kit.spool:Transport", transport_options=options
    )


def _drain(queue: SimpleQueue) -> int:
    taken = 0
    while True:
        try:
            message = queue.get(block=False)
        except queue.Empty:
            return taken
        assert len(message.payload["padding"]) == 20_000
        message.ack()
        taken += 1


def test_messages_of_many_writers_arrive_whole_and_once(tmp_path: Path) -> None:
    (tmp_path / "control").mkdir()
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path), "60"]) for _ in range(4)
    ]
    taken = 0
    with _connection(tmp_path) as connection:
        queue = connection.SimpleQueue("wake")
        while any(writer.poll() is None for writer in writers):
            taken += _drain(queue)
        taken += _drain(queue)
    assert [writer.returncode for writer in writers] == [0, 0, 0, 0]
    assert taken == 240
    assert not list(tmp_path.glob("*.msg"))
    assert not list(tmp_path.glob(".*.half"))


def test_a_damaged_message_is_dropped_and_the_next_one_taken(tmp_path: Path) -> None:
    (tmp_path / "control").mkdir()
    (tmp_path / "0_damaged.other.msg").write_text("", encoding="utf-8")
    with _connection(tmp_path) as connection:
        queue = connection.SimpleQueue("other")
        queue.put({"padding": "x" * 20_000})
        assert _drain(queue) == 1


def test_binding_the_same_queue_twice_keeps_one_row(tmp_path: Path) -> None:
    with _connection(tmp_path) as connection:
        channel: Any = connection.channel()
        (tmp_path / "control").mkdir(exist_ok=True)
        for _ in range(2):
            Queue("all", Exchange("all", type="fanout")).declare(channel=channel)
        assert len(channel.get_table("all")) == 1
