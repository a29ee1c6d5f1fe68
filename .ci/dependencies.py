#!/usr/bin/env python3
"""Checks the crates of Cargo.lock without network: names and licences against crates.txt, versions against advisories.toml.

    dependencies.py check               fails on a crate or licence that is not listed, on an advisory nobody decided on
    dependencies.py list                writes crates.txt anew: look at the difference before it is committed
    dependencies.py advisories CLONE    writes advisories.toml anew from a clone of github.com/rustsec/advisory-db
"""

import datetime
import json
import pathlib
import re
import subprocess
import sys
import tomllib

HERE = pathlib.Path(__file__).resolve().parent
CRATES = HERE / "crates.txt"
ADVISORIES = HERE / "advisories.toml"
WARN_AFTER_DAYS = 90
# Each lets us pass the program on under Apache-2.0 with a notice. Never one of the GPL family.
LICENCES = {
    "0BSD", "Apache-2.0", "Apache-2.0 WITH LLVM-exception", "BSD-2-Clause", "BSD-3-Clause", "BSL-1.0",
    "CDLA-Permissive-2.0", "ISC", "MIT", "Unicode-3.0", "Unlicense", "Zlib",
}  # fmt: skip


def may_be_used(licence):
    """Whether an SPDX expression leaves a choice of which every part is allowed."""
    tokens = re.findall(r"\(|\)|[^\s()/]+|/", licence)
    place = 0

    def peek():
        return tokens[place] if place < len(tokens) else None

    def term():
        nonlocal place
        if peek() == "(":
            place += 1
            inside = either()
            place += 1
            return inside
        name = tokens[place]
        place += 1
        if peek() == "WITH":
            name += f" WITH {tokens[place + 1]}"
            place += 2
        return name in LICENCES

    def all_of():
        nonlocal place
        held = term()
        while peek() == "AND":
            place += 1
            held = term() and held
        return held

    def either():
        nonlocal place
        held = all_of()
        # `/` is how old crates write OR.
        while peek() in ("OR", "/"):
            place += 1
            held = all_of() or held
        return held

    return bool(tokens) and either()


def version(text):
    """A key that sorts as versions do: `1.0.0-beta.2` before `1.0.0`."""
    core, _, before = text.split("+")[0].partition("-")
    numbers = [int(part) for part in core.split(".")]
    parts = [(0, int(part), "") if part.isdigit() else (1, 0, part) for part in before.split(".") if part]
    return (*(numbers + [0, 0])[:3], not parts, parts)


def matches(wanted, found):
    """Whether a version satisfies a requirement as advisories write it: `>= 1.2, < 2`, `^0.24.2`, `1.2.3`."""
    found = version(found)
    for part in wanted.split(","):
        sign, text = re.fullmatch(r"\s*(>=|<=|>|<|=|\^|~)?\s*(\S+)\s*", part).groups()
        least = version(text)
        if sign in (None, "^", "~"):
            given = text.split("-")[0].split(".")
            fixed = next((i for i, n in enumerate(given) if int(n)), len(given) - 1)
            fixed = min(1, len(given) - 1) if sign == "~" else fixed
            held = found >= least and found[: fixed + 1] == least[: fixed + 1]
        else:
            held = {
                ">=": found >= least, "<=": found <= least, ">": found > least, "<": found < least, "=": found == least,
            }[sign]  # fmt: skip
        if not held:
            return False
    return True


def faults(locked, licences, listed, advisories):
    """What is wrong, one line each: `locked` are (name, version), `licences` and `listed` map names to licences."""
    names = {name for name, _ in locked}
    for name in sorted(names - listed.keys()):
        yield f"{name} is not in crates.txt: look at it and at its advisories, then list it"
    for name in sorted(listed.keys() - names):
        yield f"{name} is in crates.txt and no longer in Cargo.lock"
    for name in sorted(names & listed.keys()):
        if licences.get(name, listed[name]) != listed[name]:
            yield f"{name} is under {licences[name]} and listed under {listed[name]}"
        if not may_be_used(listed[name]):
            yield f"{name} is under {listed[name]}, which may not be used"
    for advisory in advisories:
        for name, found in locked:
            safe = advisory["patched"] + advisory.get("unaffected", [])
            if name == advisory["crate"] and "accepted" not in advisory and not any(matches(s, found) for s in safe):
                yield f"{name} {found}: {advisory['id']}, patched in {advisory['patched'] or 'no version'}"


