"""What the summary lines and the side panel say of the row under the cursor."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from textual.content import Content

from ssmtui.core.columns import UNKNOWN, Column, Kind, Severity, age
from ssmtui.core.text import cells, fit, plain
from ssmtui.resources.base import Resource
from ssmtui.ui.widgets.header import STATUS_STYLES

Part = tuple[str, str]
Fact = tuple[Part, Part]  # its title and its value
GAP = "  "
LABEL = 6  # cells of the short label before a line


def value_style(column: Column, value: Any) -> str:
    """The style of a value: status words in their severity's colour, what is unknown muted."""
    if value is UNKNOWN or value is None:
        return "$muted"
    if column.kind is Kind.STATUS:
        return STATUS_STYLES[column.severity(value)]
    return "$foreground"


def summary_lines(
    resource: Resource[Any],
    row: Any,
    shown: Collection[str],
    width: int,
    now: float,
    *,
    news: Sequence[tuple[str, str]] = (),
    story: Sequence[tuple[float, str]] = (),
    height: int = 3,
) -> list[Content]:
    """So many lines: facts that the table has no room for, what goes on with the row now (with what
    others than the resource know of that, `news`), what last happened to it, and where there is
    nothing to tell of these, its tags."""
    facts: list[Fact] = []
    tags: list[str] = []
    for column in resource.columns:
        value = column.value(row)
        if column.kind is Kind.TAGS:
            tags.append(column.text(row, now))
        elif column.id not in shown and not column.hidden and value is not None:
            text = column.text(row, now), value_style(column, value)
            facts.append(((column.title.lower(), "$muted"), text))
    told: list[Content] = []
    if going_on := [*resource.news(row, now), *news]:
        words = " · ".join(f"{label} {text}" for label, text in going_on)
        told.append(_told("now", words, width))
    if story:
        words = " · ".join(f"{text} {age(now - at)} ago" for at, text in story)
        told.append(_told("last", words, width))
    told += [_told("tags", text, width) for text in tags]
    del told[max(1, height - 1) :]
    label = plain(resource.label(row)), "$foreground bold"
    lines = [*_flow(label, facts, width, height - len(told)), *told]
    return sorted(lines, key=lambda line: not line.plain)  # what is empty stands at the end


def _told(label: str, text: str, width: int) -> Content:
    """One line behind a short label, which stand under each other."""
    label = fit(label, min(LABEL, width))
    return Content.assemble((label, "$muted"), fit(plain(text), max(0, width - LABEL)))


def _flow(label: Part, facts: Sequence[Fact], width: int, height: int) -> list[Content]:
    """The label, then pairs of title and value, as many whole pairs as so many lines hold."""
    lines: list[list[str | Part]] = [[] for _ in range(height)]
    lines[0].append((fit(label[0], min(cells(label[0]), width)), label[1]))
    used = [cells(label[0]), *[0] * (height - 1)]
    for title, value in facts:
        size = cells(title[0]) + 1 + cells(value[0])
        for line, parts in enumerate(lines):
            gap = GAP if used[line] else ""
            if used[line] + len(gap) + size <= width:
                parts += [gap, title, " ", value]
                used[line] += len(gap) + size
                break
    return [Content.assemble(*parts) for parts in lines]


def panel_content(resource: Resource[Any], row: Any, width: int, now: float) -> Content:
    """Everything that is known of the row, a fact a line, then its tags."""
    parts: list[str | Part] = [
        (fit(plain(resource.label(row)), width).rstrip(), "$accent bold"),
        "\n\n",
    ]
    columns = [
        column for column in resource.columns if column.kind is not Kind.TAGS and not column.hidden
    ]
    name_width = max(cells(column.title) for column in columns)
    for column in columns:
        value = column.value(row)
        if value is None:
            continue
        text = fit(column.text(row, now), max(4, width - name_width - 2)).rstrip()
        parts += [(fit(column.title.lower(), name_width), "$muted"), GAP]
        parts += [(text, value_style(column, value)), "\n"]
    for label, text in resource.news(row, now):
        room = max(4, width - name_width - 2)
        parts += [(fit(plain(label), name_width), "$muted"), GAP]
        parts += [fit(plain(text), room).rstrip(), "\n"]
    for column in resource.columns:
        if column.kind is Kind.TAGS:
            parts += _tag_lines(column, row, width)
    return Content.assemble(*parts)


def _tag_lines(column: Column, row: Any, width: int) -> list[str | Part]:
    value = column.value(row)
    if value is UNKNOWN or not value:
        return []
    lines: list[str | Part] = ["\n", (f"{column.title.lower()}\n", "$muted")]
    for key in sorted(value):
        name = fit(plain(key), min(cells(plain(key)), width // 2))
        room = max(1, width - cells(name) - 1)
        lines += [(f"{name} ", "$muted"), fit(plain(value[key]), room).rstrip(), "\n"]
    return lines


def count_states(resource: Resource[Any], rows: Sequence[Any]) -> Counter[str]:
    """How many rows are in which state, by the resource's first status column."""
    column = _status_column(resource)
    if column is None:
        return Counter()
    values = (column.value(row) for row in rows)
    return Counter(value for value in values if isinstance(value, str))


def ranked_states(
    resource: Resource[Any], counts: Mapping[str, int]
) -> list[tuple[str, int, Severity]]:
    """What stands at the right of the crumbs, (state, rows in it, severity): the states that are
    not simply well, the most alarming ones first."""
    column = _status_column(resource)
    if column is None:
        return []
    listed = [(word, count, column.severity(word)) for word, count in counts.items()]
    order = [Severity.BAD, Severity.WARN, Severity.BUSY, Severity.MUTED]
    alarming = [item for item in listed if item[2] in order]
    return sorted(alarming, key=lambda item: (order.index(item[2]), -item[1], item[0]))


def _status_column(resource: Resource[Any]) -> Column | None:
    return next((column for column in resource.columns if column.kind is Kind.STATUS), None)
