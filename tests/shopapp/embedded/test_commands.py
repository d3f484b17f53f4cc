"""Commands that share, kill, lend and report the embedded server."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from shopapp import embedded

ROOT = Path(__file__).resolve().parents[3]
COMMAND = [sys.executable, "-m", "shopapp.embedded"]


def wait_until(holds: Callable[[], object], seconds: float = 30) -> None:
    """Return as soon as the condition holds; fail the test when it never does."""
    until = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < until, "it did not happen in time"
        threading.Event().wait(0.005)


def answer(connection: psycopg.Connection, query: str) -> object:
    row = connection.execute(query).fetchone()
    assert row is not None
    return row[0]


def test_four_commands_at_once_share_one_server(data_dir: Path) -> None:
    command = [*COMMAND, "url", "--data-dir", str(data_dir)]
    running = [
        subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) for _ in range(4)
    ]
    said = [process.communicate(timeout=90)[0] for process in running]

    assert [process.returncode for process in running] == [0, 0, 0, 0]
    assert len(set(said)) == 1
    with psycopg.connect(said[0].strip()) as connection:
        assert answer(connection, "SELECT current_user") == "rebasket_app"


@pytest.mark.parametrize(
    "moment", ["passwords.json", "making-*/cluster/base", "cluster/postmaster.pid"]
)
def test_a_command_killed_while_starting_leaves_nothing_broken(data_dir: Path, moment: str) -> None:
    process = subprocess.Popen([*COMMAND, "start", "--data-dir", str(data_dir)], cwd=ROOT)
    wait_until(lambda: list(data_dir.glob(moment)))
    process.kill()
    process.wait()

    server = embedded.ensure(data_dir)

    app_url, _ = embedded.connection_urls(server)
    with psycopg.connect(app_url) as connection:
        assert answer(connection, "SELECT current_database()") == "rebasket"


def test_the_command_line_tells_whether_the_server_runs(data_dir: Path) -> None:
    def say(action: str) -> tuple[int, str]:
        done = subprocess.run(
            [*COMMAND, action, "--data-dir", str(data_dir)],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        return done.returncode, done.stdout.split(",")[0].split(" on ")[0].strip()

    assert say("status") == (3, "Not running.")
    assert say("start") == (0, "PostgreSQL answers")
    assert say("status") == (0, "Running")
    assert say("stop") == (0, "Stopped.")
    assert say("status") == (3, "Not running.")


def test_a_lent_database_is_gone_when_its_command_ends() -> None:
    question = (
        "import os, psycopg; "
        "print(psycopg.connect(os.environ['DATABASE_OWNER_URL']).execute("
        "'select inet_server_port(), current_user').fetchone()); "
        "raise SystemExit(7)"
    )
    bare = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    lent = subprocess.run(
        [*COMMAND, "lend", sys.executable, "-c", question],
        cwd=ROOT,
        env=bare,
        capture_output=True,
        text=True,
        check=False,
    )
    assert lent.returncode == 7
    port, user = lent.stdout.strip("()\n").split(", ")
    assert user == "'rebasket_owner'"
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", int(port))) != 0
