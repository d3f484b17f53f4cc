"""One embedded server: starts, deaths, strangers' pids, accounts and passwords."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from shopapp import embedded
from shopapp.embedded import account, binaries, home


def superuser(server: embedded.Server) -> psycopg.Connection:
    return psycopg.connect(embedded.superuser_url(server), autocommit=True)


def answer(connection: psycopg.Connection, query: str) -> object:
    row = connection.execute(query).fetchone()
    assert row is not None
    return row[0]


def is_alive(pid: int) -> bool:
    """Say whether the process runs; one that ended and was not collected does not."""
    try:
        return bool(Path(f"/proc/{pid}/cmdline").read_bytes())
    except FileNotFoundError:
        shown = subprocess.run(
            ["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False
        )
        return shown.stdout.strip() not in {"", "Z"}


def server_account(data_dir: Path) -> account.Account:
    place = home.look(data_dir)
    assert place is not None
    return place.account


@contextlib.contextmanager
def stranger(who: account.Account) -> Iterator[subprocess.Popen[bytes]]:
    """An unrelated process of the server's own account, so that it could be signalled."""
    process = subprocess.Popen(["/bin/sleep", "60"], cwd="/", user=None if who.is_us else who.uid)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def point_pid_file_at(pid: int, data_dir: Path) -> None:
    """Leave the pid file that a long dead server left, its number used again by ``pid``."""
    cluster = data_dir.resolve() / "cluster"
    old = cluster / "postmaster.pid"
    old.write_text(f"{pid}\n{cluster}\n1700000000\n5432\n\n127.0.0.1\n  1234567  1\nready   \n")
    account.give(old, server_account(data_dir))


def test_a_first_start_gives_a_durable_postgresql_18_with_two_plain_roles(data_dir: Path) -> None:
    server = embedded.ensure(data_dir)
    app_url, owner_url = embedded.connection_urls(server)

    with superuser(server) as connection:
        assert str(answer(connection, "SHOW server_version")).startswith("18.")
        assert answer(connection, "SHOW fsync") == "on"
        assert answer(connection, "SHOW server_encoding") == "UTF8"
        vector = "SELECT count(*) FROM pg_available_extensions WHERE name = 'vector'"
        assert answer(connection, vector) == 1
        rights = connection.execute(
            "SELECT rolname, rolsuper, rolbypassrls, rolcreatedb, rolcreaterole FROM pg_roles"
            " WHERE rolname LIKE 'rebasket%' ORDER BY 1"
        ).fetchall()
    assert rights == [
        ("rebasket_app", False, False, False, False),
        ("rebasket_owner", False, False, True, False),
    ]
    with psycopg.connect(owner_url) as connection:
        connection.execute("CREATE TABLE carts (id int)")
    with (
        psycopg.connect(app_url) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        connection.execute("SELECT * FROM carts")


def test_a_second_call_reuses_the_server_and_stop_ends_it(data_dir: Path) -> None:
    server = embedded.ensure(data_dir)

    assert embedded.ensure(data_dir) == server
    assert embedded.find(data_dir) == server
    assert embedded.stop(data_dir) is True
    assert not is_alive(server.pid)
    assert embedded.find(data_dir) is None
    assert embedded.stop(data_dir) is False


def test_stopping_where_nothing_ever_ran_makes_nothing(tmp_path: Path) -> None:
    assert embedded.stop(tmp_path / "nowhere" / "postgres") is False
    assert list(tmp_path.iterdir()) == []


def test_a_killed_server_comes_back_with_its_data_on_the_same_port(data_dir: Path) -> None:
    server = embedded.ensure(data_dir)
    with superuser(server) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS n")

    os.kill(server.pid, signal.SIGKILL)
    again = embedded.ensure(data_dir)

    assert again.pid != server.pid
    assert again.port == server.port
    with superuser(again) as connection:
        assert answer(connection, "SELECT n FROM kept") == 7


def test_another_port_is_taken_when_a_stranger_listens_on_ours(data_dir: Path) -> None:
    server = embedded.ensure(data_dir)
    embedded.stop(data_dir)
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind(("127.0.0.1", server.port))
        taken.listen()
        again = embedded.ensure(data_dir)
    assert again.port != server.port


def test_a_stale_pid_file_that_names_a_stranger_harms_nobody(data_dir: Path) -> None:
    """A well-known manager killed an unrelated process that had been given the old number."""
    embedded.ensure(data_dir)
    embedded.stop(data_dir)
    with stranger(server_account(data_dir)) as process:
        point_pid_file_at(process.pid, data_dir)
        assert embedded.find(data_dir) is None
        assert embedded.stop(data_dir) is False
        server = embedded.ensure(data_dir)

        assert server.pid != process.pid
        with superuser(server) as connection:
            assert answer(connection, "SELECT 1") == 1
        assert process.poll() is None


def test_the_server_never_runs_as_root_and_inherits_no_secrets(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET_KEY", "canary-of-the-caller")
    server = embedded.ensure(data_dir)
    place = home.look(data_dir)
    assert place is not None

    assert place.cluster.stat().st_uid != 0
    assert stat.S_IMODE(place.cluster.stat().st_mode) == 0o700
    environment = Path(f"/proc/{server.pid}/environ")
    if environment.exists():
        assert b"canary-of-the-caller" not in environment.read_bytes()


def test_passwords_are_private_and_their_loss_is_told_in_words(data_dir: Path) -> None:
    server = embedded.ensure(data_dir)
    kept = data_dir.resolve() / "passwords.json"

    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert server.passwords.owner not in repr(server)
    kept.unlink()
    with pytest.raises(embedded.EmbeddedError, match=r"passwords\.json is missing"):
        embedded.ensure(data_dir)


def test_a_private_parent_folder_is_never_opened_to_others(data_dir: Path) -> None:
    """Another manager, as root, opened every parent folder to everybody."""
    closed = data_dir.parent / "closed"
    closed.mkdir(mode=0o700)
    try:
        server = embedded.ensure(closed / "postgres")

        assert stat.S_IMODE(closed.stat().st_mode) == 0o700
        assert (closed / "postgres").is_symlink() == (os.geteuid() == 0)
        assert embedded.find(closed / "postgres") == server
        kept = (closed / "postgres").resolve()
    finally:
        embedded.remove(closed / "postgres")
    assert not kept.exists()
    assert not is_alive(server.pid)


def test_programs_are_copied_when_the_account_cannot_reach_them(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A virtual environment under /root can be entered by root alone."""
    monkeypatch.setattr(binaries, "reaches", lambda who, folder: False)

    embedded.ensure(data_dir)

    place = home.look(data_dir)
    assert place is not None
    programs = binaries.find(place)
    assert programs.is_relative_to(place.root)
    version = account.run(place.account, programs / "postgres", "--version")
    assert "(PostgreSQL) 18." in version.stdout


def test_a_temporary_server_is_gone_afterwards() -> None:
    with embedded.temporary() as server:
        assert is_alive(server.pid)
    assert not is_alive(server.pid)
