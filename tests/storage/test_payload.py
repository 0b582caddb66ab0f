"""A model file holds plain values only, and reading it runs nothing."""

from __future__ import annotations

import io
import pickle
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import joblib
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from topics.errors import ModelError
from topics.storage.payload import MAGIC, VERSION, dump_payload, load_payload

DTYPES = st.sampled_from(["<f4", "<f8", "<i4", "<i8", "<u4", "|u1"])
ARRAYS = st.dictionaries(st.text(max_size=5), hnp.arrays(DTYPES, hnp.array_shapes(max_dims=2, min_side=0)), max_size=4)
VALUES = st.one_of(
    *(st.text(max_size=9), st.integers(-(2**70), 2**70), st.floats(allow_nan=False), st.booleans(), st.none()),
    st.lists(st.integers(0, 300)),
)
META = st.dictionaries(st.text(max_size=5), VALUES, max_size=4)


@given(ARRAYS, META)
def test_what_is_written_comes_back_and_always_as_the_same_bytes(arrays: dict[str, Any], meta: dict[str, Any]) -> None:
    data = dump_payload(arrays, meta)
    again, plain = load_payload(data, "m")
    assert dump_payload(again, plain) == data
    assert plain == meta
    assert again.keys() == arrays.keys()
    for name, array in arrays.items():
        assert again[name].dtype == array.dtype
        assert again[name].shape == array.shape
        assert again[name].tobytes() == array.tobytes()


def test_the_file_is_one_that_joblib_reads(tmp_path: Path) -> None:
    path = tmp_path / "m.joblib"
    path.write_bytes(dump_payload({"a": np.arange(3, dtype=np.int32)}, {"k": 1}))
    assert joblib.load(path)["meta"] == {"k": 1}


def test_arrays_of_objects_are_not_stored() -> None:
    with pytest.raises(ValueError, match="not stored"):
        dump_payload({"a": np.array(["x"])}, {})


class Creates:
    """Its unpickling creates a file."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Any, ...]:
        return (Path.touch, (self.path,))


def opened(path: Path) -> bytes:
    """A pickle that opens a file by the oldest way to call a function."""
    return b"cbuiltins\nopen\n(S" + repr(str(path)).encode() + b"\nS'w'\ntR."


def nested_tuples() -> bytes:
    """A pickle whose dictionary key would take 2**60 steps to hash."""
    return b"\x80\x04}(N" + b"2\x86" * 60 + b"K\x01u."


HOSTILE: dict[str, Callable[[Path], bytes]] = {
    "reduce": lambda p: pickle.dumps(Creates(p)),
    "reduce, old protocol": lambda p: pickle.dumps(Creates(p), protocol=0),
    "reduce within a model": lambda p: pickle.dumps(
        {"magic": MAGIC, "version": VERSION, "meta": {"x": Creates(p)}, "arrays": {}}
    ),
    "global": opened,
    "inst": lambda p: b"(S" + repr(str(p)).encode() + b"\nS'w'\nibuiltins\nopen\n.",
    "joblib": lambda p: joblib_bytes(Creates(p)),
    "joblib array": lambda p: joblib_bytes({"magic": MAGIC, "a": np.arange(4)}),
    "object array": lambda p: joblib_bytes(np.array([Creates(p)], dtype=object)),
    "persistent id": lambda p: b"\x80\x04\x8c\x01xQ.",
    "extension": lambda p: b"\x80\x04\x82\x01.",
    "buffer": lambda p: b"\x80\x05\x97.",
    "build": lambda p: b"\x80\x04}}b.",
    "huge memo": lambda p: b"\x80\x04Nr" + struct.pack("<I", 2**31 - 1) + b".",
    "huge text": lambda p: b"\x80\x04\x8d" + struct.pack("<Q", 2**62) + b"a.",
    "nested tuples": lambda p: nested_tuples(),
    "endless": lambda p: b"\x80\x04" + b"N0" * 200_000 + b"N.",
    "no pickle": lambda p: b"hello",
    "empty": lambda p: b"",
    "a list": lambda p: pickle.dumps([1, 2]),
    "another magic": lambda p: pickle.dumps({"magic": "sklearn", "version": 1, "meta": {}, "arrays": {}}, protocol=4),
    "another version": lambda p: pickle.dumps({"magic": MAGIC, "version": 99, "meta": {}, "arrays": {}}, protocol=4),
    "size": lambda p: with_array(["<f4", [3], b"1234"]),
    "shape": lambda p: with_array(["<f4", [-1], b"1234"]),
    "huge shape": lambda p: with_array(["<f4", [2**62, 0], b""]),
    "dimensions": lambda p: with_array(["<f4", [1, 1, 1], b"1234"]),
    "object dtype": lambda p: with_array(["|O", [1], b"12345678"]),
    "no bytes": lambda p: with_array(["<f4", [1], "1234"]),
}


def joblib_bytes(value: Any) -> bytes:
    buffer = io.BytesIO()
    joblib.dump(value, buffer)
    return buffer.getvalue()


def with_array(stored: list[Any]) -> bytes:
    return pickle.dumps({"magic": MAGIC, "version": VERSION, "meta": {}, "arrays": {"a": stored}}, protocol=4)


@pytest.mark.parametrize("make", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_and_foreign_files_are_refused_and_run_nothing(tmp_path: Path, make: Callable[[Path], bytes]) -> None:
    made = tmp_path / "made"
    with pytest.raises(ModelError, match=r"^m: "):
        load_payload(make(made), "m")
    assert not made.exists()


def test_the_hostile_file_does_harm_where_it_is_trusted(tmp_path: Path) -> None:
    """The test above can fail: an ordinary unpickler does create the file."""
    made = tmp_path / "made"
    pickle.loads(HOSTILE["reduce"](made))
    assert made.exists()


@given(st.binary(max_size=200))
def test_any_bytes_are_refused_in_one_way(data: bytes) -> None:
    with pytest.raises(ModelError):
        load_payload(b"\x80\x04" + data, "m")
