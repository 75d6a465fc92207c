"""Files of arrays: the same bytes of the same arrays, read and mapped back."""

import zipfile

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as made

from cinespark.algorithms.array_files import ALIGNMENT, mapped_arrays, write_arrays

KINDS = [np.int64, np.int32, np.float64, np.float32, np.bool_]
ARRAYS = st.dictionaries(
    st.text(st.characters(codec="utf-8", exclude_characters="/\\\0"), min_size=1),
    st.sampled_from(KINDS).flatmap(
        lambda kind: made.arrays(kind, made.array_shapes(max_dims=3, min_side=0))
    ),
    max_size=5,
)


def test_the_same_arrays_are_the_same_bytes_in_any_order_and_layout(tmp_path):
    one = {"a": np.arange(6).reshape(2, 3), "b": np.array(["x"]), "c": np.float32(2)}
    other = {name: np.asarray(one[name], order="F") for name in reversed(one)}
    write_arrays(one, tmp_path / "one.npz")
    write_arrays(other, tmp_path / "other.npz")
    assert (tmp_path / "one.npz").read_bytes() == (tmp_path / "other.npz").read_bytes()
    with zipfile.ZipFile(tmp_path / "one.npz") as archive:
        times = {entry.date_time for entry in archive.infolist()}
    assert times == {(1980, 1, 1, 0, 0, 0)}  # not that of writing
    with np.load(tmp_path / "other.npz", allow_pickle=False) as arrays:
        assert arrays["a"].tolist() == [[0, 1, 2], [3, 4, 5]]
        assert arrays["c"] == 2


def test_objects_are_no_arrays_to_publish(tmp_path):
    with pytest.raises(ValueError, match="Object arrays cannot be saved"):
        write_arrays({"a": np.array([None])}, tmp_path / "a.npz")


@given(ARRAYS)
def test_what_is_mapped_is_what_numpy_reads(tmp_path_factory, arrays):
    file = tmp_path_factory.mktemp("arrays") / "some.npz"
    write_arrays(arrays, file)
    mapped = mapped_arrays(file)
    with np.load(file, allow_pickle=False) as loaded:
        assert sorted(mapped) == sorted(loaded.files) == sorted(arrays)
        for name, array in arrays.items():
            for found in (mapped[name], loaded[name]):
                assert (found.dtype, found.shape) == (array.dtype, array.shape)
                assert found.tobytes() == array.tobytes()


def test_mapped_arrays_are_aligned_and_for_reading_only(tmp_path):
    write_arrays({"a": np.ones(3, np.int8), "long name": np.ones(5)}, tmp_path / "a")
    for array in mapped_arrays(tmp_path / "a").values():
        assert array.ctypes.data % ALIGNMENT == 0
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 2


@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
def test_what_is_compressed_is_not_mapped(tmp_path, save):
    arrays = {"a": np.arange(100), "b": np.ones((2, 3))}
    save(tmp_path / "a.npz", **arrays)
    if save is np.savez_compressed:
        with pytest.raises(ValueError, match=r"a.npy is written in another way"):
            mapped_arrays(tmp_path / "a.npz")
        return
    mapped = mapped_arrays(tmp_path / "a.npz")
    assert {name: mapped[name].tolist() for name in mapped} == {
        name: array.tolist() for name, array in arrays.items()
    }


def test_another_order_in_memory_is_not_mapped(tmp_path):
    np.savez(tmp_path / "a.npz", a=np.ones((2, 3), order="F"))
    with pytest.raises(ValueError, match=r"a.npy is written in another way"):
        mapped_arrays(tmp_path / "a.npz")
