"""A model's arrays ↔ bytes of a joblib file that holds no object of any class.

The file is a joblib dump of dictionaries, lists, strings, numbers and byte strings. Arrays are stored as their dtype,
shape and bytes, so reading needs no class at all and the unpickler refuses every one: a model file cannot run code.
"""

from __future__ import annotations

import io
import math
import pickle
import pickletools
import sys
from collections.abc import Mapping
from typing import Any, NoReturn

import numpy as np
from numpy.typing import NDArray

from topics.errors import ModelError

MAGIC = "topics-model"
VERSION = 1
MAX_BYTES = 256 * 1024 * 1024
_PROTOCOL = 4
_MOST_OPERATIONS = 100_000
_OPERATIONS = {
    *("PROTO", "FRAME", "STOP", "MARK", "MEMOIZE", "BINGET", "LONG_BINGET"),
    *("EMPTY_DICT", "SETITEM", "SETITEMS", "EMPTY_LIST", "APPEND", "APPENDS"),
    *("NONE", "NEWTRUE", "NEWFALSE", "BININT", "BININT1", "BININT2", "LONG1", "BINFLOAT"),
    *("SHORT_BINUNICODE", "BINUNICODE", "SHORT_BINBYTES", "BINBYTES", "BINBYTES8"),
}
_DTYPES = ("<f4", "<f8", "<i4", "<i8", "<u4", "|u1")

Arrays = dict[str, NDArray[Any]]


def dump_payload(arrays: Mapping[str, NDArray[Any]], meta: Mapping[str, Any]) -> bytes:
    """Write arrays and plain values as the bytes of a joblib file; the same content gives the same bytes."""
    import joblib

    stored = {}
    for name, array in arrays.items():
        little = np.ascontiguousarray(array, dtype=array.dtype.newbyteorder("<"))
        if little.dtype.str not in _DTYPES:
            raise ValueError(f"{name}: arrays of {little.dtype} are not stored")
        stored[name] = [little.dtype.str, list(little.shape), little.tobytes()]
    buffer = io.BytesIO()
    content = {"magic": MAGIC, "version": VERSION, "meta": dict(meta), "arrays": stored}
    joblib.dump(_canonical(content), buffer, protocol=_PROTOCOL)
    return buffer.getvalue()


def _canonical(value: Any) -> Any:
    """Build a value anew, equal texts as one object: a pickle shows which of its parts are the same object."""
    if isinstance(value, str):
        return sys.intern(value)
    if isinstance(value, dict):
        return {_canonical(key): _canonical(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_canonical(part) for part in value]
    return value


def load_payload(data: bytes, place: str) -> tuple[Arrays, dict[str, Any]]:
    """Read what `dump_payload` wrote.

    Parameters
    ----------
    data : bytes
        Content of the file; nothing in it is trusted.
    place : str
        What to call the file in an error.

    Returns
    -------
    arrays : dict of str to ndarray
        Read-only views into `data`.
    meta : dict
        The plain values.

    Raises
    ------
    ModelError
        If the bytes are no such file, name any class, or their sizes do not fit.
    """
    try:
        _check_operations(data)
        content = _PlainUnpickler(io.BytesIO(data)).load()
        if content["magic"] != MAGIC or content["version"] != VERSION:
            raise ModelError(f"{place}: written by another version of topics; train the model again")
        arrays = {str(name): _array(*stored) for name, stored in content["arrays"].items()}
        return arrays, dict(content["meta"])
    except ModelError as error:
        raise ModelError(f"{place}: {error}" if not str(error).startswith(place) else str(error)) from None
    except Exception as error:  # a hostile pickle can raise anything at all
        raise ModelError(
            f"{place}: damaged or not a model of topics ({type(error).__name__}); restore the file"
        ) from None


def _check_operations(data: bytes) -> None:
    """Refuse a pickle that does more than build dictionaries, lists, texts, numbers and bytes.

    Nothing is run here. A class would be refused while loading as well, but tuples that hold each other can hang, and
    places in the memo that are named by number can fill the memory, before any value is seen.
    """
    for count, (operation, argument, _) in enumerate(pickletools.genops(data)):
        if operation.name in ("GLOBAL", "STACK_GLOBAL", "INST", "OBJ"):
            raise ModelError(f"names a class or function ({argument or 'on the stack'}); the file is not to be trusted")
        if operation.name not in _OPERATIONS or count > _MOST_OPERATIONS:
            raise ValueError(operation.name)


def _array(dtype: str, shape: list[int], data: bytes) -> NDArray[Any]:
    """Rebuild an array after checking that its parts fit."""
    if dtype not in _DTYPES or not isinstance(data, bytes):
        raise ValueError("dtype")
    if not all(isinstance(n, int) and n >= 0 for n in shape) or len(shape) > 2:
        raise ValueError("shape")
    if math.prod(shape) * np.dtype(dtype).itemsize != len(data):
        raise ValueError("size")
    return np.frombuffer(data, dtype=dtype).reshape(shape)


class _PlainUnpickler(pickle.Unpickler):
    """An unpickler for plain values: every class and function is refused."""

    def find_class(self, module: str, name: str, /) -> NoReturn:
        raise ModelError(f"names {module}.{name}, which no model of topics holds; the file is not to be trusted")

    def persistent_load(self, _pid: Any, /) -> NoReturn:
        raise ModelError("refers to an outside object; the file is not to be trusted")
