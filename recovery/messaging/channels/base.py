"""What every channel is given and what it may answer."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail, ready for the transport. ``message_id`` stays the same over tries."""

    message_id: str
    from_name: str
    from_address: str
    to: str
    subject: str
    text: str
    html: str
    reply_to: str = ""
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sent:
    """The transport accepted the message."""

    provider_id: str = ""


@dataclass(frozen=True, slots=True)
class Failed:
    """The transport certainly did not accept the message.

    ``permanent``: trying again is of no use. ``reason``: a code of ``messaging.wording``.
    ``unreachable``: the transport itself is away, so other messages need not be tried now.
    """

    reason: str
    permanent: bool
    problem: str = ""
    unreachable: bool = False


@dataclass(frozen=True, slots=True)
class Unknown:
    """The transport may have accepted the message: it must never be sent again."""

    reason: str
    problem: str = ""


Outcome = Sent | Failed | Unknown
