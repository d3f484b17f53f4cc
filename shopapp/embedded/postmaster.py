"""Start, recognise and stop the one server process of a cluster.

A pid file outlives its server and pids are used again, so no pid is believed, let alone signalled,
before its process proved to be the PostgreSQL of this very cluster.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import psycopg

from shopapp.embedded import account, binaries
from shopapp.embedded.account import EmbeddedError
from shopapp.embedded.home import Home

START_SECONDS = 60  # a killed server replays its log before it answers
STOP_SECONDS = 30
_LOG_BYTES = 5_000_000
# What a start may meet just after a kill or beside another start, and what passes by itself.
_PASSING = ("shared memory block", "lock file", "Address already in use")
_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "200",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # Statements and details of errors carry personal data: they stay out of the log.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_checkpoints": "off",
}


@dataclass(frozen=True, slots=True)
class Postmaster:
    """A live server process."""

    pid: int
    port: int


def find(cluster: Path) -> Postmaster | None:
    """Return the live server of this cluster, ready or still starting."""
    found = _read_pid_file(cluster)
    return found if found and _serves(found.pid, cluster) else None


def ensure(home: Home, password: str) -> Postmaster:
    """Return the server once it answers, started first if there is none; call it under the lock."""
    until = time.monotonic() + START_SECONDS
    launched, log_start, refusal = 0, 0, ""
    while time.monotonic() < until:
        found = find(home.cluster)
        if found:
            refusal = _refusal(found, password)
            if not refusal:
                _remember_port(home, found.port)
                return found
        elif not (launched and _command(launched)):
            if launched:
                _insist_on_passing(_tail(home.log, log_start))
            _drop_stray_pid_file(home.cluster)
            log_start = _fit_log(home)
            launched = _launch(home)
        time.sleep(0.05)
    said = _tail(home.log, log_start)
    raise EmbeddedError(f"PostgreSQL did not answer in {START_SECONDS} s. {refusal}\n{said}")


def stop(cluster: Path) -> bool:
    """Stop the cluster's server, gently at first; say whether one ran."""
    found = find(cluster)
    if found is None:
        return False
    for request in (signal.SIGINT, signal.SIGQUIT):
        until = time.monotonic() + STOP_SECONDS
        if find(cluster) == found:
            os.kill(found.pid, request)
        while time.monotonic() < until:
            if not _serves(found.pid, cluster):
                return True
            time.sleep(0.02)
    raise EmbeddedError(f"The PostgreSQL with process id {found.pid} does not stop.")


def _read_pid_file(cluster: Path) -> Postmaster | None:
    """Read what PostgreSQL writes: pid, data directory, start, port, ... one to a line."""
    try:
        lines = (cluster / "postmaster.pid").read_text().splitlines()
        return Postmaster(pid=int(lines[0]), port=int(lines[3]))
    except (FileNotFoundError, IndexError, ValueError):
        return None
    except PermissionError as error:
        raise EmbeddedError(f"{cluster} belongs to another user; run as that user.") from error


def _serves(pid: int, cluster: Path) -> bool:
    program, _, arguments = _command(pid).partition(" -D ")
    if Path(program).name != "postgres":
        return False
    try:  # true also after the folder was moved, but not everybody may look
        return Path(f"/proc/{pid}/cwd").samefile(cluster)
    except OSError:
        return arguments == str(cluster) or arguments.startswith(f"{cluster} ")


def _command(pid: int) -> str:
    """Return the process's command line, empty when it is gone or a zombie."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace").replace("\0", " ")
    except FileNotFoundError:
        if Path("/proc/self").exists():
            return ""
    except ProcessLookupError:
        return ""
    shown = subprocess.run(
        ["/bin/ps", "-ww", "-o", "command=", "-p", str(pid)],
        capture_output=True,
        text=True,
        check=False,
    )
    return shown.stdout.strip()


def _drop_stray_pid_file(cluster: Path) -> None:
    """Remove a pid file whose number a stranger has now: PostgreSQL would refuse to start.

    It clears a dead process's file itself, and guards a living one's data by its shared memory.
    """
    found = _read_pid_file(cluster)
    if found and _command(found.pid) and not _serves(found.pid, cluster):
        (cluster / "postmaster.pid").unlink(missing_ok=True)


def _launch(home: Home) -> int:
    """Start the server as an orphan in its own session, and return its pid."""
    arguments = [str(binaries.find(home) / "postgres"), "-D", str(home.cluster)]
    arguments += ["-p", str(_free_port(home.root / "port"))]
    for name, value in _SETTINGS.items():
        arguments += ["-c", f"{name}={value}"]
    runner = home.account
    with home.log.open("a") as log:
        shell = subprocess.run(
            ["/bin/sh", "-c", '"$@" >&2 & echo $!', "sh", *arguments],
            cwd="/",
            env=account.CLEAN_ENVIRONMENT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=log,
            check=True,
            start_new_session=True,
            user=None if runner.is_us else runner.uid,
            group=None if runner.is_us else runner.gid,
            extra_groups=None if runner.is_us else [],
        )
    return int(shell.stdout)


def _free_port(remembered: Path) -> int:
    """Return a free port: the last one where possible, so that addresses in use stay true."""
    wanted = remembered.read_text() if remembered.exists() else ""
    for port in (int(wanted) if wanted.isdecimal() else 0, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise EmbeddedError("No port is free on 127.0.0.1.")


def _remember_port(home: Home, port: int) -> None:
    remembered = home.root / "port"
    if not remembered.exists() or remembered.read_text() != str(port):
        remembered.write_text(str(port))
        account.give(remembered, home.keeper)


def _refusal(found: Postmaster, password: str) -> str:
    """Return why the server does not answer yet; empty when it does."""
    try:
        psycopg.connect(
            host="127.0.0.1",
            port=found.port,
            user="postgres",
            password=password,
            dbname="postgres",
            connect_timeout=5,
        ).close()
    except psycopg.OperationalError as error:
        return str(error)
    return ""


def _insist_on_passing(said: str) -> None:
    if not any(reason in said for reason in _PASSING):
        raise EmbeddedError(f"PostgreSQL does not start:\n{said}")
    time.sleep(0.3)


def _fit_log(home: Home) -> int:
    """Return where new lines of the log begin; an old, large log is emptied first."""
    home.log.touch(mode=0o600)
    account.give(home.log, home.keeper)
    if home.log.stat().st_size > _LOG_BYTES:
        home.log.write_text("")
    return home.log.stat().st_size


def _tail(log: Path, start: int) -> str:
    with log.open("rb") as file:
        file.seek(start)
        return file.read()[-2000:].decode(errors="replace").strip()
