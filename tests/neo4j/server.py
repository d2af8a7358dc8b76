"""Takes Java and Maven, or the URL of a server, gives a running Neo4j Community for the tests.

The jars come from the Maven registry by ``pom.xml`` beside this file, once, into ``.cache/`` of the checkout. The
server runs on free loopback ports, in a home folder of its own, with authentication on, and is stopped by its process
id.
"""

from __future__ import annotations

import os
import re
import secrets
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

HERE: Final = Path(__file__).resolve().parent
POM: Final = HERE / "pom.xml"
CACHE: Final = HERE.parent.parent / ".cache" / "neo4j"
OTHER: Final = "RISKGRAPH_TEST_NEO4J_URI"
"""Names a server to use instead; its database has to be empty, and is emptied again and again."""
PATIENCE: Final = 120.0
"""Seconds that a server may take to answer. It takes six on an idle machine."""

JVMS: Final = Path("/usr/lib/jvm")
_COPY: Final = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies"
_OPENED: Final = ("java.base/java.nio", "java.base/java.io", "java.base/sun.nio.ch", "java.base/java.util.concurrent")
_EMPTY: Final = "MATCH (n) DETACH DELETE n"


class UnavailableError(Exception):
    """There is no Neo4j to test with; the text says why, and how to get one."""


@dataclass(frozen=True)
class Release:
    """A release of Neo4j: its version, the Java that it runs on, how it is started, and the heap that it gets."""

    version: str
    javas: tuple[int, ...]
    main: str
    heap: str
    flags: tuple[str, ...] = ()


LTS: Final = Release("5.26.30", (17, 21), "org.neo4j.server.CommunityEntryPoint", "-Xmx640m")
"""What the tests run on."""

NEWEST: Final = Release(
    "2026.09.0",
    (25,),
    "org.neo4j.server.Neo4jCommunity",
    "-Xmx384m",
    ("--add-modules=jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED"),
)
"""What one test looks at; together they have 1 GiB of heap."""


@dataclass(frozen=True)
class Server:
    """A server that answers: where, as whom, and the process if it is our own."""

    url: str
    user: str
    password: str | None = field(repr=False)
    process: subprocess.Popen[bytes] | None = None
    home: Path | None = None

    @property
    def environment(self) -> dict[str, str]:
        """The variables by which riskgraph may enter."""
        password = {"RISKGRAPH_NEO4J_PASSWORD": self.password} if self.password else {}
        return {"RISKGRAPH_NEO4J_USER": self.user, **password}

    def ask(self, statement: str, **parameters: Any) -> list[dict[str, Any]]:
        """What a statement of a test gives, past riskgraph."""
        from neo4j import GraphDatabase

        auth = (self.user, self.password) if self.password else None
        with GraphDatabase.driver(self.url, auth=auth, notifications_min_severity="OFF") as driver:
            records, _, _ = driver.execute_query(statement, parameters)
        return [record.data() for record in records]

    @property
    def version(self) -> str:
        """What the server says that it is."""
        kernel = "CALL dbms.components() YIELD name, versions WHERE name = 'Neo4j Kernel' RETURN versions[0] AS version"
        (found,) = self.ask(kernel)
        return str(found["version"])

    def clear(self) -> None:
        """Removes every node; constraints and indexes stay."""
        self.ask(_EMPTY)


@contextmanager
def running() -> Iterator[Server]:
    """A server as long as it is needed: the one that ``RISKGRAPH_TEST_NEO4J_URI`` names, else one of our own.

    Raises:
        UnavailableError: Java, Maven or the jars are missing, or the server that is named has data in it.
    """
    if url := os.environ.get(OTHER):
        other = _other(url)
        yield other
        other.clear()
        return
    with started(LTS) as server:
        yield server


@contextmanager
def started(release: Release) -> Iterator[Server]:
    """A server of our own as long as it is needed.

    Raises:
        UnavailableError: its Java, Maven or the jars are missing.
    """
    java, jars = find_java(release), fetch_jars(release)
    server = start(java, jars, Path(tempfile.mkdtemp(prefix="riskgraph-neo4j-")), release=release)
    try:
        yield server
    finally:
        stop(server)


def find_java(release: Release) -> str:
    """The Java to run a release with; ``JAVA_HOME`` counts first, then the path, then where Debian keeps them.

    Raises:
        UnavailableError: there is none of its versions.
    """
    homes = [Path(home) for home in (os.environ.get("JAVA_HOME"),) if home]
    found = [str(home / "bin" / "java") for home in [*homes, *sorted(JVMS.glob("*"))]]
    if java := shutil.which("java"):
        found.insert(len(homes), java)
    for candidate in found:
        if Path(candidate).exists() and _java_version(candidate) in release.javas:
            return candidate
    versions = " or ".join(str(version) for version in release.javas)
    raise UnavailableError(_how(f"there is no Java {versions}"))


def _java_version(java: str) -> int:
    said = subprocess.run([java, "-version"], capture_output=True, text=True, check=False).stderr
    found = re.search(r'version "(\d+)', said)
    return int(found[1]) if found else 0


