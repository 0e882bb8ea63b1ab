#!/usr/bin/env python3
"""Not Proven: one command to play it, one to test it.

    python3 run.py [--host H] [--port P]   serve the game (port 8000); what follows goes to `quiz`
    python3 run.py test [pytest options]   every test: SQLite, PostgreSQL, Redis, a real browser
    python3 run.py test --quick            on SQLite alone, without browser and servers
    python3 run.py check                   style, types, templates, layers, question files
    python3 run.py bench NAME [options]    one benchmark of tests/bench

The first start makes .venv and installs the pinned requirements; later ones find it done.
Needs Python 3.11 or newer, and nothing else.
"""

from __future__ import annotations

import glob
import hashlib
import os
import re
import shutil
import subprocess
import sys
import venv
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
OLDEST = (3, 11)

CHROMIUMS = (
    "chromium-headless-shell",  # opens a page in a fifth of the time
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "microsoft-edge",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
)
POSTGRESES = (
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/opt/homebrew/opt/postgresql*/bin",
    r"C:\Program Files\PostgreSQL\*\bin",
)
REDISES = (
    "redis-server",
    "valkey-server",
    "/opt/homebrew/bin/redis-server",
    "/usr/local/bin/redis-server",
)


class Missing(Exception):
    """Something has to be installed first; the message says what and how."""


def main(arguments: list[str]) -> int:
    """Do what the command line says; returns the exit code."""
    if sys.version_info < OLDEST:
        raise Missing(
            f"Not Proven needs Python {OLDEST[0]}.{OLDEST[1]} or newer, and this one is "
            f"{sys.version.split()[0]}. Get a newer one from https://www.python.org/downloads/ "
            "and start again with it."
        )
    command = arguments[0] if arguments else ""
    if command in ("-h", "--help", "help"):
        print(__doc__.strip())
        return 0
    # Else every worker and server of the tests compiles all it imports: two seconds for each.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    if command == "test":
        return test(arguments[1:])
    if command == "check":
        return check()
    if command == "bench":
        return bench(arguments[1:])
    install("requirements.txt")
    return become([str(PYTHON), "-m", "quiz", *arguments])


def test(arguments: list[str]) -> int:
    """The whole suite. Fails, rather than skips, without a browser, PostgreSQL or Redis.

    With `--quick` it needs none of them.
    """
    install("requirements-dev.txt")
    workers = os.cpu_count() or 1
    if "--quick" not in arguments:
        provide("chromium-headless-shell", find_chromium, "QUIZ_CHROMIUM")
        provide("postgresql", find_postgres, "QUIZ_POSTGRES")
        provide("redis-server", find_redis, "QUIZ_REDIS")
        workers += 1  # the browser tests wait for pages half of their time
    spread = ["-n", str(min(4, workers)), "--dist", "worksteal"]
    return become([str(PYTHON), "-m", "pytest", *spread, *arguments])


def check() -> int:
    """Everything that can be said of the tree without playing; names what failed."""
    install("requirements-dev.txt")
    steps = (
        ("ruff", "check", "."),
        ("ruff", "format", "--check", "."),
        ("mypy", "--strict", "quiz"),
        ("djlint", "--lint", "--quiet", "quiz/templates"),
        ("pytest", "-q", "-p", "no:randomly", "tests/test_architecture.py", "tests/test_vendor.py"),
        ("flask", "--app", "quiz", "questions", "check"),
    )
    failed = []
    for step in steps:
        say(" ".join(step))
        if subprocess.call([str(PYTHON), "-m", *step], cwd=ROOT):
            failed.append(" ".join(step))
    for command in failed:
        say(f"failed: {command}")
    return 1 if failed else 0


def bench(arguments: list[str]) -> int:
    """Run tests/bench/NAME.py, with the rest of the command line as its options."""
    known = sorted(
        path.stem
        for path in (ROOT / "tests" / "bench").glob("[a-z]*.py")
        if not path.stem.startswith("test_")
    )
    if not arguments or arguments[0] not in known:
        raise Missing(f"Which benchmark? There are: {', '.join(known) or 'none yet'}.")
    install("requirements-dev.txt")
    return become([str(PYTHON), "-m", f"tests.bench.{arguments[0]}", *arguments[1:]])


def install(requirements: str) -> None:
    """Bring .venv in step with a requirements file; nothing to do when its stamp says so."""
    stamp = VENV / f".{requirements}.sha256"
    pinned = b"".join(path.read_bytes() for path in sorted(ROOT.glob("requirements*.txt")))
    wanted = hashlib.sha256(pinned + sys.version.encode()).hexdigest()
    if PYTHON.exists() and stamp.exists() and stamp.read_text() == wanted:
        return
    if not PYTHON.exists():
        say("Making .venv …")
        # Without pip, which would need ensurepip: Debian ships a Python that lacks it.
        venv.create(VENV, clear=True, symlinks=os.name != "nt", with_pip=False)
    say(f"Installing {requirements} …")
    if subprocess.call([*installer(), "-r", str(ROOT / requirements)]):
        raise Missing(f"{requirements} could not be installed; the lines above say why.")
    stamp.write_text(wanted)


