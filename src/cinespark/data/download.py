"""Download an archive, and take the wanted files out of it."""

import hashlib
import shutil
import zipfile
import zlib
from pathlib import Path

import requests

from cinespark.data.progress import progress
from cinespark.data.store import check_space, megabytes
from cinespark.errors import CineSparkError

CONNECT_SECONDS, READ_SECONDS = 4.0, 30.0
# the archive, its files and their converted copies, with some air
SPACE_PER_ARCHIVE_BYTE = 6
CHUNK_BYTES = 1 << 18


class UnreachableError(Exception):
    """The server sent no file; the message says why in a few words."""


def download(url: str, target: Path) -> str:
    """Download a URL into a new file, and return its SHA-256.

    Raises
    ------
    UnreachableError
        If the server cannot be reached or answers with an error.
    CineSparkError
        If the download ends early, or the disk has too little room for it.
    """
    try:
        response = requests.get(
            url,
            stream=True,
            timeout=(CONNECT_SECONDS, READ_SECONDS),
            headers={"Accept-Encoding": "identity"},
        )
    except requests.RequestException as error:
        raise UnreachableError(_reason(error)) from error
    with response:
        if response.status_code != requests.codes.ok:
            raise UnreachableError(
                f"HTTP {response.status_code} {response.reason}".strip()
            )
        length = response.headers.get("Content-Length")
        total = int(length) if length else None
        if total is not None:
            check_space(target.parent, total * SPACE_PER_ARCHIVE_BYTE, target.name)
        digest, size = _save(response, target, total, url)
    if total is not None and size != total:
        raise _half(url, size, total)
    return digest


def _save(
    response: requests.Response, target: Path, total: int | None, url: str
) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    with (
        target.open("wb") as file,
        progress(f"fetching {target.name}", total, of_bytes=True) as advance,
    ):
        chunks = response.iter_content(CHUNK_BYTES)
        while True:
            try:
                chunk = next(chunks, None)
            except requests.RequestException as error:
                raise _half(url, size, total) from error
            if chunk is None:
                return digest.hexdigest(), size
            file.write(chunk)
            digest.update(chunk)
            size += len(chunk)
            advance(len(chunk))


def _half(url: str, size: int, total: int | None) -> CineSparkError:
    whole = "" if total is None else f" of {megabytes(total)} ({total:,} bytes)"
    return CineSparkError(
        f"the download of {url} ended after {size:,} bytes{whole}: run the command "
        "again; nothing was changed"
    )


def _reason(error: requests.RequestException) -> str:
    """Return in a few words why there is no connection."""
    text = str(error)
    if isinstance(error, requests.exceptions.ProxyError):
        return "the proxy gave no connection"
    if isinstance(error, requests.exceptions.SSLError):
        return "its certificate was not accepted"
    if isinstance(error, requests.Timeout):
        return "no answer in time"
    if "NameResolutionError" in text or "getaddrinfo" in text:
        return "its name is not found"
    if "refused" in text:
        return "connection refused"
    return "no connection"


def check_sum(found: str, expected: str, what: str) -> None:
    """Raise if a SHA-256 is not the expected one."""
    if found != expected:
        raise CineSparkError(
            f"{what} has the SHA-256 {found}, but {expected} is expected: it was "
            "altered or damaged on the way, so it is not used and nothing was changed; "
            "run the command again, or import a folder you trust with: cinespark data "
            "FOLDER"
        )


def unzip(archive: Path, members: dict[str, Path], optional: set[str]) -> None:
    """Write named members of an archive to the given paths, never to paths inside it.

    Raises
    ------
    CineSparkError
        If the archive is damaged or lacks a member that is not optional.
    """
    try:
        with zipfile.ZipFile(archive) as zipped:
            names = set(zipped.namelist())
            for member, target in members.items():
                if member in names:
                    with zipped.open(member) as source, target.open("wb") as file:
                        shutil.copyfileobj(source, file, CHUNK_BYTES)
                elif member not in optional:
                    raise CineSparkError(
                        f"{archive.name} holds no {member}, so it is not the expected "
                        "archive; nothing was changed"
                    )
    except (zipfile.BadZipFile, zlib.error, EOFError) as error:
        reason = str(error) or "it ends early"
        raise CineSparkError(
            f"{archive.name} is not a whole zip archive ({reason}): run the command "
            "again; nothing was changed"
        ) from error
