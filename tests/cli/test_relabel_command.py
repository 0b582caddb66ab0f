"""``topics relabel`` as schedulers run it: exit codes, locks, kills, bad input, full disks."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from benchmarks.rows import changed, make_rows
from benchmarks.stores import FolderStore, ParquetStore, PostgresStore, SqliteStore, Store

ROWS = make_rows(120, clauses=2)
Relabel = Callable[..., Any]


@pytest.fixture
def relabel(run: Callable[..., Any], trained: Any) -> Relabel:
    """Run ``topics relabel`` with the tiny model."""

    def command(store: Store | None, *options: object, model: object = trained.folder, **more: Any) -> Any:
        return run("relabel", *(store.arguments if store else ()), *options, "--model", model, **more)

    return command


def start(store: Store, model: Path, *options: str, **more: Any) -> subprocess.Popen[bytes]:
    """Start a run and do not wait for it."""
    arguments = [sys.executable, "-m", "topics", "relabel", *store.arguments, "--model", str(model), *options]
    return subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **more)


@pytest.fixture
def held(trained: Any) -> Iterator[Callable[[Store], int]]:
    """Start a run that holds its lock until the test ends; give its process id."""
    started: list[subprocess.Popen[bytes]] = []

    def hold(store: Store) -> int:
        code = (
            "import sys, time; from contextlib import ExitStack; "
            "from topics.workflows.relabel.opening import open_both; "
            "from topics.workflows.relabel.sources import Columns\n"
            "with ExitStack() as stack:\n"
            "    columns = Columns('id', 'body') if len(sys.argv) > 2 else None\n"
            "    table = 'paragraphs' if '--table' in sys.argv else None\n"
            "    _, target = open_both(stack, sys.argv[1], None, table, columns, write=True)\n"
            "    stack.enter_context(target.lock()); print('held', flush=True); time.sleep(600)\n"
        )
        process = subprocess.Popen([sys.executable, "-c", code, *store.arguments], stdout=subprocess.PIPE)
        started.append(process)
        assert process.stdout
        assert process.stdout.readline() == b"held\n"
        return process.pid

    yield hold
    for process in started:
        process.kill()
        process.communicate()


def test_one_at_a_time(any_store: Store, relabel: Relabel, held: Callable[[Store], int]) -> None:
    any_store.put(ROWS)
    pid = held(any_store)
    done = relabel(any_store)
    assert (done.code, done.out) == (3, "")
    assert f"process {pid} on " in done.line
    assert relabel(any_store, "--dry-run").code == 0
    os.kill(pid, signal.SIGKILL)
    deadline = time.monotonic() + 20
    while (done := relabel(any_store)).code == 3 and time.monotonic() < deadline:
        time.sleep(0.1)
    assert done.code == 0, done.err


def test_one_line_of_json_and_nothing_else(any_store: Store, relabel: Relabel, tmp_path: Path) -> None:
    any_store.put(ROWS)
    done = relabel(any_store)
    assert (done.code, done.err) == (0, "")
    assert len(done.out.splitlines()) == 1
    result = json.loads(done.out)
    assert (result["run"], result["outcome"], result["counts"]["new"]) == (1, "complete", 120)
    done = relabel(any_store, "--summary", tmp_path / "summary.json")
    assert (done.code, done.out, done.err) == (0, "", "")
    assert json.loads((tmp_path / "summary.json").read_text(encoding="utf-8"))["counts"]["unchanged"] == 120


def test_a_refused_model_has_exit_code_5(tmp_path: Path, relabel: Relabel, other_model: Path) -> None:
    store = SqliteStore(tmp_path / "s")
    store.put(ROWS)
    relabel(store)
    before = store.dump()
    for options in ([], ["--dry-run"]):
        done = relabel(store, "--max-churn", "0.001", *options, model=other_model)
        assert done.code == 5
        assert "--max-churn 0.001" in done.line
        assert json.loads(done.out)["refused"]
    assert store.dump() == before
    done = relabel(store, "--max-churn", "0.001", "--log-format", "json", model=other_model)
    entry = json.loads(done.err)
    assert (done.code, entry["level"]) == (5, "error")
    assert "refused" in entry["message"]


def test_killed_at_any_moment(any_store: Store, relabel: Relabel, trained: Any, other_model: Path) -> None:
    """A few kills here; ``python -m benchmarks.relabel kills`` does many."""
    rows = make_rows(2200, clauses=2)
    any_store.put(rows)
    assert relabel(any_store).code == 0
    any_store.put(changed(rows, 0.1))
    any_store.save()
    began = time.monotonic()
    assert relabel(any_store, model=other_model).code == 0
    seconds = time.monotonic() - began
    expected = any_store.dump()
    for share in (0.6, 0.85):
        any_store.restore()
        process = start(any_store, other_model)
        time.sleep(share * seconds)
        process.kill()
        process.communicate()
        ended = any_store.dump()["topic_runs"][-1][:3:2] == (2, "complete")
        deadline = time.monotonic() + 20
        while not ended and (done := relabel(any_store, model=other_model)).code and time.monotonic() < deadline:
            assert done.code == 3, done.err
        assert any_store.dump() == expected


def test_jobs_and_dask_leave_the_same(tmp_path: Path, relabel: Relabel) -> None:
    rows = make_rows(2500, clauses=2)
    dumps = []
    for options in (["--jobs", "1"], ["--jobs", "2"], ["--engine", "dask", "--jobs", "2"]):
        store = ParquetStore(tmp_path / "-".join(options).strip("-"))
        store.put(rows)
        done = relabel(store, *options)
        assert (done.code, done.err) == (0, ""), done.err
        labels = sorted((Path(store.target) / "paragraph_topics").rglob("*.parquet"))
        dumps.append([file.read_bytes() for file in labels])
    assert dumps[0] == dumps[1] == dumps[2]


def test_null_text_null_id_and_duplicates_are_named(relabel: Relabel, tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "s")
    store.put(ROWS)
    relabel(store)
    with sqlite3.connect(store.root / "store.db") as connection:
        connection.execute("CREATE TABLE bad AS SELECT * FROM paragraphs")
        connection.execute("DROP TABLE paragraphs")
        connection.execute("ALTER TABLE bad RENAME TO paragraphs")
        connection.execute("UPDATE paragraphs SET body = NULL WHERE id = 'p0000003'")
        connection.execute("INSERT INTO paragraphs SELECT NULL, body, head FROM paragraphs WHERE id = 'p0000004'")
        connection.execute("INSERT INTO paragraphs SELECT id, 'x', head FROM paragraphs WHERE id = 'p0000005'")
        connection.execute("UPDATE paragraphs SET body = CAST(x'B5F7' AS TEXT) WHERE id = 'p0000006'")
        connection.execute("UPDATE paragraphs SET body = x'00' WHERE id = 'p0000007'")
    connection.close()
    before = store.dump()["paragraph_topics"]
    done = relabel(store)
    assert done.code == 1
    for said in ("id p0000003: no text", "without id", "id p0000005: given more than once", "UTF-8", "bytes, not text"):
        assert said in done.err
    assert store.dump()["paragraph_topics"] == before
    assert json.loads(done.out)["counts"]["failed"] == 5
    assert json.loads(done.out)["outcome"] == "partial"


def test_bad_partitions_are_named_and_the_others_done(relabel: Relabel, tmp_path: Path, monkeypatch: Any) -> None:
    import pyarrow.parquet as pq

    monkeypatch.setattr(ParquetStore, "partition", 30)
    store = ParquetStore(tmp_path / "s")
    store.put(ROWS)
    assert relabel(store).code == 0
    before = store.dump()["paragraph_topics"]
    files = sorted((store.root / "paragraphs").rglob("*.parquet"))
    files[0].write_bytes(files[0].read_bytes()[:-100])
    pq.write_table(pq.read_table(files[1], partitioning=None).drop_columns(["body"]), files[1])
    shutil.copy(files[2], files[2].with_name("again.parquet"))
    done = relabel(store)
    assert done.code == 1
    assert f"{files[0]}: damaged or not Parquet" in done.err
    assert f"{files[1]}: no column 'body'; it has id, head" in done.err
    assert "id p0000060: given more than once; none of them is labelled" in done.err
    assert store.dump()["paragraph_topics"] == before


def test_bad_reports_are_named_and_keep_their_labels(relabel: Relabel, tmp_path: Path) -> None:
    store = FolderStore(tmp_path / "s")
    store.put(ROWS)
    assert relabel(store).code == 0
    before = store.dump()["paragraph_topics"]
    (store.root / "reports" / "r00001.txt").write_bytes(b"\x00\x01")
    done = relabel(store)
    assert done.code == 1
    assert "r00001.txt: byte 0 is NUL" in done.line
    assert store.dump()["paragraph_topics"] == before


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["nowhere"], "nowhere: no such folder"),
        (["sqlite:///nowhere.db", "--table", "t", "--id", "i", "--text", "x"], "nowhere.db: no such database"),
        (["sqlite:///nowhere.db", "--id", "i", "--text", "x"], "--table"),
        (["mysql://h/d", "--table", "t", "--id", "i", "--text", "x"], "not a known kind of database"),
        (["postgresql://127.0.0.1:1/d", "--table", "t", "--id", "i", "--text", "x"], "postgresql://127.0.0.1:1/d"),
        (["nowhere.parquet"], "--id COLUMN"),
        (["nowhere.parquet", "--id", "i", "--text", "x"], "no such file"),
        (["nowhere", "--id", "i"], "--id and --text go together"),
        (["nowhere", "--scheduler", "tcp://h:1"], "--scheduler needs --engine dask"),
    ],
)
def test_bad_usage(relabel: Relabel, arguments: list[str], says: str) -> None:
    done = relabel(None, *arguments)
    assert (done.code, done.out) == (2, "")
    assert says in done.line


def test_missing_columns_and_tables(relabel: Relabel, tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "s")
    store.put(ROWS)
    done = relabel(None, store.target, "--table", "paragraphs", "--id", "id", "--text", "lost")
    assert (done.code, "no column 'lost'; it has id, body, head" in done.line) == (2, True)
    done = relabel(None, store.target, "--table", "lost", "--id", "id", "--text", "body")
    assert (done.code, "no table 'lost'" in done.line) == (2, True)
    (tmp_path / "no.db").write_bytes(b"no database at all, but quite a long text" * 40)
    done = relabel(None, f"sqlite:///{tmp_path / 'no.db'}", "--table", "t", "--id", "id", "--text", "body")
    assert (done.code, "not a database" in done.line) == (2, True)


def test_places_that_labels_cannot_go_to(relabel: Relabel, tmp_path: Path) -> None:
    store = ParquetStore(tmp_path / "s")
    store.put(ROWS)
    for into, says in (
        (store.root / "paragraphs" / "labels", "lies inside the dataset"),
        ("sqlite:///x.db", "go to a folder"),
    ):
        done = relabel(store, "--into", into)
        assert (done.code, says in done.line) == (2, True)
    other = SqliteStore(tmp_path / "t")
    other.put(ROWS)
    assert relabel(other).code == 0
    with sqlite3.connect(other.root / "store.db") as connection:
        connection.execute("CREATE TABLE more AS SELECT * FROM paragraphs")
    connection.close()
    done = relabel(None, other.target, "--table", "more", "--id", "id", "--text", "body")
    assert (done.code, "holds the labels of table paragraphs, not of table more" in done.line) == (2, True)
    done = relabel(None, other.target, "--table", "more", "--id", "id", "--text", "body", "--into", "more.db")
    assert (done.code, done.err) == (0, "")
    with sqlite3.connect(tmp_path / "foreign.db") as connection:
        connection.execute("CREATE TABLE topic_runs (something TEXT)")
    connection.close()
    done = relabel(other, "--into", tmp_path / "foreign.db")
    assert (done.code, "it is of something else" in done.line) == (2, True)


def test_a_password_is_never_shown(relabel: Relabel) -> None:
    done = relabel(None, "postgresql://u:secret@127.0.0.1:1/d", "--table", "t", "--id", "i", "--text", "x")
    assert done.code == 2
    assert "secret" not in done.err


def in_small_disk(folder: Path, size: str, script: str) -> subprocess.CompletedProcess[bytes]:
    """Run a script with `folder` on a file system of its own of a size (in a name space: nobody else sees it)."""
    folder.mkdir()
    mount = ["unshare", "--map-root-user", "--mount", "sh", "-c"]
    probe = subprocess.run([*mount, f"mount -t tmpfs tmpfs {folder}"], capture_output=True, check=False)
    if probe.returncode:
        pytest.skip("no file system can be mounted here")
    return subprocess.run(
        [*mount, f"mount -t tmpfs -o size={size} tmpfs {folder} && {script}"], capture_output=True, check=False
    )


@pytest.mark.parametrize("kind", [FolderStore, ParquetStore])
def test_a_full_disk(tmp_path: Path, trained: Any, kind: type[Store], monkeypatch: Any) -> None:
    """What fits is whole, and with room the next run does the rest."""
    monkeypatch.setattr(ParquetStore, "partition", 500)
    store = kind(tmp_path / "s")
    store.put(make_rows(5000, clauses=2))
    disk, kept = tmp_path / "disk", tmp_path / "kept"
    target = disk / ("labels.db" if kind is FolderStore else "labels")
    command = f"{sys.executable} -m topics relabel {' '.join(store.arguments)} --model {trained.folder} --into {target}"
    done = in_small_disk(
        disk, "600k" if kind is FolderStore else "160k", f"{command}; code=$?; cp -r {disk} {kept}; exit $code"
    )
    assert done.returncode in (1, 2), done.stderr
    assert b"Traceback" not in done.stderr
    assert any(words in done.stderr for words in (b"full", b"No space")), done.stderr
    again = [sys.executable, "-m", "topics", "relabel", *store.arguments, "--model", str(trained.folder)]
    finished = subprocess.run([*again, "--into", str(kept / target.name)], capture_output=True, check=False)
    assert finished.returncode == 0, finished.stderr
    assert json.loads(finished.stdout)["counts"]["new"] == 5000


@pytest.mark.parametrize("kind", [FolderStore, ParquetStore])
def test_a_read_only_target(tmp_path: Path, trained: Any, kind: type[Store]) -> None:
    store = kind(tmp_path / "s")
    store.put(ROWS)
    disk = tmp_path / "disk"
    command = f"{sys.executable} -m topics relabel {' '.join(store.arguments)} --model {trained.folder}"
    done = in_small_disk(disk, "600k", f"mount -o remount,ro {disk} && {command} --into {disk / 'labels'}")
    assert done.returncode == 2
    assert b"topics: " in done.stderr
    assert b"Read-only" in done.stderr or b"cannot be" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_postgres_target_that_may_not_be_written(tmp_path: Path, postgres_server: str, relabel: Relabel) -> None:
    import psycopg

    store = PostgresStore(tmp_path / "readonlystore", postgres_server)
    store.put(ROWS)
    with psycopg.connect(store.target, autocommit=True) as connection:
        connection.execute("CREATE ROLE reader LOGIN")
        connection.execute("GRANT SELECT ON paragraphs TO reader")
    done = relabel(None, store.target.replace("postgres:@", "reader:@"), *store.arguments[1:])
    assert (done.code, "permission denied" in done.line) == (2, True)


def test_a_role_that_may_write_the_tables_but_make_none(tmp_path: Path, postgres_server: str, relabel: Relabel) -> None:
    import psycopg

    store = PostgresStore(tmp_path / "writerstore", postgres_server)
    store.put(ROWS)
    assert relabel(store).code == 0
    with psycopg.connect(store.target, autocommit=True) as connection:
        connection.execute("CREATE ROLE writer LOGIN")
        connection.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC")
        connection.execute("GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA public TO writer")
    store.put(changed(ROWS, 0.1))
    done = relabel(None, store.target.replace("postgres:@", "writer:@"), *store.arguments[1:])
    assert (done.code, done.err) == (0, "")


def test_a_database_that_goes_away(tmp_path: Path, postgres_server: str, trained: Any, relabel: Relabel) -> None:
    import psycopg

    store = PostgresStore(tmp_path / "goneawaystore", postgres_server)
    store.put(make_rows(20_000, clauses=2))
    process = start(store, trained.folder)
    with psycopg.connect(store.target, autocommit=True) as connection:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            found = connection.execute("SELECT to_regclass('paragraph_topics')").fetchone()
            if found and found[0]:
                written = connection.execute("SELECT count(*) FROM paragraph_topics").fetchone()
                assert written
                # Whoever reads meanwhile sees whole batches.
                assert written[0] % 1024 == 0
                if written[0] >= 2048:
                    break
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'topics%'"
        )
    _, err = process.communicate(timeout=60)
    assert process.returncode == 1, err
    assert b"what was written is whole, and the next run does the rest" in err
    assert len(err.splitlines()) == 1
    done = relabel(store)
    assert (done.code, json.loads(done.out)["counts"]["new"]) == (0, 20_000)


def test_readers_see_whole_batches(tmp_path: Path, trained: Any) -> None:
    store = SqliteStore(tmp_path / "s")
    store.put(make_rows(6000, clauses=2))
    process = start(store, trained.folder)
    seen = set()
    while process.poll() is None:
        connection = sqlite3.connect(store.root / "store.db", timeout=30)
        there = connection.execute("SELECT count(*) FROM sqlite_master WHERE name = 'paragraph_topics'").fetchone()[0]
        if there:
            seen.add(connection.execute("SELECT count(*) FROM paragraph_topics").fetchone()[0])
        connection.close()
    process.communicate()
    assert all(n % 1024 == 0 or n == 6000 for n in seen)


def test_a_report_that_changes_while_it_is_read(tmp_path: Path, monkeypatch: Any) -> None:
    from topics.errors import InputError
    from topics.workflows.relabel import sources

    store = FolderStore(tmp_path / "s")
    store.put(ROWS)
    source = sources.FolderSource(store.root / "reports")
    part = sources.Part("r00001")
    read = sources.read_document

    def slow(path: Path) -> Any:
        document = read(path)
        path.write_text("另一份报告。\n", encoding="utf-8")
        return document

    monkeypatch.setattr(sources, "read_document", slow)
    with (
        pytest.raises(InputError, match="changed while it was read; it is left for the next run"),
        source.steady(part),
    ):
        list(source.rows(part))


def test_a_partition_that_changes_between_its_digest_and_its_rows(
    tmp_path: Path, trained: Any, relabel: Relabel, monkeypatch: Any
) -> None:
    """Were it labelled, its labels would pass for those of the partition as it was, once that is put back."""
    from topics.errors import InputError
    from topics.workflows.relabel import sources

    store = ParquetStore(tmp_path / "s")
    store.put(ROWS)
    source = sources.ParquetSource(store.root / "paragraphs", sources.Columns("id", "body"))
    [part] = source.parts()
    steady = source.steady(part)
    steady.__enter__()
    source.digest(part)
    store.put(changed(ROWS, 0.5))
    list(source.rows(part))
    with pytest.raises(InputError, match="changed while it was read"):
        steady.__exit__(None, None, None)
