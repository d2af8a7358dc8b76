"""Rules: nothing in; every rule that a finding can break out, with its level, what is wrong and what to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from riskgraph.findings import Level


@dataclass(frozen=True)
class Rule:
    """A rule: its id, which never changes; how grave a breach is; what is wrong, and what to do, a sentence each."""

    id: str
    level: Level
    says: str
    fix: str
    group: str


_GROUPS: Final[dict[str, tuple[tuple[str, Level, str, str], ...]]] = {
    "Prediction against incident": (
        ("step-unmapped", "warning", "A cascade happened that the map did not have.",
         "Accept the cascade that `propose` puts forward, or record why it is not to be mapped."),
        ("step-new-risk", "warning", "A cascade happened that begins or ends at a risk nobody had written down.",
         "Accept the new risk and its cascade."),
        ("step-indirect", "note", "A cascade happened that the map only has by way of other risks.",
         "Decide whether the direct cascade belongs in the map as well."),
        ("step-reversed", "note", "A cascade happened of which the map only has the opposite.",
         "Look at both directions: each is a cascade of its own."),
        ("claim-contradicted", "warning", "An answer of the review is not what the evidence says.",
         "Look at the evidence of `audit`, then correct the answer or the register."),
        ("mitigation-not-in-place", "warning", "A mitigation that counts here was not implemented when it was needed.",
         "Give it an owner and a date that somebody watches."),
    ),
    "Review against register": (
        ("unknown-id", "error", "A field that takes an id names one that no revision of the register has.",
         "Correct the id, or write the name of a new risk."),
        ("unknown-id-in-prose", "warning", "A text names something that looks like an id of the register and is none.",
         "Correct the id, or add it to the register."),
        ("self-loop", "error", "A cascade leads from a risk to itself.", "Name another risk."),
        ("id-in-no-step", "note", "A text names a risk that is in no step of `observed_cascades`.",
         "Add the step, or leave it if the risk was not reached."),
        ("name-shared", "warning", "A field names a risk by a name or alias that several risks have.",
         "Write the id of the one that is meant; the first by id counts."),
        ("score-differs", "note", "The score that the review quotes is not the one that the register had.",
         "Correct `original_score`; the register's value counts."),
        ("language-not-read", "note", "The prose is in a language that is not read for steps.",
         "List the steps under `observed_cascades`."),
    ),
    "Quality of a review": (
        ("placeholder", "note", "A field still holds the template's placeholder.",
         "Fill it in or remove it; in a required field this is an error outside `check`."),
        ("section-missing", "note", "A section of the template is missing.", "Add it."),
        ("no-timeline", "note", "There is no timeline.", "Write down what happened when."),
        ("root-cause-missing", "note", "There is no root cause.", "Say why it could happen."),
        ("root-cause-repeats", "note", "The root cause repeats the symptom.", "Ask once more why."),
        ("audit-incomplete", "note", "One of the six questions has no answer.", "Answer it."),
        ("no-actions", "note", "Nothing follows from the review.", "Add an action with owner and date."),
        ("action-incomplete", "note", "An action has no owner or no date.", "Add them."),
        ("no-learnings", "note", "There are no learnings.", "Say what went well and what did not."),
        ("register-not-updated", "note", "No answer says what is to change in the register.",
         "Fill in the `action` of a question that found a gap."),
        ("gap-contradicts-answer", "note", "An answer and the gap beside it do not fit.", "Make them agree."),
        ("detection-gap-contradicts", "note", "The detection gap does not fit the two detection times.",
         "Make them agree."),
        ("escalation-claims-differ", "note", "Two fields say different things about the escalation.",
         "Make them agree."),
        ("protocol-gap-without-action", "note", "A gap in the protocol leads to no action.", "Add one."),
        ("incident-twice", "note", "Two files review one incident; `propose` takes this for an error.",
         "Keep one of them, or give the other its own id."),
        ("ignored-rule-unknown", "note", "`ignore` names a rule that does not exist.",
         "Correct its id; this page has them all."),
    ),
    "Reading a review": (
        ("not-a-review", "error", "A file that should be a review is something else.", "Name another file."),
        ("not-looked", "note", "A cascade was not looked at.", "Look, if it can still be known."),
        ("answer-missing", "note", "A mitigation or indicator is listed without an answer.", "Answer it."),
        ("answer-unknown", "note", "An answer is none of the words that the question takes, so it is no claim.",
         "Use one of the words that the line names."),
        ("severity-unknown", "note", "The severity is none of the template's words.", "Use one of them."),
        ("action-without-text", "note", "An action does not say what to do.", "Say it."),
        ("date-unreadable", "error", "A date is none; on an action this is a note.", "Write it as 2024-02-15."),
        ("date-differs", "note", "`date` is not the day of `started_at`.", "Correct one of them."),
        ("zone-assumed", "note", "No time zone is given, so UTC counts.", "Add `timezone`, or use `started_at`."),
        ("unknown-timezone", "error", "A time zone does not exist.", "Write it as Europe/Paris or +01:00."),
        ("naive-time", "error", "`started_at` has no zone.", "End it with Z or an offset such as +01:00."),
        ("time-unreadable", "note", "A time cannot be read; in `started_at` this is an error.",
         "Write it as 03:40, or as a full timestamp."),
        ("time-before-start", "note", "Something that follows from the incident is dated before its start.",
         "Correct the time or the start."),
        ("clock-duration", "error", "A duration is written like a time of day.", "Write 3 hours or 45 minutes."),
        ("duration-unknown", "note", "A text in which a duration belongs has none.", "Write 3 hours or 45 minutes."),
    ),
    "Reading a register": (
        ("not-a-register", "error", "A file that should be a register does not begin as one.",
         "Begin it with `riskgraph_register: 1`."),
        ("dangling-id", "error", "An edge uses a risk, mitigation or cascade that is not there.",
         "Add it, or correct the id."),
        ("duplicate", "error", "One thing is listed twice.", "Keep one."),
        ("id-taken", "error", "One id is used for things of two kinds.", "Give one of them another id."),
        ("header-differs", "error", "The heads of two files do not agree.", "Keep one, or import them in turn."),
        ("scale-missing", "error", "There is a score, and no scale that says what it means.",
         "Declare a scale: `docs/scales.md` lists the built-in ones."),
        ("scale-changed", "error", "The scale changes, and not every scored risk is in the file.",
         "Add the risks that the line names."),
    ),
    "Reading a spreadsheet": (
        ("no-table", "error", "A sheet has no table that is known by its headings.",
         "Say which column is which with `--map`, see `docs/spreadsheets.md`."),
        ("sheet-unreadable", "error", "A workbook cannot be read, or holds what is not read.",
         "The line says why, and how to save it anew."),
    ),
    "Reading a proposal": (
        ("proposal-digest", "error", "The edits are not those that were proposed.", "Propose again."),
        ("proposal-edit", "error", "An edit is not valid.", "Propose again, and change decisions only."),
        ("proposal-oneof", "error", "Two alternatives are accepted of which one can be.", "Keep one."),
    ),
    "Review bias": (
        ("bias-one-cause", "note", "Only one cause is named.", "Ask what else had to be true."),
        ("bias-counterfactual", "note", "A sentence says what somebody should have done instead of what happened.",
         "Say why what was done made sense at the time."),
        ("bias-blaming", "note", "A sentence blames a person.", "Say what made the mistake possible."),
        ("bias-nothing-went-well", "note", "Nothing went well.", "Say what kept it from being worse."),
        ("bias-detected-by-others", "note", "Customers noticed first.", "Ask which indicator should have."),
        ("bias-shallow-for-severity", "note", "The review is short for how severe the incident was.",
         "Look at it as long as it takes."),
    ),
    "Reading a log": (
        ("unknown-column", "error", "A column is not one that is read here.", "Correct its heading."),
        ("column-missing", "error", "A column that is needed is missing.", "Add it."),
        ("column-twice", "error", "Two columns have one name.", "Keep one of them."),
        ("cells-too-many", "error", "A line has more cells than there are columns.",
         "Put quotes around a cell with a comma in it."),
        ("no-rows", "error", "There is nothing below the names of the columns.", "Add a line."),
        ("unknown-indicator", "error", "There is no such indicator.", "Correct the id, or import it first."),
        ("unknown-risk", "error", "There is no such risk.", "Correct the id, or import it first."),
        ("unknown-outcome", "error", "An outcome is neither `alarm` nor `false_alarm`.", "Write one of them."),
        ("in-the-future", "error", "A time is in the future.", "Correct it."),
        ("fired-twice", "error", "An indicator fired twice at one time.", "Keep one."),
        ("value-not-valid", "error", "A value is not one that its column takes.", "The line says what it takes."),
    ),
    "Files of any kind": (
        ("file-unreadable", "error", "A file cannot be read.", "Look at its name and its permissions."),
        ("file-too-large", "error", "A file is larger than what is read.", "Split it."),
        ("not-read", "note", "A heading or a label of a page of markdown is none of a review's, and is not read.",
         "Leave it if it is meant for people; else use the heading of the template."),
        ("file-encoding", "error", "A file is not UTF-8.", "Save it as UTF-8."),
        ("unknown-format", "error", "A file is no register, review or proposal.",
         "Begin it as one, or do not name it."),
        ("unknown-key", "error", "A key is not known here.", "Correct it; in a register it may begin with `x_`."),
        ("missing-key", "error", "A required key is missing.", "Add it."),
        ("invalid-value", "error", "A value is not one that its key takes.", "The line says what it takes."),
        ("not-a-number", "error", "A number is not finite, or too large.", "Leave it out, or correct it."),
        ("duplicate-key", "error", "A key is there twice.", "Keep one."),
        ("yaml-syntax", "error", "A file is not YAML.", "The line says where, and why."),
        ("yaml-alias", "error", "A file uses an anchor or an alias of YAML.", "Write the value out."),
        ("yaml-tag", "error", "A file uses a tag of YAML.", "Write a plain value."),
        ("yaml-depth", "error", "A file is nested too deeply.", "Flatten it."),
        ("yaml-documents", "error", "A file holds a second document.", "Split it."),
        ("yaml-key", "error", "A key is not a word.", "Write it as one."),
        ("settings", "error", "`riskgraph.toml` is not valid.", "The line says what it takes."),
        ("git-history", "error", "A register has no history in git.", "Commit it, or leave `--git` away."),
    ),
    "The store": (
        ("store-unreadable", "error", "A revision cannot be read.", "Restore the store from a copy."),
        ("store-integrity", "error", "The database is damaged.", "Restore the store from a copy."),
        ("store-number", "error", "A revision is missing.", "Restore the store from a copy."),
        ("store-graph", "error", "A revision is of another graph.", "Restore the store from a copy."),
        ("store-digest", "error", "A revision was changed after it was written.", "Restore the store from a copy."),
        ("store-chain", "error", "A revision does not follow the one before it.", "Restore the store from a copy."),
        ("store-time", "error", "A revision is effective before the one before it.", "Restore the store from a copy."),
        ("store-replay", "error", "The edits of a revision cannot be applied.", "Restore the store from a copy."),
        ("store-content", "error", "The graph of today is not what its revisions give.",
         "Restore the store from a copy."),
    ),
}  # fmt: skip

RULES: Final[dict[str, Rule]] = {
    id_: Rule(id_, level, says, fix, group) for group, rules in _GROUPS.items() for id_, level, says, fix in rules
}
"""Every rule by its id, in the order of the documents."""


def rules_markdown() -> str:
    """The reference of all rules, a section each."""
    lines = []
    for group in _GROUPS:
        lines.append(f"## {group}\n")
        for rule in RULES.values():
            if rule.group == group:
                lines += [f"### {rule.id}\n", f"*{rule.level}.* {rule.says} {rule.fix}\n"]
    return "\n".join(lines)
