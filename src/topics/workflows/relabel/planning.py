"""Comparing a source with a target: what is new, changed, moved, gone or as it was."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from topics.errors import InputError, MissingExtraError
from topics.storage.schema import CODEBOOK, CORRECTED, MODEL, NEW, RETIRED, TEXT, Stored
from topics.storage.targets import Target
from topics.workflows.relabel.items import Action, BadRow, Item, SourceRow
from topics.workflows.relabel.sources import Part, Source
from topics.workflows.relabel.taxonomy import Carrier
from topics.workflows.reports import Failures


@dataclass(frozen=True, slots=True)
class Key:
    """What a label depends on besides the text, and the run that is at work."""

    model: str
    codebook: str
    run: int
    full: bool = False


@dataclass(slots=True)
class Plan:
    """What the comparison found; its counts are complete when `items` has been run through.

    Attributes
    ----------
    paragraphs, unchanged, moved : int
        Paragraphs of the source that can be labelled, and those of them whose label stands.
    not_carried : Counter
        Labels of an older codebook that the mapping does not carry into the present one, by their topics.
    examples_not_carried : list of str
        The first ids of those.
    known, parts : mapping of str to str
        Digest and number of paragraphs of parts that are labelled by this model: what the last run left, and what this
        one will leave. A part of the same digest need not be read again.
    """

    source: Source
    target: Target
    key: Key
    carrier: Carrier
    failures: Failures
    paragraphs: int = 0
    unchanged: int = 0
    moved: int = 0
    not_carried: Counter[str] = field(default_factory=Counter)
    examples_not_carried: list[str] = field(default_factory=list)
    known: Mapping[str, str] = field(default_factory=dict)
    parts: dict[str, str] = field(default_factory=dict)

    def items(self) -> Iterator[Item]:
        """Give everything that is to be done, in order of parts and ids.

        Raises
        ------
        InputError
            If a label cannot be carried for want of a mapping, or nothing at all can be read.
        """
        names = set()
        for part in self.source.parts():
            names.add(part.name)
            yield from self._part(part)
        for name in sorted(set(self.target.parts()) - names):
            if self.source.hides(name):
                continue
            for old in self.target.stored(name, self.key.codebook):
                yield from self._gone(name, old)

    def _part(self, part: Part) -> Iterator[Item]:
        """Compare a part; one that cannot be read is named, and what is stored of it stays."""
        # The items of a part count only when it has been read to its end: it may turn out damaged there.
        before = (self.paragraphs, self.unchanged, self.moved)
        trouble = self._trouble()
        try:
            with self.source.steady(part):  # the digest, too, must be of what is read
                digest = self.source.digest(part)
                if digest and self._is_known(part, digest):
                    return
                found = list(self._compared(part))
        except (InputError, MissingExtraError) as error:
            if self.source.whole:
                raise
            self.paragraphs, self.unchanged, self.moved = before
            self.failures.add(str(error))
            return
        if digest and self._trouble() == trouble:
            self.parts[part.key] = f"{digest}:{self.paragraphs - before[0]}"
        yield from found

    def _trouble(self) -> tuple[int, int]:
        """Count what every run must name again."""
        return self.failures.count, self.not_carried.total()

    def _is_known(self, part: Part, digest: str) -> bool:
        """Tell whether a part is as the last run left it, and count its paragraphs."""
        known, _, paragraphs = self.known.get(part.key, "").partition(":")
        if known != digest:
            return False
        self.parts[part.key] = self.known[part.key]
        self.paragraphs += int(paragraphs)
        self.unchanged += int(paragraphs)
        return True

    def _compared(self, part: Part) -> Iterator[Item]:
        """Compare the rows of a part with what is stored of it."""
        rows = self._with_ids(self.source.rows(part))
        for group, old in merged(rows, self.target.stored(part.name, self.key.codebook, part.span)):
            if not group:
                yield from self._gone(part.name, old)
            elif len(group) > 1:
                name = f"{self.source.name}, id {group[0].id}"
                self.failures.add(f"{name}: given more than once; none of them is labelled")
            elif isinstance(group[0], BadRow):
                self.failures.add(group[0].message)
            else:
                item = self._here(part.name, group[0], old)
                if item:
                    yield item

    def _with_ids(self, rows: Iterable[SourceRow | BadRow]) -> Iterator[SourceRow | BadRow]:
        """Name rows without id, and give the others."""
        for row in rows:
            if isinstance(row, BadRow) and not row.id:
                self.failures.add(row.message)
            else:
                yield row

    def _here(self, part: str, row: SourceRow, old: Stored | None) -> Item | None:
        """Decide about a paragraph of the source; None if nothing is to be done."""
        self.paragraphs += 1
        reason = _reason(row, old, self.key)
        if reason:
            if old and old.codebook != self.key.codebook:
                self._can_carry(old)
            return Item(Action.SCORE, reason, part, row, old)
        # What this very run labelled before it was cut off is no paragraph that was left alone.
        if old and old.run != self.key.run:
            self.unchanged += 1
        if old and row.place != old.place:
            self.moved += 1
            return Item(Action.MOVE, "", part, row, old)
        return None

    def _gone(self, part: str, old: Stored | None) -> Iterator[Item]:
        """Decide about a paragraph that the source has no more."""
        if old is None:
            return
        if not old.retired:
            yield Item(Action.RETIRE, RETIRED, part, None, old)
        elif old.codebook != self.key.codebook and self._can_carry(old):
            yield Item(Action.CARRY, CODEBOOK, part, None, old)

    def _can_carry(self, old: Stored) -> bool:
        """Tell whether a label can be carried, and list it if not."""
        if self.carrier.topics(old.topics) is not None:
            return True
        self.not_carried[old.topics] += 1
        if len(self.examples_not_carried) < 20:
            self.examples_not_carried.append(old.id)
        return False


def _reason(row: SourceRow, old: Stored | None, key: Key) -> str | None:
    """Say why a paragraph must be scored; None if its label stands."""
    if old is None or old.retired:
        return NEW
    if old.text_hash != row.text_hash:
        return TEXT
    if old.codebook != key.codebook:
        return CODEBOOK
    if old.model != key.model:
        return MODEL
    return CORRECTED if key.full else None


def merged(
    rows: Iterable[SourceRow | BadRow], stored: Iterable[Stored]
) -> Iterator[tuple[list[SourceRow | BadRow], Stored | None]]:
    """Bring two streams in order of ids together: for each id the source's rows (possibly none) and what is stored.

    Raises
    ------
    InputError
        If a stream is not in order.
    """
    here, there = iter(rows), _ascending(stored)
    row, old = next(here, None), next(there, None)
    while row is not None or old is not None:
        if row is None or (old is not None and old.id < row.id):
            yield [], old
            old = next(there, None)
            continue
        group, name = [row], row.id
        row = next(here, None)
        while row is not None and row.id <= name:
            if row.id < name:
                raise _disorder(name, row.id)
            group.append(row)
            row = next(here, None)
        if old is not None and old.id == name:
            yield group, old
            old = next(there, None)
        else:
            yield group, None


def _ascending(stored: Iterable[Stored]) -> Iterator[Stored]:
    """Pass on what is stored, as long as its ids do not descend."""
    last = ""
    for old in stored:
        if old.id < last:
            raise _disorder(last, old.id)
        last = old.id
        yield old


def _disorder(before: str, after: str) -> InputError:
    """The error of ids in another order than Python's."""
    return InputError(f"ids are not in the order of their code points ({before!r} before {after!r}); use UTF-8")
