"""Partitions of a Parquet dataset: none may be taken for gone that cannot be seen, none hold two columns of a name."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from topics.errors import InputError
from topics.storage.partitions import read_partition
from topics.storage.targets_parquet import parquet_parts


def test_parts_are_files_in_order_and_links_that_lead_nowhere_are_among_them(tmp_path: Path) -> None:
    for name in ("b/2.parquet", "a/1.parquet", "_old/3.parquet", "a/.4.parquet", "a/5.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"")
    (tmp_path / "c.parquet").symlink_to(tmp_path / "nowhere")
    os.mkfifo(tmp_path / "d.parquet")
    assert parquet_parts(tmp_path) == ["a/1.parquet", "b/2.parquet", "c.parquet"]
    assert parquet_parts(tmp_path / "nowhere") == []
    assert parquet_parts(tmp_path / "a" / "1.parquet") == ["1.parquet"]


def test_a_folder_that_cannot_be_listed_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a").mkdir()
    real: Any = os.scandir

    def refuse(place: Any) -> Any:
        if Path(place).name == "a":  # whom the system refuses nothing, as the tests' user may be, must see it too
            raise PermissionError(13, "Permission denied", str(place))
        return real(place)

    monkeypatch.setattr(os, "scandir", refuse)
    with pytest.raises(InputError, match=r"/a: cannot be listed: Permission denied"):
        parquet_parts(tmp_path)


def test_two_columns_of_one_name(tmp_path: Path) -> None:
    pa = pytest.importorskip("pyarrow")
    import pyarrow.parquet as pq

    pq.write_table(pa.table([["a"], ["x"], ["y"]], names=["id", "text", "text"]), tmp_path / "p.parquet")
    with pytest.raises(InputError, match=r"p\.parquet: two columns are called 'text'; rename one"):
        list(read_partition(tmp_path / "p.parquet", ["id", "text"]))
