"""Give the server its database and two roles, and say how to connect."""

from __future__ import annotations

from dataclasses import dataclass

import psycopg
from psycopg import sql

from shopapp.embedded.cluster import Passwords

DATABASE = "rebasket"
OWNER = "rebasket_owner"
APP = "rebasket_app"


@dataclass(frozen=True, slots=True)
class Server:
    """A running server on the loopback address."""

    host: str
    port: int
    pid: int
    passwords: Passwords


def connection_urls(server: Server) -> tuple[str, str]:
    """Return the addresses for the application's role and for the owner's, in this order."""
    return (
        _url(server, APP, server.passwords.app, DATABASE),
        _url(server, OWNER, server.passwords.owner, DATABASE),
    )


def superuser_url(server: Server) -> str:
    """Return the superuser's address; the product itself never needs it."""
    return _url(server, "postgres", server.passwords.superuser, "postgres")


def ensure(server: Server) -> None:
    """Make the roles and the database that are missing. Safe to call again after any death.

    The owner runs migrations and may create test databases; the application's role owns nothing
    and stands below row-level security.
    """
    owner = sql.SQL("LOGIN CREATEDB NOSUPERUSER NOCREATEROLE NOBYPASSRLS")
    app = sql.SQL("LOGIN NOCREATEDB NOSUPERUSER NOCREATEROLE NOBYPASSRLS")
    with psycopg.connect(superuser_url(server), autocommit=True) as connection:
        _ensure_role(connection, OWNER, owner, server.passwords.owner)
        _ensure_role(connection, APP, app, server.passwords.app)
        if not _exists(connection, "SELECT 1 FROM pg_database WHERE datname = %s", DATABASE):
            connection.execute(
                sql.SQL("CREATE DATABASE {} OWNER {}").format(
                    sql.Identifier(DATABASE), sql.Identifier(OWNER)
                )
            )


def _ensure_role(connection: psycopg.Connection, name: str, rights: sql.SQL, password: str) -> None:
    if not _exists(connection, "SELECT 1 FROM pg_roles WHERE rolname = %s", name):
        connection.execute(
            sql.SQL("CREATE ROLE {} {} PASSWORD {}").format(
                sql.Identifier(name), rights, sql.Literal(password)
            )
        )


def _exists(connection: psycopg.Connection, query: str, name: str) -> bool:
    return connection.execute(query, [name]).fetchone() is not None


def _url(server: Server, role: str, password: str, database: str) -> str:
    return f"postgresql://{role}:{password}@{server.host}:{server.port}/{database}"
