"""One run, from the lock to the summary.

plan (a snapshot of source and target) → spool → score → [spool and judge] → write. Nothing is written before the plan
is complete, nor, with limits, before every label is there and judged. What is written is whole at every moment, and a
run that was cut off is gone on with under its own number by the next one of the same model.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from topics.errors import GuardError, InputError, OutputError, UnfinishedError, UsageError
from topics.storage.schema import RUNNING, Change, Run
from topics.storage.spool import Spool
from topics.storage.targets import Target, now
from topics.workflows.library import Model
from topics.workflows.relabel.engines import Engine, batches
from topics.workflows.relabel.guard import Limits, Measures, check, reference_of
from topics.workflows.relabel.items import Batch, Done
from topics.workflows.relabel.ledger import Ledger
from topics.workflows.relabel.planning import Key, Plan
from topics.workflows.relabel.sources import Source
from topics.workflows.relabel.taxonomy import Carrier
from topics.workflows.reports import Failures

COMPLETE, PARTIAL, INTERRUPTED, REFUSED, DRY_RUN = "complete", "partial", "interrupted", "refused", "dry run"

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Options:
    """How to run.

    Attributes
    ----------
    full : bool
        Whether to score every paragraph, also where the stored label is of this text, model and codebook.
    dry_run : bool
        Whether to find out only, and write nothing.
    limits : Limits
        What is refused.
    progress : callable
        Is told how many paragraphs of how many are done.
    """

    full: bool = False
    dry_run: bool = False
    limits: Limits = field(default_factory=Limits)
    progress: Progress = lambda _done, _total: None


@dataclass(slots=True)
class Work:
    """The parts of one run that stay the same while it runs."""

    source: Source
    target: Target
    model: Model
    carrier: Carrier
    engine: Engine
    options: Options
    failures: Failures
    problems: list[str] = field(default_factory=list)


def relabel(work: Work) -> dict[str, Any]:
    """Bring a target up to date with its source and model.

    Returns
    -------
    dict
        The summary: run, outcome, source, target, model, codebook, times, counts, churn, drift, matrix, examples. A
        refused run has one too, with the outcome ``"refused"`` and the reason under ``"refused"``.

    Raises
    ------
    LockedError
        If another run is at work on the target.
    UnfinishedError
        If it broke off after it had begun to write.
    TopicsError
        If nothing could be done.
    """
    began = time.monotonic()
    with ExitStack() as stack:
        if not work.options.dry_run:
            stack.enter_context(work.target.lock())
            work.target.recover()
        runs = work.target.runs()
        begun, passed = _begin(work, runs)
        key = Key(work.model.id, _codebook(work.model), begun.run, work.options.full)
        plan = Plan(work.source, work.target, key, work.carrier, work.failures, known=_known_parts(runs, key))
        limits = _limits_left(work.options.limits, passed)
        measures = _measures(work)
        spool = stack.enter_context(_planned(work, plan))
        _check_there(work, plan, spool)
        refused = ""
        scored = measures.watch(_scored(work, spool))
        if work.options.dry_run:
            refused = _rehearse(scored, measures, limits)
            finished = begun._replace(outcome=DRY_RUN, finished=now())
        else:
            if limits.any:
                judged = stack.enter_context(Spool(scored))
                refused = _verdict(measures, limits)
                scored = iter(judged)
            finished = begun if refused else _write(work, begun, runs, scored, plan)
    return _summary(work, plan, measures, finished, refused, time.monotonic() - began)


def _check_there(work: Work, plan: Plan, spool: Spool[Batch]) -> None:
    """Refuse a source with nothing in it: more likely it is being loaded than all of it is gone."""
    if plan.paragraphs:
        return
    if work.failures.count:
        raise InputError(f"{work.source.name}: nothing in it could be read; nothing was done")
    if spool.count and not work.options.full:
        raise InputError(
            f"{work.source.name}: holds no paragraph, but {work.target.name} holds labels; is it all there? "
            "With --full they are retired"
        )


def _codebook(model: Model) -> str:
    """The hash of the codebook that a model was trained on."""
    codebook = model.card.get("codebook")
    return str(codebook.get("sha256", "")) if isinstance(codebook, dict) else ""


def _begin(work: Work, runs: list[Run]) -> tuple[Run, Limits]:
    """Number a new run, or take up the one that was cut off; give also the limits that it had passed before."""
    last = runs[-1] if runs else None
    if last and last.counts.get("source", work.source.name) != work.source.name:
        raise UsageError(
            f"{work.target.name}: holds the labels of {last.counts['source']}, not of {work.source.name}; "
            "choose another target with --into"
        )
    if last and last.outcome == RUNNING and last.model == work.model.id:
        limits = last.counts.get("limits", {})
        return last, Limits(limits.get("max_churn"), limits.get("max_drift"))
    counts = {"source": work.source.name, "limits": work.options.limits.record()}
    return Run(last.run + 1 if last else 1, now(), None, work.model.id, RUNNING, counts), Limits()


def _known_parts(runs: list[Run], key: Key) -> dict[str, str]:
    """Give the digests of parts that need not be read again, if the last run ended and was of the same model."""
    if not runs or key.full or runs[-1].outcome not in (COMPLETE, PARTIAL) or runs[-1].model != key.model:
        return {}
    counts = runs[-1].counts
    return dict(counts.get("parts", {})) if counts.get("codebook") == key.codebook else {}


def _settled(runs: list[Run], begun: Run) -> Iterator[Run]:
    """Give the earlier runs that must be put right: those cut off end now, and no digest holds once labels change."""
    for run in runs:
        counts = {name: value for name, value in run.counts.items() if name != "parts"}
        if run.run != begun.run and run.outcome == RUNNING:
            yield run._replace(outcome=INTERRUPTED, finished=now(), counts=counts)
        elif counts != run.counts:
            yield run._replace(counts=counts)


def _limits_left(limits: Limits, passed: Limits) -> Limits:
    """Drop limits that the run has passed already, before it was cut off: what is left of it is no fair sample."""
    return Limits(
        None if _passed(limits.churn, passed.churn) else limits.churn,
        None if _passed(limits.drift, passed.drift) else limits.drift,
    )


def _passed(limit: float | None, passed: float | None) -> bool:
    """Tell whether a limit that was passed is at least as strict."""
    return limit is not None and passed is not None and passed <= limit


def _planned(work: Work, plan: Plan) -> Spool[Batch]:
    """Compare source and target, and keep what is to be done."""
    with work.target.snapshot(), work.source.snapshot():
        return Spool(batches(plan.items(), by_part=work.target.by_part))


def _measures(work: Work) -> Measures:
    """Make ready what counts, unknown words only where they are asked for."""
    options = work.options
    reference = reference_of(work.model.card, options.limits)
    asked = options.dry_run or options.limits.drift is not None
    known = frozenset(work.model.predictor.model.words) if asked else None
    return Measures(work.carrier, reference, known)


def _scored(work: Work, spool: Spool[Batch]) -> Iterator[Done]:
    """Score what was planned, and tell of the progress."""
    for number, done in enumerate(work.engine(work.model, spool), 1):
        yield done
        work.options.progress(number, spool.count)


def _verdict(measures: Measures, limits: Limits) -> str:
    """Say why a run is refused; nothing if it is not."""
    try:
        check(measures, limits)
    except GuardError as error:
        return str(error)
    return ""


def _rehearse(scored: Iterable[Done], measures: Measures, limits: Limits) -> str:
    """Run through everything, write nothing, and judge."""
    for _ in scored:
        pass
    return _verdict(measures, limits)


def _write(work: Work, begun: Run, runs: list[Run], scored: Iterable[Done], plan: Plan) -> Run:
    """Write labels, ledger and run."""
    target, ledger, written = work.target, Ledger(plan.key, work.carrier), False
    try:
        target.prepare()
        for run in _settled(runs, begun):
            target.put_run(run)
        target.put_run(begun)
        for part, some in _committed_together(scored, by_part=target.by_part):
            target.write(begun.run, part, (ledger.writes(done) for done in some))
            written = True
        counts = _counts(work, plan, begun.run) | ({"parts": plan.parts} if plan.parts else {})
        outcome = PARTIAL if work.failures.count else COMPLETE
        finished = begun._replace(outcome=outcome, finished=now(), counts=counts)
        target.put_run(finished)
    except (OutputError, InputError) as error:
        if not written:
            raise
        raise UnfinishedError(f"{error}; what was written is whole, and the next run does the rest") from error
    return finished


def _committed_together(scored: Iterable[Done], *, by_part: bool) -> Iterator[tuple[str, Iterable[Done]]]:
    """Group batches by what the target commits at once."""
    if by_part:
        return groupby(scored, key=lambda done: done.part)
    return ((done.part, [done]) for done in scored)


def _counts(work: Work, plan: Plan, run: int) -> dict[str, Any]:
    """Count what a run did, whether in one go or after being cut off: the ledger tells."""
    reasons: Counter[str] = Counter()
    changed = 0
    for _, change in work.target.changes(run=run):
        reasons[change.reason] += 1
        changed += _other_topics(change)
    return {
        "source": work.source.name,
        "codebook": plan.key.codebook,
        "paragraphs": plan.paragraphs,
        "unchanged": plan.unchanged,
        "failed": work.failures.count,
        **{reason.replace(" ", "_"): n for reason, n in sorted(reasons.items())},
        "other_topics": changed,
    }


def _other_topics(change: Change) -> bool:
    """Tell whether a paragraph that had a label and has one got other topics."""
    if change.old_topics is None or change.new_topics is None:
        return False
    return set(change.old_topics.split("|")) != set(change.new_topics.split("|"))


def _summary(work: Work, plan: Plan, measures: Measures, run: Run, refused: str, seconds: float) -> dict[str, Any]:
    """What a run says at its end."""
    counts = run.counts
    if run.outcome in (DRY_RUN, RUNNING):
        planned = {reason.replace(" ", "_"): n for reason, n in sorted(measures.reasons.items())}
        counts = {
            "paragraphs": plan.paragraphs, "unchanged": plan.unchanged, "failed": work.failures.count, **planned,
        }  # fmt: skip
    scored = sum(measures.primary.values())
    return {
        "run": None if run.outcome in (DRY_RUN, RUNNING) else run.run,
        "outcome": REFUSED if run.outcome == RUNNING else run.outcome,
        "refused": refused or None,
        "source": work.source.name,
        "target": work.target.name,
        "model": work.model.id,
        "codebook": plan.key.codebook,
        "started": run.started,
        "finished": run.finished or now(),
        "seconds": round(seconds, 3),
        "paragraphs_per_second": round(plan.paragraphs / seconds, 1),
        "counts": {name: n for name, n in counts.items() if isinstance(n, int)}
        | {"moved": plan.moved, "scored": scored},
        **measures.record(),
        "not_carried": {"topics": dict(sorted(plan.not_carried.items())), "examples": plan.examples_not_carried},
        "problems": work.problems,
    }
