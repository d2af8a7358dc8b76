"""Plans: edits in, the ``+ ~ - !`` lines and the closing count that import, propose, apply and undo all print out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Literal, Protocol

from riskgraph.edits import describe
from riskgraph.graph import order, title
from riskgraph.report import escape
from riskgraph.report.table import Row, Table

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from riskgraph.edits import Because, Edit

_SIGNS: Final = {"add": "+", "change": "~", "remove": "-"}
_COLORS: Final = {"+": "32", "~": "33", "-": "31", "!": "35"}
_LONGEST: Final = 400
PLAN_COLUMNS: Final = ("change", "element", "incident", "what", "confidence", "because")


class Kept(Protocol):
    """What an import leaves as a review taught it; it says so in a line that starts with ``!``."""

    def describe(self) -> str:
        """One line for a person."""
        ...


def plan_lines(edits: Iterable[Edit], kept: Iterable[Kept] = ()) -> list[str]:
    """One line for each edit, unescaped: what is added, changed, removed, then what is kept; each by kind and id."""
    return [line for line, _ in _lines(edits, kept)]


def count_line(edits: Sequence[Edit], kept: Sequence[Kept] = ()) -> str:
    """The closing line: ``3 to add, 2 to change, 0 to remove, 1 kept``."""
    counts = {op: sum(edit.op == op for edit in edits) for op in _SIGNS}
    return ", ".join([*(f"{count} to {op}" for op, count in counts.items()), f"{len(kept)} kept"])


def plan_text(
    edits: Sequence[Edit],
    kept: Sequence[Kept] = (),
    *,
    remarks: Sequence[str] = (),
    reasons: bool = True,
    format: Literal["table", "markdown"] = "table",  # noqa: A002 - it is the option's name
    color: bool = False,
) -> str:
    """The plan as text, escaped for where it goes; it ends with the count line.

    With ``reasons`` an edit of a proposal is followed by why it is proposed. A line is never wrapped, and one of more
    than 400 characters says how many more there are.
    """
    lines = []
    for line, edit in _lines(edits, kept):
        lines.append(shorten(line))
        if reasons and edit is not None and edit.because is not None:
            lines.append("    " + _reason(edit.because, edit.confidence))
    count = count_line(edits, kept)
    if format == "markdown":
        listed = [" ".join(line.split("\n")) for line in lines]
        parts = [escape.code("\n".join(listed), "diff")] if listed else []
        parts += ["".join(f"- {escape.markdown(remark)}\n" for remark in remarks)] if remarks else []
        return "\n".join([*parts, f"{count}\n"])
    shown = [_colored(escape.terminal(line)) if color else escape.terminal(line) for line in lines]
    shown += [f"  {escape.terminal(remark)}" for remark in remarks]
    return "".join(f"{line}\n" for line in [*shown, count])


def plan_tables(edits: Sequence[Edit], kept: Sequence[Kept] = ()) -> list[Table]:
    """The plan as a table, for formats that want columns."""
    rows = tuple(
        ("!", None, None, line.removeprefix("! "), None, None) if edit is None else edit_row(edit)
        for line, edit in _lines(edits, kept)
    )
    return [Table("Plan", PLAN_COLUMNS, rows, (count_line(edits, kept),))]


def edit_row(edit: Edit) -> Row:
    """The cells of one edit, in the order of ``PLAN_COLUMNS``."""
    sign, _, text = describe(edit).partition(" ")
    what = text.removeprefix(title(edit.key)).strip(" :") or None
    because = _place(edit.because) if edit.because else None
    return sign, title(edit.key), edit.incident, what, edit.confidence, because


def plan_data(edits: Sequence[Edit], kept: Sequence[Kept] = ()) -> dict[str, Any]:
    """The plan in JSON form: its lines, the edits themselves, and the counts."""
    counts = {op: sum(edit.op == op for edit in edits) for op in _SIGNS}
    data = [edit.data() for edit in edits]
    return {"plan": plan_lines(edits, kept), "edits": data, "counts": {**counts, "kept": len(kept)}}


def shorten(line: str) -> str:
    """A line of at most 400 characters; a longer one says how many more there are."""
    if len(line) <= _LONGEST:
        return line
    return f"{line[:_LONGEST]}... ({len(line) - _LONGEST} more characters)"


def _lines(edits: Iterable[Edit], kept: Iterable[Kept]) -> list[tuple[str, Edit | None]]:
    ops = list(_SIGNS)
    ordered = sorted(edits, key=lambda edit: (ops.index(edit.op), order(edit.key)))
    lines: list[tuple[str, Edit | None]] = [(describe(edit), edit) for edit in ordered]
    return lines + [(_kept_line(one), None) for one in kept]


def _kept_line(kept: Kept) -> str:
    line = kept.describe()
    return line if line.startswith("!") else f"! {line}"


def _place(because: Because) -> str:
    return f"{because.field}, line {because.line}" if because.line else because.field


def _reason(because: Because, confidence: str | None) -> str:
    said = f': "{because.text}"' if because.text else ""
    return shorten(f"{f'{confidence}, ' if confidence else ''}{_place(because)}{said}")


def _colored(line: str) -> str:
    color = _COLORS.get(line[:1])
    return f"\x1b[{color}m{line}\x1b[0m" if color else f"\x1b[2m{line}\x1b[0m"
