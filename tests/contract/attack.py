#!/usr/bin/env python3
"""Attacks the whole contract with schemathesis as several people, on SQLite and on PostgreSQL.

    attack.py --binary target/debug/gongkai [--seconds 45] [--seed 20260310] [sqlite postgres]

A demonstration is started on a temporary directory for each database, all at once. Fails on a server error, on an answer that breaks
its own schema, on a status, content type or header that is not documented. Needs `st` on PATH (requirements.txt).
"""

import argparse
import concurrent.futures
import contextlib
import json
import os
import pathlib
import pwd
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request

HERE = pathlib.Path(__file__).resolve().parent
PASSWORD = "gongkai-demo"
# Who sees the most of each side; a token that nobody issued stands for everyone else.
PEOPLE = ["officer", "clerk", "applicant", "admin", "nobody"]


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def ask(url, body=None):
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data=data, headers={"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=20) as answer:
        return answer.read().decode()


def wait_until(what, ready, process, seconds=90):
    began = time.monotonic()
    while time.monotonic() - began < seconds:
        if process.poll() is not None:
            sys.exit(f"{what} ended with {process.returncode}")
        with contextlib.suppress(OSError, IndexError):
            ready()
            return
        time.sleep(0.1)
    sys.exit(f"{what} does not get ready")


@contextlib.contextmanager
def running(command, **options):
    process = subprocess.Popen(command, **options)
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def postgres_programs():
    if shutil.which("initdb") and shutil.which("postgres"):
        return pathlib.Path(shutil.which("initdb")).parent
    found = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if not found:
        sys.exit("PostgreSQL is not installed")
    return found[-1].parent


@contextlib.contextmanager
def postgres(directory):
    """A cluster of its own; PostgreSQL does not run as root."""
    programs = postgres_programs()
    home = pathlib.Path(directory) / "postgres"
    home.mkdir()
    options = {"stdout": subprocess.DEVNULL, "stderr": subprocess.STDOUT, "cwd": home}
    if os.getuid() == 0:
        user = pwd.getpwnam("postgres")
        os.chown(home, user.pw_uid, user.pw_gid)
        os.chmod(directory, 0o755)
        options |= {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    data, port = home / "data", free_port()
    make = ["--no-sync", "--auth=trust", "--username=postgres", "--encoding=UTF8", "--locale=C", "-D", str(data)]
    subprocess.run([programs / "initdb", *make], check=True, **options)
    serve = ["-D", str(data), "-p", str(port), "-k", str(home), "-c", "listen_addresses=127.0.0.1", "-c", "fsync=off"]
    with running([programs / "postgres", *serve], **options) as process:

        def ready():
            # Its last line, once the server takes connections; not every installation has pg_isready.
            if (data / "postmaster.pid").read_text().split()[-1] != "ready":
                raise OSError("not ready")

        wait_until("PostgreSQL", ready, process)
        yield f"postgres://postgres@127.0.0.1:{port}/postgres"


@contextlib.contextmanager
def demonstration(binary, directory, database_url):
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    environment = os.environ | {
        "GONGKAI__SERVER__BIND": f"127.0.0.1:{port}",
        "GONGKAI__DATA__DIR": f"{directory}/data",
        # One session outlives the attack.
        "GONGKAI__AUTH__ACCESS_TOKEN_MINUTES": "1440",
    }
    if database_url:
        environment["GONGKAI__DATABASE__URL"] = database_url
    with open(f"{directory}/log", "w") as log:
        command = [str(binary), "serve", "--demo"]
        with running(command, env=environment, cwd=directory, stdout=log, stderr=log) as process:
            wait_until("the service", lambda: ask(f"{base}/readyz"), process)
            yield base
            if process.poll() is not None:
                sys.exit(f"the service ended during the attack: {pathlib.Path(log.name).read_text()[-5000:]}")


def attack(base, database, person, token, arguments, directory):
    command = [
        "st", "--config-file", str(HERE / "schemathesis.toml"), "run", f"{base}/api/v1/openapi.json",
        "--header", f"Authorization: Bearer {token}",
        "--max-examples", str(arguments.examples), "--max-time", str(arguments.seconds), "--seed", str(arguments.seed),
        "--generation-database", "none", "--continue-on-failure", "--no-color", "--warnings", "off",
    ]  # fmt: skip
    done = subprocess.run(command, cwd=directory, capture_output=True, text=True)
    cases = re.search(r"([\d,]+) generated", done.stdout)
    print(f"{database}, {person}: {cases.group(1) if cases else 'no'} requests, exit {done.returncode}", flush=True)
    if done.returncode != 0:
        print(f"{database}, {person}:\n{done.stdout}{done.stderr}", file=sys.stderr)
    return done.returncode == 0 and cases is not None


def server_errors(base):
    lines = ask(f"{base}/metrics").splitlines()
    return [line for line in lines if re.match(r'gongkai_http_requests_total\{.*status="5\d\d"\} [1-9]', line)]


def attack_all(database, arguments):
    with contextlib.ExitStack() as stack:
        directory = stack.enter_context(tempfile.TemporaryDirectory(prefix="gongkai-contract-"))
        url = stack.enter_context(postgres(directory)) if database == "postgres" else None
        base = stack.enter_context(demonstration(arguments.binary.resolve(), directory, url))
        tokens = {"nobody": "e30.e30.e30"}
        for person in PEOPLE[:-1]:
            answer = ask(f"{base}/api/v1/auth/login", {"username": person, "password": PASSWORD})
            tokens[person] = json.loads(answer)["access_token"]
        held = [attack(base, database, person, tokens[person], arguments, directory) for person in PEOPLE]
        failed = server_errors(base)
        for line in failed:
            print(f"{database}: server error: {line}", file=sys.stderr)
        if failed:
            print(pathlib.Path(directory, "log").read_text()[-5000:], file=sys.stderr)
        return all(held) and not failed


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("databases", nargs="*", default=["sqlite", "postgres"])
    parser.add_argument("--binary", type=pathlib.Path, required=True)
    parser.add_argument("--seconds", type=int, default=int(os.environ.get("GONGKAI_CONTRACT_SECONDS", "40")))
    parser.add_argument("--examples", type=int, default=int(os.environ.get("GONGKAI_CONTRACT_EXAMPLES", "10")))
    parser.add_argument("--seed", type=int, default=int(os.environ.get("GONGKAI_CONTRACT_SEED", "20260310")))
    arguments = parser.parse_args()
    with concurrent.futures.ThreadPoolExecutor() as pool:
        results = list(pool.map(lambda database: attack_all(database, arguments), arguments.databases))
    sys.exit(0 if all(results) else 1)


if __name__ == "__main__":
    main()
