"""Takes repositories with spreadsheets in them, shows that each commit is read as it was meant when it was made."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.git.conftest import HEAD, Repository, register, review
from tests.program import Cli

PLAIN = "Reference;Name;Leads to\nRISK-1;Oven stops;{}\nRISK-2;Shop is empty;\n"
SCORED = "Kennung;Bezeichnung;Eintritt\nRISK-1;Oven stops;2\nRISK-2;Shop is empty;4\n"
MEANING = """\
riskgraph_mapping: 1
files:
  risks.csv:
    scale: {likelihood: {per_year: [0.1, 1, 4, 24]}}
    tables: [{sheet: risks.csv, kind: risk, columns: {Kennung: id, Bezeichnung: name, Eintritt: likelihood}}]
"""
MAPPING = "riskgraph-mapping.yaml"
CSV = ("--register", "risks.csv", "--git")
XLSX = ("--register", "register.xlsx", "--git")


def verdict(cli: Cli, review_: str, *arguments: str) -> tuple[object, object, object]:
    """The verdict on the one step of a review, whether that is sealed, and by which commit."""
    said = cli("diff", review_, *arguments, "-f", "json")
    assert said.code == 0, said.err
    (one,) = said.json["incidents"]
    return one["steps"][0]["verdict"], one["sealed"], one.get("commit")


@pytest.fixture
def reviews(repository: Repository) -> tuple[str, str]:
    """Two reviews of the same step, in February and in April."""
    repository.write("february.yaml", review("INC-1", "2024-02-01", "1-2"))
    repository.write("april.yaml", review("INC-2", "2024-04-01", "1-2"))
    return "february.yaml", "april.yaml"


def workbook(repository: Repository, cli: Cli, text: str, name: str = "register.xlsx") -> None:
    """Writes a register as a workbook, as the program does."""
    source = repository.folder.parent / "source.yaml"
    source.write_text(text, encoding="utf-8")
    assert cli("export", "--register", source, "-o", name).code == 0


class TestSealed:
    def test_a_csv_file(self, repository: Repository, reviews: tuple[str, str], cli: Cli) -> None:
        """Prevents: a team that keeps its register in a sheet and has to give up the seal of its commits."""
        first = repository.commit("2024-01-10", risks__csv=PLAIN.format(""))
        second = repository.commit("2024-03-10", risks__csv=PLAIN.format("RISK-2"))
        assert verdict(cli, reviews[0], *CSV) == ("unmapped", True, first)
        assert verdict(cli, reviews[1], *CSV) == ("mapped", True, second)
        assert cli("diff", reviews[1], *CSV).err == ""

    def test_a_workbook(
        self, repository: Repository, reviews: tuple[str, str], cli: Cli, tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:  # fmt: skip
        """Prevents: bytes of a workbook that got changed on their way out of git, or out of a bare repository."""
        workbook(repository, cli, register(1, 2))
        first = repository.commit("2024-01-10")
        workbook(repository, cli, register(1, 2, cascades="1-2"))
        second = repository.commit("2024-03-10")
        assert verdict(cli, reviews[0], *XLSX) == ("unmapped", True, first)
        assert verdict(cli, reviews[1], *XLSX) == ("mapped", True, second)
        assert cli("check", "register.xlsx", *reviews, "--git").code == 0
        repository.git("clone", "--quiet", "--bare", str(repository.folder), str(tmp_path / "risk.git"))
        monkeypatch.chdir(tmp_path)
        bare = ("--register", "risk.git/register.xlsx", "--git")
        assert verdict(cli, "risk.git/february.yaml", *bare) == ("unmapped", True, first)

    def test_beside_a_file_in_yaml(self, repository: Repository, reviews: tuple[str, str], cli: Cli) -> None:
        """Prevents: half of a register that is read as of then, and half as it is today."""
        repository.commit("2024-01-10", risks__csv=PLAIN.format(""))
        more = f"{HEAD}cascades:\n  - {{from: RISK-1, to: RISK-2, probability: 0.5}}\n"
        repository.commit("2024-03-10", more__yaml=more)
        both = (*CSV, "--register", "more.yaml")
        assert verdict(cli, reviews[0], *both)[0] == "unmapped"
        assert verdict(cli, reviews[1], *both)[0] == "mapped"

    def test_what_is_not_committed_counts_from_now(
        self, repository: Repository, reviews: tuple[str, str], cli: Cli
    ) -> None:
        """Prevents: a cell that the author of the review has just typed in, as a prediction."""
        first = repository.commit("2024-01-10", risks__csv=PLAIN.format(""))
        repository.write("risks.csv", PLAIN.format("RISK-2"))
        assert verdict(cli, reviews[1], *CSV) == ("unmapped", True, first)
        assert "note: risks.csv: the working copy differs" in cli("diff", reviews[1], *CSV).err


class TestMeaning:
    def test_is_that_of_the_commit(self, repository: Repository, cli: Cli) -> None:
        """Prevents: a likelihood that was put right after the incident, by another scale in another file."""
        repository.write(MAPPING, MEANING)
        first = repository.commit("2024-01-10", risks__csv=SCORED)
        repository.write(MAPPING, MEANING.replace("[0.1, 1, 4, 24]", "[1, 2, 8, 48]"))
        second = repository.commit("2024-03-10", "Another scale")
        revisions = cli("history", *CSV, "-f", "json").json["revisions"]
        assert [(one["commit"], one["reason"]) for one in revisions][1] == (second, "Another scale")
        assert revisions[0]["commit"] == first
        for day, bounds in (("2024-02-01", "0.1"), ("2024-04-01", "1")):
            assert cli("export", *CSV, "--as-of", day, "-o", "then.yaml").code == 0
            assert f"[{bounds}," in (repository.folder / "then.yaml").read_text("utf-8").replace("- ", "[")

    def test_is_unknown_before_it_is_committed(
        self, repository: Repository, reviews: tuple[str, str], cli: Cli
    ) -> None:
        """Prevents: scores that are read by a scale that nobody had declared, under the seal of an older commit."""
        early = repository.commit("2024-01-10", risks__csv=SCORED)
        repository.write(MAPPING, MEANING)
        said = cli("diff", reviews[0], *CSV)
        assert (
            f"note: {MAPPING} is in no commit, so no commit says what columns mean: git add and commit it" in said.err
        )
        assert f"note: commit {early[:12]} is skipped: risks.csv!C1: error: Eintritt has scores" in said.err
        late = repository.commit("2024-03-10")
        assert verdict(cli, reviews[0], *CSV) == ("unknown", None, None)
        assert verdict(cli, reviews[1], *CSV) == ("unmapped", True, late)
        assert "is in no commit" not in cli("diff", reviews[1], *CSV).err

    def test_before_there_is_a_file_it_makes_no_register(
        self, repository: Repository, reviews: tuple[str, str], cli: Cli
    ) -> None:
        """Prevents: a note about a removed file that was never there."""
        repository.write(MAPPING, MEANING)
        repository.commit("2024-01-05")
        first = repository.commit("2024-01-10", risks__csv=SCORED)
        assert verdict(cli, reviews[0], *CSV) == ("unmapped", True, first)
        assert cli("diff", reviews[0], *CSV).err == ""

    def test_that_is_not_valid_skips_the_commit(
        self, repository: Repository, reviews: tuple[str, str], cli: Cli
    ) -> None:
        """Prevents: a year of history that is lost to one bad day."""
        repository.write(MAPPING, MEANING)
        first = repository.commit("2024-01-10", risks__csv=SCORED)
        repository.write(MAPPING, MEANING.replace("Kennung: id", "Kennung: idd"))
        bad = repository.commit("2024-01-20")
        repository.write(MAPPING, MEANING)
        repository.commit("2024-03-20")
        assert verdict(cli, reviews[0], *CSV) == ("unmapped", True, first)
        assert f"note: commit {bad[:12]} is skipped: {MAPPING}" in cli("diff", reviews[0], *CSV).err


class TestBadFiles:
    def test_a_commit_that_is_no_workbook_is_skipped(
        self, repository: Repository, reviews: tuple[str, str], cli: Cli
    ) -> None:
        """Prevents: a traceback from a half-uploaded file of last year."""
        workbook(repository, cli, register(1, 2))
        first = repository.commit("2024-01-10")
        repository.write("register.xlsx", "PK half of it")
        bad = repository.commit("2024-01-20")
        workbook(repository, cli, register(1, 2, cascades="1-2"))
        repository.commit("2024-03-10")
        assert verdict(cli, reviews[0], *XLSX) == ("unmapped", True, first)
        note = cli("diff", reviews[0], *XLSX).err
        assert note.startswith(f"note: commit {bad[:12]} is skipped: register.xlsx: error: is no workbook")
        assert note.count("\n") == 1

    def test_a_working_copy_that_is_not_valid(self, repository: Repository, reviews: tuple[str, str], cli: Cli) -> None:
        """Prevents: a broken file that is judged by the commit before it, without a word."""
        repository.commit("2024-01-10", risks__csv=PLAIN.format(""))
        repository.write("risks.csv", PLAIN.format("RISK-9"))
        said = cli("diff", reviews[0], *CSV)
        assert (said.code, said.out) == (4, "")
        assert "risks.csv!C2: error" in said.err
        assert "RISK-9" in said.err