def age_warning(taken, today):
    days = (today - taken).days
    return f"advisories.toml is of {taken}, {days} days old: take it anew" if days > WARN_AFTER_DAYS else None


def read_locked(root):
    packages = tomllib.loads((root / "Cargo.lock").read_text())["package"]
    return [(package["name"], package["version"]) for package in packages if "source" in package]


def read_licences(root, everywhere=False):
    """Of the crates for this platform, without network; the others need not be on this machine, and may be fetched."""
    command = ["cargo", "metadata", "--locked", "--format-version", "1"]
    if not everywhere:
        said = subprocess.run(["rustc", "-vV"], capture_output=True, text=True, check=True).stdout
        command += ["--offline", "--filter-platform", re.search(r"host: (\S+)", said).group(1)]
    done = subprocess.run(command, cwd=root, stdout=subprocess.PIPE, text=True, check=True)
    found = {}
    for package in json.loads(done.stdout)["packages"]:
        if package["source"]:
            found.setdefault(package["name"], set()).add(package["license"] or "none")
    several = lambda licences: " AND ".join(f"({licence})" for licence in sorted(licences))  # noqa: E731
    return {name: several(of) if len(of) > 1 else next(iter(of)) for name, of in found.items()}


def read_listed(text):
    lines = (line.split(maxsplit=1) for line in text.splitlines() if line and not line.startswith("#"))
    return {name: licence for name, licence in lines}


def check(root):
    advisories = tomllib.loads(ADVISORIES.read_text())
    found = list(faults(read_locked(root), read_licences(root), read_listed(CRATES.read_text()), advisories["advisory"]))
    if warning := age_warning(advisories["taken"], datetime.date.today()):
        print(f"warning: {warning}", file=sys.stderr)
    for fault in found:
        print(f"error: {fault}", file=sys.stderr)
    return 1 if found else 0


def write_list(root):
    lines = [f"{name} {licence}" for name, licence in sorted(read_licences(root, everywhere=True).items())]
    head = "# Every crate of Cargo.lock, and its licence. See dependencies.py."
    CRATES.write_text("\n".join([head, *lines, ""]))
    return 0


def write_advisories(root, clone):
    def git(*arguments):
        return subprocess.run(["git", "-C", clone, *arguments], capture_output=True, text=True, check=True).stdout

    old = tomllib.loads(ADVISORIES.read_text())["advisory"] if ADVISORIES.exists() else []
    accepted = {advisory["id"]: advisory["accepted"] for advisory in old if "accepted" in advisory}
    names = {name for name, _ in read_locked(root)}
    found = []
    for path in git("ls-tree", "-r", "--name-only", "HEAD", "crates").split():
        if path.split("/")[1] not in names:
            continue
        data = tomllib.loads(re.search(r"```toml\n(.*?)```", git("show", f"HEAD:{path}"), re.S).group(1))
        if "withdrawn" not in data["advisory"]:
            found.append((data["advisory"]["package"], data["advisory"]["id"], data["versions"]))
    text = (
        "# What the RustSec advisory database says of the crates in Cargo.lock; withdrawn ones left out. Made by\n"
        "# `dependencies.py advisories`. A line `accepted = \"why\"` under an advisory lets a version pass that has it.\n\n"
        f"taken = {git('log', '-1', '--format=%cs').strip()}\n"
        f'commit = "{git("log", "-1", "--format=%H").strip()}"\n'
    )
    for name, number, versions in sorted(found):
        text += f'\n[[advisory]]\nid = "{number}"\ncrate = "{name}"\npatched = {json.dumps(versions.get("patched", []))}\n'
        if versions.get("unaffected"):
            text += f'unaffected = {json.dumps(versions["unaffected"])}\n'
        if number in accepted:
            text += f"accepted = {json.dumps(accepted[number])}\n"
    ADVISORIES.write_text(text)
    return 0


def main(arguments):
    root = HERE.parent
    match arguments:
        case ["check"]:
            return check(root)
        case ["list"]:
            return write_list(root)
        case ["advisories", clone]:
            return write_advisories(root, clone)
    print(__doc__, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