def installer() -> list[str]:
    """The command that installs into .venv: uv, found or installed there, or else pip."""
    for uv in (shutil.which("uv"), shutil.which("uv", path=str(BIN))):
        if uv and works(uv, "--version"):
            return [uv, "pip", "install", "--quiet", "--python", str(PYTHON)]
    if not works(PYTHON, "-m", "pip", "--version"):
        get_pip()
    pip = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    if works(*pip, "uv"):
        return installer()
    return pip


def get_pip() -> None:
    """Put pip into .venv: Python's own, else this machine's; as root on Debian it is installed.

    Raises Missing when there is no way.
    """
    for attempt in range(2):
        if works(PYTHON, "-m", "ensurepip"):
            return
        if works(sys.executable, "-m", "pip", "--python", PYTHON, "install", "pip"):
            return
        if attempt or not is_debian() or os.geteuid() != 0:
            break
        apt_install("python3-venv")
    raise Missing(
        "This Python has no pip. Install it (on Debian: apt install python3-venv), or install uv, "
        "then start again."
    )


def find_chromium() -> Path:
    """The browser for the browser tests: QUIZ_CHROMIUM, or one found on this machine.

    Raises Missing when there is none.
    """
    chosen = os.environ.get("QUIZ_CHROMIUM")
    for candidate in [chosen] if chosen else CHROMIUMS:
        found = shutil.which(candidate)
        if found:
            return Path(found)
    raise Missing(
        f"QUIZ_CHROMIUM is {chosen!r}, which is no program that can be run."
        if chosen
        else "The browser tests need Chromium or Chrome: install one (on Debian: "
        "apt install chromium-headless-shell), or name it in QUIZ_CHROMIUM."
    )


def find_postgres() -> Path:
    """The folder with initdb and pg_ctl: QUIZ_POSTGRES, or one found on this machine.

    Raises Missing when there is none.
    """
    chosen = os.environ.get("QUIZ_POSTGRES")
    places = [chosen] if chosen else _postgres_places()
    for place in places:
        if shutil.which("initdb", path=place) and shutil.which("pg_ctl", path=place):
            return Path(place)
    raise Missing(
        f"QUIZ_POSTGRES is {chosen!r}, a folder without initdb and pg_ctl."
        if chosen
        else "The database tests need PostgreSQL's programs: install them (on Debian: "
        "apt install postgresql), or name the folder of initdb and pg_ctl in QUIZ_POSTGRES."
    )


def find_redis() -> Path:
    """The Redis for the tests of several processes: QUIZ_REDIS, or one found on this machine.

    Raises Missing when there is none.
    """
    chosen = os.environ.get("QUIZ_REDIS")
    for candidate in [chosen] if chosen else REDISES:
        found = shutil.which(candidate)
        if found:
            return Path(found)
    raise Missing(
        f"QUIZ_REDIS is {chosen!r}, which is no program that can be run."
        if chosen
        else "The tests of several processes need Redis: install it (on Debian: "
        "apt install redis-server), or name the program in QUIZ_REDIS."
    )


def _postgres_places() -> list[str]:
    places = os.environ.get("PATH", "").split(os.pathsep)
    if shutil.which("pg_config"):
        places.insert(0, subprocess.getoutput("pg_config --bindir"))
    for pattern in POSTGRESES:
        # The newest version first: 17 before 9.6 and 15.
        found = glob.glob(pattern)
        places += sorted(found, key=lambda p: [int(n) for n in re.findall(r"\d+", p)], reverse=True)
    return places


def provide(package: str, find: Callable[[], Path], variable: str) -> None:
    """Make sure `find` finds: as root on Debian, by installing the package.

    Raises Missing elsewhere, and where the environment variable names something unusable.
    """
    try:
        find()
    except Missing:
        if os.environ.get(variable) or not is_debian() or os.geteuid() != 0:
            raise
        apt_install(package)
        find()


def apt_install(package: str) -> None:
    """Install a Debian package; whether it worked shows when it is looked for again."""
    say(f"Installing {package} …")
    apt = ["apt-get", "-qq", "-o", "Dpkg::Use-Pty=0"]
    quiet = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    for words in (["update"], ["install", "-y", "--no-install-recommends", package]):
        subprocess.call([*apt, *words], env=quiet, stdout=subprocess.DEVNULL)


def is_debian() -> bool:
    """Whether this machine runs Debian (Ubuntu's chromium package is of another kind)."""
    release = Path("/etc/os-release")
    return release.exists() and "ID=debian" in release.read_text().splitlines()


def works(*command: object) -> bool:
    """Whether a command can be run and ends well."""
    words = [str(word) for word in command]
    try:
        return subprocess.run(words, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def become(command: list[str]) -> int:
    """Go on as another program, in the project's folder."""
    os.chdir(ROOT)
    if os.name == "nt":  # there, exec would return to the shell at once
        return subprocess.call(command)
    sys.stdout.flush()
    os.execv(command[0], command)


def say(line: str) -> None:
    """One line to the person at the terminal."""
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except Missing as missing:
        sys.exit(str(missing))
    except KeyboardInterrupt:
        sys.exit(130)
