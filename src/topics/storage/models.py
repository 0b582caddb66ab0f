"""The model store: a folder with one folder a model and the file CURRENT, which names the one in use."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from topics.errors import ModelError, OutputError, UsageError
from topics.files import atomic_write, sync_folder
from topics.storage.payload import MAX_BYTES, Arrays, dump_payload, load_payload

MODEL_FILE = "model.joblib"
CARD_FILE = "card.json"
READABLE_CARD_FILE = "MODEL_CARD.md"
OUT_OF_FOLD_FILE = "out_of_fold.joblib"
CURRENT_FILE = "CURRENT"
_ID = re.compile(r"[0-9a-f]{12}")
_CARD = {"id": str, "sha256": str, "topics": list, "codebook": dict, "data": dict, "figures": dict}


@dataclass(frozen=True, slots=True)
class StoredModel:
    """A model as the store holds it: its folder, its card, its arrays and plain values."""

    folder: Path
    card: dict[str, Any]
    arrays: Arrays
    meta: dict[str, Any]


def shipped_store() -> Path:
    """The folder of the models that came with the package (in a checkout, the checkout's)."""
    package = Path(__file__).resolve().parents[1]
    inside = package / "shipped" / "models"
    return inside if inside.is_dir() else package.parents[1] / "models"


def default_store() -> Path:
    """The store that commands use by default: ``models/`` here if it has a current model, else the shipped one."""
    here = Path("models")
    return here if (here / CURRENT_FILE).is_file() else shipped_store()


def make_folder(folder: Path) -> None:
    """Make a folder of the store, or the store itself, unless it is there; raise an `OutputError` if it cannot be."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"{folder}: cannot be made: {error.strerror or error}") from error


def save_model(
    store: Path,
    arrays: Mapping[str, NDArray[Any]],
    meta: Mapping[str, Any],
    card: Mapping[str, Any],
    *,
    out_of_fold: Mapping[str, NDArray[Any]] | None = None,
    describe: Callable[[dict[str, Any]], str] | None = None,
) -> str:
    """Write a model and its card into the store.

    Parameters
    ----------
    store : Path
        The store; made if it is not there.
    arrays, meta : mapping
        What the model is.
    card : mapping
        What is recorded of its making and its figures.
    out_of_fold : mapping of str to ndarray, optional
        What it gave to the paragraphs it learned from when it had not seen them; later models are compared with it.
    describe : callable, optional
        Writes the card for people: gets the card with ``id``, gives Markdown.

    Returns
    -------
    str
        The model's id: the first 12 hexadecimal digits of the SHA-256 of its file.

    Raises
    ------
    OutputError
        If the store cannot be written; what was there stays as it was.
    """
    data = dump_payload(arrays, meta)
    digest = hashlib.sha256(data).hexdigest()
    folder = store / digest[:12]
    make_folder(folder)
    with atomic_write(folder / MODEL_FILE, "wb") as handle:
        handle.write(data)
    content = {"id": digest[:12], "sha256": digest, **card}
    if out_of_fold is not None:
        with atomic_write(folder / OUT_OF_FOLD_FILE, "wb") as handle:
            handle.write(dump_payload(out_of_fold, {}))
    if describe is not None:
        with atomic_write(folder / READABLE_CARD_FILE) as handle:
            handle.write(describe(content))
    # The card comes last: a folder without one is a save that was cut off, and is not listed.
    with atomic_write(folder / CARD_FILE) as handle:
        json.dump(content, handle, ensure_ascii=False, indent=2, sort_keys=True)
        handle.write("\n")
    sync_folder(store)
    return digest[:12]


def load_model(model: str | Path | None = None, store: Path | None = None) -> StoredModel:
    """Load a model by id or by path, or the current one.

    Parameters
    ----------
    model : str or Path, optional
        An id in the store, or the path of a model's folder or file.
    store : Path, optional
        The store; `default_store` unless given.

    Raises
    ------
    ModelError
        If the model is missing, damaged, foreign, or its file does not have the hash that its card names.
    """
    folder = find_model(model, store)
    card = read_card(folder)
    data = _read(folder / MODEL_FILE)
    if hashlib.sha256(data).hexdigest() != card.get("sha256"):
        raise ModelError(f"{folder / MODEL_FILE}: damaged: its hash is not the one in {CARD_FILE}; restore the file")
    arrays, meta = load_payload(data, str(folder / MODEL_FILE))
    return StoredModel(folder, card, arrays, meta)


def load_out_of_fold(folder: Path) -> Arrays | None:
    """Read what a model gave to paragraphs it had not seen; None where that was not kept."""
    path = folder / OUT_OF_FOLD_FILE
    return load_payload(_read(path), str(path))[0] if path.is_file() else None


def find_model(model: str | Path | None = None, store: Path | None = None) -> Path:
    """Find the folder of a model given by id or path; the current model if none is given."""
    store = store or default_store()
    if model is None:
        return store / current_id(store)
    if _ID.fullmatch(str(model)):
        for place in dict.fromkeys((store, shipped_store())):
            if (place / str(model)).is_dir():
                return place / str(model)
        raise ModelError(f"{store}: no model {model}; topics models list shows what there is")
    path = Path(model)
    if path.name == MODEL_FILE:
        return path.parent
    if path.is_file():
        raise ModelError(f"{path}: not a model of topics; give the folder that holds {MODEL_FILE} and {CARD_FILE}")
    if not path.is_dir():
        raise ModelError(f"{path}: no such model; give an id (topics models list) or a model's folder")
    return path


def current_id(store: Path) -> str:
    """Read which model is in use."""
    path = store / CURRENT_FILE
    try:
        name = path.read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        raise ModelError(f"{store}: has no current model; train one, or promote one of topics models list") from None
    except (OSError, UnicodeDecodeError) as error:
        raise ModelError(f"{path}: cannot be read: {error}") from None
    if not _ID.fullmatch(name):
        raise ModelError(f"{path}: names no model id; run topics models promote ID")
    return name


def promote_model(store: Path, model_id: str) -> str | None:
    """Make a model the current one after checking it; one rename, so readers see the old or the new.

    Returns
    -------
    str or None
        The id that was current before.
    """
    if not _ID.fullmatch(model_id):
        raise UsageError(f"{model_id!r} is no model id; topics models list shows them")
    if not (store / model_id).is_dir():
        raise ModelError(f"{store}: no model {model_id}; topics models list shows what there is")
    load_model(store / model_id)
    try:
        previous = current_id(store)
    except ModelError:
        previous = None
    with atomic_write(store / CURRENT_FILE) as handle:
        handle.write(model_id + "\n")
    return previous


def list_models(store: Path) -> list[dict[str, Any]]:
    """Give the cards of all whole models of a store, by id.

    Raises
    ------
    ModelError
        If there is no store, or a card is damaged.
    """
    if not store.is_dir():
        raise ModelError(f"{store}: no such model store; topics train makes one")
    folders = sorted(p for p in store.glob("*") if _ID.fullmatch(p.name) and (p / CARD_FILE).is_file())
    return [read_card(folder) for folder in folders]


def read_card(folder: Path) -> dict[str, Any]:
    """Read a model's card."""
    path = folder / CARD_FILE
    try:
        card = json.loads(_read(path))
    except (ValueError, RecursionError):
        raise ModelError(f"{path}: damaged: not JSON; restore the file") from None
    if not isinstance(card, dict) or not all(isinstance(card.get(key), kind) for key, kind in _CARD.items()):
        raise ModelError(f"{path}: damaged: not a model card; restore the file")
    if card["id"] != card["sha256"][:12] or not _ID.fullmatch(card["id"]):
        raise ModelError(f"{path}: damaged: its id and hash do not belong together; restore the file")
    return card


def _read(path: Path) -> bytes:
    """Read a file of the store."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise ModelError(f"{path}: larger than {MAX_BYTES:,} bytes: not a model of topics")
        return path.read_bytes()
    except FileNotFoundError:
        raise ModelError(f"{path}: no such file; the model is incomplete") from None
    except OSError as error:
        raise ModelError(f"{path}: cannot be read: {error.strerror or error}") from None