def fetch_jars(release: Release = LTS) -> Path:
    """The folder with a release's jars, fetched if it is not there yet.

    Raises:
        UnavailableError: Maven is missing, or cannot fetch them.
    """
    version = release.version
    folder = CACHE / version
    if folder.is_dir():
        return folder
    maven = shutil.which("mvn")
    if maven is None:
        raise UnavailableError(_how("there is no Maven to fetch Neo4j with"))
    CACHE.mkdir(parents=True, exist_ok=True)
    aside = Path(tempfile.mkdtemp(prefix=f"{version}.", dir=CACHE))
    done = subprocess.run(
        [
            maven, "-B", "-q", "-f", str(POM), _COPY, f"-Dneo4j.version={version}",
            f"-DoutputDirectory={aside}", "-DincludeScope=runtime",
        ],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        shutil.rmtree(aside)
        lines = (done.stdout + done.stderr).strip().splitlines()
        raise UnavailableError(f"Maven could not fetch Neo4j {version}: {lines[0] if lines else done.returncode}")
    with suppress(OSError):  # Another process was first.
        aside.rename(folder)
    shutil.rmtree(aside, ignore_errors=True)
    return folder


def start(java: str, jars: Path, home: Path, release: Release = LTS, more: str = "") -> Server:
    """A server in a home folder, once it answers and lets us in; one that was there before keeps its data.

    ``more`` are lines of its settings.

    Raises:
        UnavailableError: it ended, or took too long.
    """
    bolt, http = _free_port(), _free_port()
    first = not (home / "password").exists()
    if first:
        (home / "conf").mkdir(parents=True)
        (home / "password").write_text(secrets.token_hex(12))
    (home / "conf" / "neo4j.conf").write_text(_settings(bolt, http) + more)
    command = [
        java, release.heap, "-XX:+UseSerialGC", *release.flags,
        *(f"--add-opens={package}=ALL-UNNAMED" for package in _OPENED),
        "-cp", f"{jars}/*", release.main,
        f"--home-dir={home}", f"--config-dir={home / 'conf'}",
    ]  # fmt: skip
    with (home / "log").open("ab") as log:
        process = subprocess.Popen(command, cwd=home, stdout=log, stderr=subprocess.STDOUT, start_new_session=True)
    password = (home / "password").read_text()
    server = Server(f"bolt://127.0.0.1:{bolt}", "neo4j", password, process, home)
    try:
        _await(server, first=first)
    except BaseException:
        kill(server)
        raise
    return server


def stop(server: Server) -> None:
    """Ends a server of our own and removes its home; nothing in there is worth an orderly end."""
    kill(server)
    if server.home is not None:
        shutil.rmtree(server.home, ignore_errors=True)


def kill(server: Server) -> None:
    """Ends a server of our own at once, as a failing machine would; its home stays."""
    if server.process is not None:
        server.process.kill()
        server.process.wait()


def _other(url: str) -> Server:
    password = os.environ.get("RISKGRAPH_TEST_NEO4J_PASSWORD")
    server = Server(url, os.environ.get("RISKGRAPH_TEST_NEO4J_USER", "neo4j"), password)
    (found,) = server.ask("MATCH (n) RETURN count(n) AS nodes")
    if found["nodes"]:
        raise UnavailableError(f"the database that {OTHER} names has {found['nodes']} nodes: name an empty one")
    return server


def _await(server: Server, *, first: bool) -> None:
    """Waits until the server answers, and gives a new one its password."""
    from neo4j import GraphDatabase
    from neo4j.exceptions import DriverError, Neo4jError

    assert server.process is not None
    assert server.home is not None
    until = time.monotonic() + PATIENCE
    auth = (server.user, "neo4j" if first else server.password or "")
    while True:
        if server.process.poll() is not None:
            raise UnavailableError(f"Neo4j ended at once: {_last_line(server.home / 'log')}")
        try:
            # The driver's own retries would wait longer and longer.
            socket.create_connection(("127.0.0.1", int(server.url.rpartition(":")[2])), 1).close()
            with GraphDatabase.driver(server.url, auth=auth, notifications_min_severity="OFF") as driver:
                if first:
                    change = "ALTER CURRENT USER SET PASSWORD FROM $old TO $new"
                    driver.execute_query(change, {"old": auth[1], "new": server.password}, database_="system")
            server.ask("RETURN 1")
        except (DriverError, Neo4jError, OSError) as error:
            if time.monotonic() > until:
                raise UnavailableError(f"Neo4j does not answer after {PATIENCE:.0f} s: {error}") from error
            time.sleep(0.2)
        else:
            return


def _settings(bolt: int, http: int) -> str:
    return (
        f"server.bolt.listen_address=127.0.0.1:{bolt}\n"
        f"server.http.listen_address=127.0.0.1:{http}\n"
        "server.https.enabled=false\n"
        "server.memory.pagecache.size=64m\n"
        "db.tx_log.preallocate=false\n"
        "dbms.usage_report.enabled=false\n"
    )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _last_line(log: Path) -> str:
    lines = log.read_text("utf-8", "replace").strip().splitlines()
    return lines[-1] if lines else "it said nothing"


def _how(why: str) -> str:
    return f"{why}: apt-get install default-jre-headless maven, or name an empty server with {OTHER}"
