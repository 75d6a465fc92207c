"""Load on loopback: vegeta at a constant rate, wrk as much as goes."""

import base64
import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

LUA = """
local paths = {}
for line in io.lines("%s") do paths[#paths + 1] = line end
math.randomseed(1)
request = function() return wrk.format("GET", paths[math.random(#paths)]) end
"""


@dataclass(frozen=True)
class Times:
    """How long answers took at a constant rate, in milliseconds."""

    requests: int
    failed: int
    middle: float
    p99: float
    longest: float


def tool(name: str, how: str) -> str:
    """Return the path of a program, or exit and say where it comes from."""
    in_go = Path(os.environ.get("GOPATH", Path.home() / "go")) / "bin" / name
    found = shutil.which(name) or (str(in_go) if in_go.exists() else None)
    if found is None:
        sys.exit(f"error: there is no {name} here: install it with `{how}`")
    return found


def vegeta() -> str:
    return tool("vegeta", "go install github.com/tsenart/vegeta/v12@v12.13.0")


def wrk() -> str:
    return tool("wrk", "apt-get install wrk")


def target(url: str, body: object = None) -> dict[str, object]:
    """Return a request as vegeta has it."""
    if body is None:
        return {"method": "GET", "url": url}
    sent = base64.b64encode(json.dumps(body).encode()).decode()
    header = {"Content-Type": ["application/json"]}
    return {"method": "POST", "url": url, "body": sent, "header": header}


def at_rate(targets: list[dict[str, object]], rate: int, seconds: int) -> Times:
    """Send requests at a constant rate, whether or not the last ones were answered."""
    lines = "\n".join(json.dumps(one) for one in targets)
    words = ["attack", "-format=json", f"-rate={rate}", f"-duration={seconds}s"]
    sent = subprocess.run(
        [vegeta(), *words, "-timeout=10s"],
        input=lines.encode(),
        capture_output=True,
        check=True,
    )
    report = subprocess.run(
        [vegeta(), "report", "-type=json"],
        input=sent.stdout,
        capture_output=True,
        check=True,
    )
    found = json.loads(report.stdout)
    right = sum(count for code, count in found["status_codes"].items() if code == "200")
    times = (found["latencies"][name] / 1e6 for name in ("50th", "99th", "max"))
    return Times(found["requests"], found["requests"] - right, *times)


def at_most(port: int, paths: list[str], seconds: int, folder: Path) -> float:
    """Return how many requests a second are answered, of 16 connections."""
    file = folder / "paths"
    file.write_text("\n".join(paths))
    script = folder / "paths.lua"
    script.write_text(LUA % file)
    words = ["-t1", "-c16", f"-d{seconds}s", "-s", str(script)]
    result = subprocess.run(
        [wrk(), *words, f"http://127.0.0.1:{port}"],
        capture_output=True,
        text=True,
        check=True,
    )
    if "Non-2xx" in result.stdout or "Socket errors" in result.stdout:
        sys.exit(f"error: not all were answered:\n{result.stdout}")
    match = re.search(r"Requests/sec:\s+([\d.]+)", result.stdout)
    assert match, result.stdout
    return float(match[1])
