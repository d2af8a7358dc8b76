"""Reading registers: every problem of every file, each at its place, and what merging means."""

from __future__ import annotations

from pathlib import Path

import pytest

from riskgraph.errors import InputError
from riskgraph.register.read import Register, read_registers

PAIR = "risks:\n  - {id: A, name: a}\n  - {id: B, name: b}\n"
HEAD = "riskgraph_register: 1\nscale: {likelihood: uk-nrr-2023, impact: {loss: [1, 2, 3, 4]}}\n"
TWO = "risks:\n  - {id: A, name: a}\n  - {id: B, name: b}\n"


def read(tmp_path: Path, *texts: str, base: Register | None = None) -> Register:
    """The register of one or more files, a.yaml and so on."""
    paths = []
    for number, text in enumerate(texts):
        path = tmp_path / f"{'abc'[number]}.yaml"
        path.write_text(text, encoding="utf-8")
        paths.append(path)
    return read_registers(paths, base.graph if base else None)


def problems(tmp_path: Path, *texts: str, base: Register | None = None) -> list[str]:
    """Line, column and message of every problem."""
    with pytest.raises(InputError) as refused:
        read(tmp_path, *texts, base=base)
    return [f"{f.place.line}:{f.place.column} {f.message}" for f in refused.value.findings]


@pytest.mark.parametrize(
    ("text", "where", "says"),
    [
        ("a: 1\n", "1:1", "riskgraph_register: 1"),
        ("riskgraph_register: 2\n", "1:21", "has to be"),
        ("riskgraph_register: '1'\n", "1:21", "has to be 1, without quotes"),
        (HEAD + "rikss: []\n", "3:1", "did you mean 'risks'"),
        (HEAD + "risks:\n  - {id: A, name: a, likelyhood: 2}\n", "4:22", "did you mean 'likelihood'"),
        (HEAD + "risks:\n  - {id: A, naem: a}\n", "4:13", "did you mean 'name'"),
        (HEAD + "risks:\n  - {id: A}\n", "4:5", "name: is missing"),
        (HEAD + "risks:\n  - {id: 1A, name: a}\n", "4:10", "is not an id"),
        (HEAD + "risks:\n  - {id: A, name: a, likelihood: 6}\n", "4:34", "at most 5"),
        (HEAD + "risks:\n  - {id: A, name: a, likelihood: '2'}\n", "4:34", "without quotes"),
        (
            HEAD + "risks:\n  - {id: A, name: a, likelihood: high}\n",
            "4:34",
            "has to be a whole number, and 'high' is none",
        ),
        (HEAD + PAIR + "cascades:\n  - {from: A, to: B, probability: 40%}\n", "7:35", "a share is written 0.4"),
        (HEAD + "mitigations:\n  - {id: A, name: a, status: in progress}\n", "4:30", "did you mean 'in_progress'?"),
        (HEAD + "risks:\n  - {id: A, name: a, likelihood: {probability: 1, horizon: 1y}}\n", "4:48", "less than 1"),
        (HEAD + "risks:\n  - {id: A, name: a, likelihood: {probability: 0.1}}\n", "4:34", "horizon: is missing"),
        (HEAD + "risks:\n  - {id: A, name: a, loss: {low: 3, likely: 2, high: 1}}\n", "4:28", "low <= likely"),
        (HEAD + "risks:\n  - {id: A, name: a, since: 2024-01-01T00:00:00}\n", "4:29", "has no zone"),
        (HEAD + "risks:\n  - {id: A, name: a, status: opened}\n", "4:30", "did you mean 'open'"),
        (HEAD + "risks: 3\n", "3:8", "has to be a list"),
        (HEAD + TWO + "  - {id: A, name: c}\n", "6:5", "is there twice"),
        (HEAD + TWO + "cascades:\n  - {from: A, to: A}\n", "7:5", "to itself"),
        (HEAD + TWO + "cascades:\n  - {from: A, to: C}\n", "7:5", "risk C, which is not there"),
        (HEAD + TWO + "cascades:\n  - {from: A, to: B}\n  - {from: A, to: B}\n", "8:5", "is there twice"),
        (HEAD + TWO + "cascades:\n  - {from: A, to: B, probability: .nan}\n", "7:35", "where a number belongs"),
        (HEAD + TWO + "cascades:\n  - {from: A, to: B, delay: 00:30}\n", "7:29", "clock form"),
        (HEAD + TWO + "cascades:\n  - {from: A, to: B, delay: 30}\n", "7:29", "a number and a unit"),
        (HEAD + TWO + "mitigations:\n  - {id: A, name: m}\n", "7:5", "is the id of a risk already"),
        (HEAD + TWO + "mitigations:\n  - {id: M, name: m, blocks: [{from: A, to: B}]}\n", "7:31", "add that cascade"),
        (HEAD + TWO + "indicators:\n  - {id: I, name: i, watches: [A, C]}\n", "7:35", "risk C, which is not there"),
        ("riskgraph_register: 1\nrisks:\n  - {id: A, name: a, likelihood: 2}\n", "3:5", "nist-800-30-frequency"),
        ("riskgraph_register: 1\nscale: {likelihood: uk-nrr}\n", "2:21", "there is no built-in scale"),
        ("riskgraph_register: 1\nscale: {likelihood: {per_year: [1, 3, 2, 4]}}\n", "2:21", "have to rise"),
        (
            "riskgraph_register: 1\nscale: {likelihood: uk-nrr}\nrisks:\n  - {id: A, name: a, likelihood: 2}\n",
            "2:21",
            "there is no built-in scale",
        ),
        (
            "riskgraph_register: 1\nscal: {likelihood: pmbok}\nrisks:\n  - {id: A, name: a, likelihood: 2}\n",
            "2:1",
            "scal",
        ),
    ],
)
def test_problem(tmp_path: Path, text: str, where: str, says: str) -> None:
    """One mistake gives one problem, at its line and column, with what to do."""
    (problem,) = problems(tmp_path, text)
    assert problem.startswith(f"{where} ")
    assert says in problem


