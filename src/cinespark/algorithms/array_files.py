"""Files of arrays: .npz files whose arrays NumPy reads, and any process can map."""

import struct
import zipfile
from pathlib import Path

import numpy as np

from cinespark.algorithms.arrays import Array, Arrays

ALIGNMENT = 64  # bytes, as NumPy pads the headers of its own files
# the field that zipalign fills members up with, by its number in the registry of zip's
PADDING = 0xD935
ZIP64_FIELD = 20  # bytes that zipfile adds to a member that might be large
LOCAL_HEADER = struct.Struct("<4s5H3I2H")


def write_arrays(arrays: Arrays, file: Path) -> None:
    """Write an .npz file whose bytes depend on the arrays alone.

    Like `np.savez`, but sorted by name, each array at a multiple of ALIGNMENT bytes so
    that it can be mapped, and without Python objects, which could only be read with
    `allow_pickle=True`.
    """
    with zipfile.ZipFile(file, "w") as archive:
        for name in sorted(arrays):
            member = zipfile.ZipInfo(f"{name}.npy")
            assert archive.fp is not None  # while it is open
            member.extra = padding(archive.fp.tell(), len(member.filename.encode()))
            with archive.open(member, "w", force_zip64=True) as stream:
                array = np.asarray(arrays[name], order="C")
                np.lib.format.write_array(stream, array, allow_pickle=False)


def padding(start: int, name_bytes: int) -> bytes:
    """Return a member's extra field, so that its content is at a multiple of ALIGNMENT.

    Parameters
    ----------
    start
        Where the member's header starts in the file.
    name_bytes
        Length of its name.
    """
    before = start + LOCAL_HEADER.size + name_bytes + ZIP64_FIELD + 4
    return struct.pack("<2H", PADDING, -before % ALIGNMENT) + bytes(-before % ALIGNMENT)


def mapped_arrays(file: Path) -> dict[str, Array]:
    """Return the arrays of a file of `write_arrays` by name, mapped for reading only.

    Nothing is read but the headers: the system brings in what is asked for, and
    processes that map the same file share it.

    Raises
    ------
    ValueError
        If it is another kind of file.
    """
    with zipfile.ZipFile(file) as archive, file.open("rb") as stream:
        found = {}
        if not archive.infolist():
            return {}
        content = np.memmap(file, np.uint8, mode="r")
        for member in archive.infolist():
            stream.seek(member.header_offset)
            header = LOCAL_HEADER.unpack(stream.read(LOCAL_HEADER.size))
            stream.seek(header[-2] + header[-1], 1)
            if member.compress_type or np.lib.format.read_magic(stream) != (1, 0):
                raise ValueError(f"{member.filename} is written in another way")
            shape, by_columns, kind = np.lib.format.read_array_header_1_0(stream)
            if by_columns or kind.hasobject:
                raise ValueError(f"{member.filename} is written in another way")
            count = int(np.prod(shape, dtype=np.int64))
            array: Array = np.zeros(shape, kind)  # what is empty cannot be mapped
            if count:
                array = np.frombuffer(content, kind, count, stream.tell())
            found[member.filename.removesuffix(".npy")] = array.reshape(shape)
    return found
