"""Moving conditions about in a filter; a path is the place in each group from the whole filter down. No Qt."""

from __future__ import annotations

from dataclasses import replace

from runtime.filters import DEEPEST, MOST, Condition, Filter, Unread

Part = Condition | Filter | Unread
Path = tuple[int, ...]


def part_at(filter: Filter, path: Path) -> Part:
    """The condition or group at a path."""
    part: Part = filter
    for at in path:
        assert isinstance(part, Filter)
        part = part.conditions[at]
    return part


def replaced(filter: Filter, path: Path, parts: tuple[Part, ...]) -> Filter:
    """The filter with the part at the path replaced by these; groups that hold nothing any more are gone."""
    at, rest = path[0], path[1:]
    if rest:
        inner = filter.conditions[at]
        assert isinstance(inner, Filter)
        changed = replaced(inner, rest, parts)
        parts = (changed,) if changed.conditions else ()
    return replace(filter, conditions=(*filter.conditions[:at], *parts, *filter.conditions[at + 1 :]))


def depth(part: Part) -> int:
    """How many levels of groups a part has; 0 for a condition."""
    if not isinstance(part, Filter):
        return 0
    return 1 + max((depth(each) for each in part.conditions), default=0)


def fits_deeper(filter: Filter, path: Path) -> bool:
    """Whether the part at the path may stand one level deeper."""
    return len(path) + 1 + depth(part_at(filter, path)) <= DEEPEST


def into_new_group(filter: Filter, path: Path) -> Filter:
    """The part in a group of its own, joined the other way than the group around it."""
    around = part_at(filter, path[:-1])
    assert isinstance(around, Filter)
    return replaced(filter, path, (Filter((part_at(filter, path),), not around.any),))


def into_group(filter: Filter, path: Path, beside: int) -> Filter:
    """The part at the end of the group that stands at `beside` in the same group."""
    part, there = part_at(filter, path), (*path[:-1], beside)
    group = part_at(filter, there)
    assert isinstance(group, Filter)
    filled = replaced(filter, there, (replace(group, conditions=(*group.conditions, part)),))
    return replaced(filled, path, ())


def out_of_group(filter: Filter, path: Path) -> Filter:
    """The part behind the group that it stood in."""
    part, above = part_at(filter, path), path[:-1]
    emptied = replaced(part_at(filter, above), path[-1:], ())  # type: ignore[arg-type]  # a group
    parts: tuple[Part, ...] = (emptied, part) if emptied.conditions else (part,)
    return replaced(filter, above, parts)


def shifted(filter: Filter, path: Path, by: int) -> Filter:
    """The part one place up (-1) or down (1) in its group."""
    around = part_at(filter, path[:-1])
    assert isinstance(around, Filter)
    parts = list(around.conditions)
    parts.insert(path[-1] + by, parts.pop(path[-1]))
    changed = replace(around, conditions=tuple(parts))
    return changed if len(path) == 1 else replaced(filter, path[:-1], (changed,))


def doubled(filter: Filter, path: Path) -> Filter:
    """The part twice."""
    part = part_at(filter, path)
    return replaced(filter, path, (part, part))


def narrowed(filter: Filter, more: Filter) -> Filter | None:
    """The records that meet both; conditions that must hold stand side by side. None = more than a filter can hold."""
    kept = filter.trimmed
    outer = (kept,) if kept.any and len(kept.conditions) > 1 else kept.conditions
    inner = (more,) if more.any and len(more.conditions) > 1 else more.conditions
    made = Filter((*outer, *(each for each in inner if each not in outer)))
    return made if len(list(made.every)) <= MOST and depth(made) <= DEEPEST else None
