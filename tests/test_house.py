"""The rules of the house: which package may import which, where libraries live, and that the texts keep up."""

from __future__ import annotations

import ast
import importlib
import re
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest
import typer
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import topics
from topics.cli import app

SOURCES = Path(topics.__file__).parent
MODULES = sorted(SOURCES.rglob("*.py"))

BASE = {"characters", "codebook", "errors", "files", "records"}
MAY_IMPORT = {
    "cli": {"cli", "render", "workflows"} | BASE,
    "workflows": {"corpus", "modeling", "storage", "workflows"} | BASE,
    "corpus": {"corpus"} | BASE,
    "modeling": {"modeling"} | BASE,
    "storage": {"storage"} | BASE,
    "render": {"render"} | BASE,
    "__main__": {"cli"},
} | dict.fromkeys(BASE, BASE)
HOMES = {
    "typer": {"cli"},
    "joblib": {"storage", "modeling"},
    "rjieba": {"modeling/segmentation.py"},
    "jieba": set[str](),
    "sklearn": {"modeling"},
    "lxml": {"corpus"},
    "docx": {"corpus"},
    "pypdfium2": {"corpus/pdf.py"},
    "opencc": set[str](),
    "scipy": {"modeling"},
    "pickle": {"storage"},
    "jinja2": {"render/page.py"},
    "markupsafe": {"render/page.py"},
    "matplotlib": {"render/plots.py"},
}


def imports(path: Path) -> Iterator[str]:
    """Every module that a file imports, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute"
            module = node.module or ""
            yield from (f"topics.{alias.name}" for alias in node.names) if module == "topics" else (module,)


def package(path: Path) -> str:
    return path.relative_to(SOURCES).parts[0].removesuffix(".py")


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(SOURCES)))
def test_imports_point_down(path: Path) -> None:
    if path == SOURCES / "__init__.py":
        return  # names of all packages, loaded when asked for
    allowed = MAY_IMPORT[package(path)] | {"__version__"}
    wanted = {name.split(".")[1] for name in imports(path) if name.startswith("topics.")}
    assert wanted <= allowed


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(SOURCES)))
def test_libraries_live_in_one_place(path: Path) -> None:
    place = str(path.relative_to(SOURCES))
    for name in imports(path):
        homes = HOMES.get(name.split(".")[0])
        assert homes is None or any(place.startswith(home) for home in homes), f"{name} does not belong in {place}"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(SOURCES)))
def test_all_is_sorted_and_true(path: Path) -> None:
    name = ".".join(("topics", *path.relative_to(SOURCES).with_suffix("").parts)).removesuffix(".__init__")
    if name == "topics.__main__":
        return
    module = importlib.import_module(name)
    public = getattr(module, "__all__", [])
    assert list(public) == sorted(public)
    assert all(hasattr(module, each) for each in public)


def test_public_names_are_found_and_listed() -> None:
    assert set(topics.__all__) <= set(dir(topics))
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        _ = topics.nonsense


def commands(command: Any, path: tuple[str, ...] = ("topics",)) -> Iterator[tuple[str, Any]]:
    """Every command with its full name."""
    yield " ".join(path), command
    for name, part in getattr(command, "commands", {}).items():
        yield from commands(part, (*path, name))


COMMANDS = dict(commands(typer.main.get_command(app)))
NO_OPTION = {"--help", "-h"}


def options(command: Any) -> set[str]:
    return {o for p in command.params for o in (*p.opts, *p.secondary_opts) if o.startswith("-")} - NO_OPTION


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_and_option_is_documented_and_has_help(root: Path, name: str) -> None:
    text = (root / "docs" / "commands.md").read_text(encoding="utf-8")
    command = COMMANDS[name]
    section = re.search(rf"^## `{re.escape(name)}`$(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    assert section, f"docs/commands.md has no section `{name}`"
    missing = [option for option in options(command) if f"`{option}" not in section.group(1)]
    assert missing == []
    assert command.help
    assert all(getattr(p, "help", None) or p.name == "help" for p in command.params)


def test_documented_commands_exist(root: Path) -> None:
    text = (root / "docs" / "commands.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^## `(topics.*?)`$", text, re.MULTILINE)) == set(COMMANDS)


def shell_lines(path: Path) -> list[str]:
    """The commands in a text's code blocks."""
    blocks = re.findall(
        r"^```(?:sh|console|bash)\n(.*?)^```", path.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
    )
    return [line.removeprefix("$ ").strip() for block in blocks for line in block.splitlines() if line.strip()]