def test_a_broken_entry_does_not_hide_its_other_problems(tmp_path: Path) -> None:
    """Prevents: a second run that finds a duplicate, or an id that is not there, in an entry with a misspelt key."""
    text = HEAD + TWO + "cascades:\n  - {from: A, to: C, probability: 2}\ncurrency: EUR\ncurrency: USD\n"
    text += "mitigations:\n  - {id: A, name: m, owned: me, mitigates: [{risk: X}]}\n"
    with pytest.raises(InputError) as refused:
        read(tmp_path, text)
    assert [finding.rule for finding in refused.value.findings] == [
        "dangling-id", "invalid-value", "duplicate-key", "id-taken", "unknown-key", "dangling-id",
    ]  # fmt: skip


def test_every_problem_of_every_file(tmp_path: Path) -> None:
    """One run shows them all; a broken entry does not make what refers to it wrong as well."""
    first = HEAD + "risks:\n  - {id: A, name: a, likelyhood: 2}\n  - {id: B, name: b, impact: 9}\n"
    second = "riskgraph_register: 1\ncascades:\n  - {from: A, to: B, probabilty: 1}\n  - {from: A, to: X}\n"
    with pytest.raises(InputError) as refused:
        read(tmp_path, first, second)
    assert [(f.place.path[-6:], f.place.line) for f in refused.value.findings] == [
        ("a.yaml", 4),
        ("a.yaml", 5),
        ("b.yaml", 3),
        ("b.yaml", 4),
    ]


KEYS = [
    "likelihod", "likelyhood", "impct", "ownr", "descripton", "categry", "statuss", "loses", "escalaton", "alias",
    "tag", "sinc", "nam", "Likelihood", "OWNER", "impacts", "likelihoood", "descriptions", "stauts", "aliasses",
]  # fmt: skip


@pytest.mark.parametrize("key", KEYS)
def test_misspelt_keys_of_a_risk(tmp_path: Path, key: str) -> None:
    """The key that was meant is named, at the key's own column."""
    text = HEAD + f"risks:\n  - id: A\n    name: a\n    {key}: x\n"
    (problem,) = problems(tmp_path, text)
    assert problem.startswith("6:5 ")
    meant = problem.split("did you mean '")[1].split("'")[0]
    assert meant in {"likelihood", "impact", "owner", "description", "category", "status", "loss", "escalation",
                     "aliases", "tags", "since", "name"}  # fmt: skip


@pytest.mark.parametrize(
    ("section", "entry", "meant"),
    [
        ("cascades", "from: A\n    to: B\n    probabilty: 1", "probability"),
        ("cascades", "from: A\n    to: B\n    dely: 1h", "delay"),
        ("cascades", "from: A\n    to: B\n    mechanisms: x", "mechanism"),
        ("mitigations", "id: M\n    name: m\n    implementd_on: 2024-01-01", "implemented_on"),
        ("mitigations", "id: M\n    name: m\n    mitigate: [A]", "mitigates"),
        ("mitigations", "id: M\n    name: m\n    block: []", "blocks"),
        ("indicators", "id: I\n    name: i\n    treshold: 1", "threshold"),
        ("indicators", "id: I\n    name: i\n    detects_in: 1h", "detects_within"),
        ("indicators", "id: I\n    name: i\n    watch: [A]", "watches"),
    ],
)
def test_misspelt_keys_elsewhere(tmp_path: Path, section: str, entry: str, meant: str) -> None:
    """Every section knows its keys."""
    (problem,) = problems(tmp_path, HEAD + TWO + f"{section}:\n  - {entry}\n")
    assert problem.startswith("9:5 ")
    assert f"did you mean {meant!r}" in problem


