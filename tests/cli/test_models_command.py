"""``topics models``, and models that are refused."""

from __future__ import annotations

import hashlib
import json
import pickle
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def copy(store: Path, tmp_path: Path) -> Path:
    """A copy of the tiny model's store, which is the working folder's."""
    return Path(shutil.copytree(store, tmp_path / "models"))


@pytest.fixture
def folder(copy: Path, trained: Any) -> Path:
    """The model in the copy."""
    return copy / str(trained.id)


class Creates:
    """Its unpickling creates a file."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Any, ...]:
        return (Path.touch, (self.path,))


def forge(folder: Path, data: bytes) -> None:
    """Replace the model file and make the card agree."""
    digest = hashlib.sha256(data).hexdigest()
    card = json.loads((folder / "card.json").read_text(encoding="utf-8")) | {"sha256": digest, "id": digest[:12]}
    (folder / "model.joblib").write_bytes(data)
    (folder / "card.json").write_text(json.dumps(card), encoding="utf-8")


@pytest.mark.parametrize("command", [["predict", "-"], ["models", "verify"]])
def test_a_hostile_model_is_refused_and_runs_nothing(
    run: Callable[..., Any], folder: Path, tmp_path: Path, command: list[str]
) -> None:
    made = tmp_path / "made"
    forge(folder, pickle.dumps(Creates(made)))
    done = run(*command, stdin="修路三公里。".encode())
    assert (done.code, done.out) == (4, "")
    assert "model.joblib: names a class or function" in done.line
    assert not made.exists()


def truncate(folder: Path) -> None:
    path = folder / "model.joblib"
    path.write_bytes(path.read_bytes()[:5000])


DAMAGE: dict[str, tuple[Callable[[Path], Any], str]] = {
    "truncated": (truncate, "model.joblib: damaged: its hash"),
    "no file": (lambda f: (f / "model.joblib").unlink(), "model.joblib: no such file"),
    "no card": (lambda f: (f / "card.json").unlink(), "card.json: no such file"),
    "damaged card": (lambda f: (f / "card.json").write_text("{"), "card.json: damaged"),
    "foreign pickle": (lambda f: forge(f, pickle.dumps({"weights": [1, 2]})), "damaged or not a model of topics"),
    "CURRENT damaged": (lambda f: (f.parent / "CURRENT").write_text("x"), "CURRENT: names no model id"),
    "CURRENT elsewhere": (lambda f: (f.parent / "CURRENT").write_text("0" * 12), "no such file"),
}  # fmt: skip


@pytest.mark.parametrize(("damage", "says"), DAMAGE.values(), ids=DAMAGE.keys())
def test_damaged_models_are_refused(
    run: Callable[..., Any], folder: Path, tmp_path: Path, damage: Callable[[Path], Any], says: str
) -> None:
    damage(folder)
    done = run("predict", "-", "-o", "out.jsonl", stdin="修路三公里。".encode())
    assert (done.code, done.out) == (4, "")
    assert says in done.line
    assert not (tmp_path / "out.jsonl").exists()


def test_a_model_of_another_segmenter_is_refused(run: Callable[..., Any], copy: Path, linear: Any) -> None:
    from topics.storage.models import promote_model, save_model

    arrays, meta = linear.to_arrays()
    card: dict[str, Any] = {"topics": [], "codebook": {}, "data": {}, "figures": {}}
    promote_model(copy, save_model(copy, arrays, meta | {"segmenter": {"name": "pkuseg", "version": "1"}}, card))
    for command in (["predict", "-"], ["models", "verify"]):
        done = run(*command, stdin="修路三公里。".encode())
        assert done.code == 4
        assert "pkuseg" in done.line
        assert "install that version or train the model again" in done.line


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["models", "list", "--models", "nowhere"], 4, "nowhere: no such model store"),
        (["models", "show", "0" * 12], 4, "no model 000000000000"),
        (["models", "verify", "nowhere"], 4, "nowhere: no such model"),
        (["models", "promote", "nowhere"], 2, "'nowhere' is no model id"),
        (["models", "promote", "0" * 12], 4, "no model 000000000000"),
        (["predict", "-", "--model", "models/CURRENT"], 4, "not a model of topics"),
    ],
)
def test_models_that_are_not_there(
    run: Callable[..., Any], copy: Path, arguments: list[str], code: int, says: str
) -> None:
    done = run(*arguments)
    assert (done.code, done.out) == (code, "")
    assert says in done.line