TEXTS = [
    "README.md",
    "CONTRIBUTING.md",
    "docs/commands.md",
    "docs/relabel.md",
    "docs/trust.md",
    "seeds/README.md",
    "labels/README.md",
    "models/README.md",
]


@pytest.mark.parametrize("name", TEXTS)
def test_commands_in_the_texts_exist(root: Path, name: str) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (root / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    for line in shell_lines(root / name):
        words = line.split("#")[0].split()
        if words[:1] == ["make"]:
            assert set(words[1:]) - {w for w in words if "=" in w} <= targets, line
        if words[:1] == ["topics"]:
            path = max((c for c in COMMANDS if words[: len(c.split())] == c.split()), key=len)
            assert path != "topics" or len(words) == 1 or words[1].startswith("-"), line
            given = {w.split("=")[0] for w in words if w.startswith("-") and w != "-"}
            assert given <= options(COMMANDS[path]) | NO_OPTION, line


def test_readme_shows_commands(root: Path) -> None:
    lines = shell_lines(root / "README.md")
    assert any(line.startswith("topics predict") for line in lines)
    assert "make demo" in lines


def test_links_between_the_texts_lead_somewhere(root: Path) -> None:
    for path in (*root.glob("*.md"), *root.glob("[a-z]*/*.md"), *root.glob("docs/*/*.md")):
        for target in re.findall(r"\]\((?!https?:)([^)#]+)", path.read_text(encoding="utf-8")):
            assert (path.parent / target).exists(), f"{path}: {target}"


def requirements(name: str, extras: frozenset[str], seen: set[tuple[str, frozenset[str]]]) -> Iterator[str]:
    """The names of everything that a distribution needs."""
    if (name, extras) in seen:
        return
    seen.add((name, extras))
    yield name
    for text in metadata.requires(name) or ():
        need = Requirement(text)
        if need.marker is None or any(need.marker.evaluate({"extra": extra}) for extra in ("", *extras)):
            yield from requirements(canonicalize_name(need.name), frozenset(need.extras), seen)


def test_everything_installed_is_pinned_and_no_address_is_given(root: Path) -> None:
    lines = (root / "constraints.txt").read_text(encoding="utf-8").split()
    assert all(re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9._+!-]+", line) for line in lines)
    pinned = {canonicalize_name(line.partition("==")[0]) for line in lines}
    needed = set(requirements("topics", frozenset({"dev"}), set())) - {"topics"}
    assert needed - pinned == set()


def test_make_help_lists_every_target(root: Path) -> None:
    text = (root / "Makefile").read_text(encoding="utf-8")
    phony = re.search(r"^\.PHONY: (.*)$", text, re.MULTILINE)
    assert phony
    assert set(re.findall(r"^([a-z-]+):.*## ", text, re.MULTILINE)) == set(phony.group(1).split())


def test_versions_agree(root: Path) -> None:
    assert metadata.version("topics") == topics.__version__
    changelog = (root / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.search(rf"^## {re.escape(topics.__version__)}", changelog, re.MULTILINE)


def test_the_python_in_the_readme_runs(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = (root / "README.md").read_text(encoding="utf-8")
    monkeypatch.chdir(root)
    names: dict[str, Any] = {
        "texts": ["修路，硬化道路。", "建校，招聘教师。"] * 5,
        "labels": ["道路", "学校"] * 5,
    }
    for block in re.findall(r"^```python\n(.*?)^```", text, re.MULTILINE | re.DOTALL):
        exec(block, names)
    assert names["prediction"].topics == ("mediation",)
    assert names["classifier"].predict(["硬化道路。"]).tolist() == ["道路"]