def test_many_misspelt_ids_are_found_quickly(tmp_path: Path) -> None:
    """A renamed prefix makes every edge dangle; each is compared with every id, and that must not take a minute."""
    risks = "".join(f"  - {{id: RISK-{number:04}, name: n}}\n" for number in range(3000))
    cascades = "".join(f"  - {{from: RISK-{number:04}, to: RSK-{number:04}}}\n" for number in range(400))
    found = problems(tmp_path, f"{HEAD}risks:\n{risks}cascades:\n{cascades}")
    assert len(found) == 400
    assert all(f"did you mean RISK-{number:04}?" in problem for number, problem in enumerate(found))


def test_nested_keys(tmp_path: Path) -> None:
    """A key inside a list inside an entry has a place, too."""
    text = HEAD + TWO + "mitigations:\n  - id: M\n    name: m\n    mitigates:\n      - {risk: A, effectivness: 0.5}\n"
    assert problems(tmp_path, text) == ["10:19 unknown key 'effectivness': did you mean 'effectiveness'?"]


def test_files_are_merged(tmp_path: Path) -> None:
    """An edge may use another file's risks; headers have to agree."""
    register = read(tmp_path, HEAD + TWO, "riskgraph_register: 1\ncascades:\n  - {from: A, to: B}\n")
    assert ("cascade", "A", "B") in register.graph
    dates = [HEAD + "effective_on: 2024-01-01\n", "riskgraph_register: 1\neffective_on: 2024-02-01\n"]
    (problem,) = problems(tmp_path, *dates)
    assert "import them one after the other" in problem


def test_a_second_register_uses_the_graph_before(tmp_path: Path) -> None:
    """It need not repeat risks or scale, and does not change the scale of scores that it leaves out."""
    first = read(tmp_path, HEAD + "risks:\n  - {id: A, name: a, likelihood: 2}\n")
    second = read(tmp_path, "riskgraph_register: 1\nrisks:\n  - {id: B, name: b, likelihood: 3}\ncascades:\n"
                            "  - {from: A, to: B}\n", base=first)  # fmt: skip
    assert second.graph.header == first.graph.header
    assert set(second.elements) == {("register",), ("risk", "B"), ("cascade", "A", "B")}
    other = "riskgraph_register: 1\nscale: {likelihood: nist-800-30-frequency}\nrisks: []\n"
    (problem,) = problems(tmp_path, other, base=first)
    assert "every scored risk: it lacks A" in problem


def test_bare_ids_and_texts_as_written(tmp_path: Path) -> None:
    """An id alone is an edge without estimate; a name such as 1.10 or Yes is kept to the letter."""
    text = (
        HEAD
        + "risks:\n  - {id: A, name: 1.10, owner: Yes, category: 03:00}\n"
        + "mitigations:\n  - {id: M, name: 7, mitigates: [A]}\n"
    )
    graph = read(tmp_path, text).graph
    risk = graph.risks["A"]
    assert (risk.name, risk.owner, risk.category, graph.mitigations["M"].name) == ("1.10", "Yes", "03:00", "7")
    assert graph.mitigates["A"][0].effectiveness is None


def test_own_columns_are_kept(tmp_path: Path) -> None:
    """Keys that begin with x_ are free, in the header as well."""
    text = HEAD + "x_source: sheet 3\nrisks:\n  - {id: A, name: a, x_score: [1, 2]}\n"
    graph = read(tmp_path, text).graph
    assert graph.risks["A"].data()["x_score"] == [1, 2]
    assert graph.header.data()["x_source"] == "sheet 3"


@pytest.mark.parametrize(
    ("head", "said"),
    [
        ("scale: {likelihood: pmbok}\nmitigation: []\n", "3:1 unknown key 'mitigation': did you mean 'mitigations'?"),
        ("scale: {likelihood: pmbock}\n", "2:21 likelihood: there is no built-in scale 'pmbock'"),
    ],
)
def test_a_slip_in_the_header_does_not_take_the_scale_away(tmp_path: Path, head: str, said: str) -> None:
    """Prevents: one line for every scored risk of a register whose scale is there, or is only misspelt."""
    (found,) = problems(tmp_path, f"riskgraph_register: 1\n{head}risks: [{{id: A, name: a, likelihood: 2}}]\n")
    assert found.startswith(said)
