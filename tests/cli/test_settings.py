"""Takes flags, environment and riskgraph.toml, shows which of them counts."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.program import Cli


def values(cli: Cli, *args: str) -> dict[str, tuple[str, str]]:
    """Each setting's value and source."""
    found = cli("config", "show", *args, "--format", "json").json["settings"]
    return {one["name"]: (one["value"], one["source"]) for one in found}


def test_flag_then_environment_then_file_then_default(cli: Cli, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Prevents: a write to another store than the one that was named."""
    assert values(cli)["store"] == ("sqlite:///riskgraph.db", "default")
    (folder / "riskgraph.toml").write_text('store = "sqlite:///a.db"\nauthor = "From file"\n')
    assert values(cli)["store"] == ("sqlite:///a.db", "riskgraph.toml")
    assert values(cli)["author"] == ("Test Baker", "RISKGRAPH_AUTHOR")
    monkeypatch.setenv("RISKGRAPH_STORE", "sqlite:///b.db")
    monkeypatch.delenv("RISKGRAPH_AUTHOR")
    assert values(cli)["store"] == ("sqlite:///b.db", "RISKGRAPH_STORE")
    assert values(cli)["author"] == ("From file", "riskgraph.toml")
    assert values(cli, "--store", "sqlite:///c.db")["store"] == ("sqlite:///c.db", "--store")
    assert values(cli, "--author", "Me")["author"] == ("Me", "--author")


def test_file_above_counts_from_its_own_folder(cli: Cli, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Prevents: a second, empty store in every folder that a command is run in."""
    (folder / "riskgraph.toml").write_text('store = "sqlite:///data/kept.db"\n')
    (folder / "deep" / "er").mkdir(parents=True)
    monkeypatch.chdir(folder / "deep" / "er")
    assert values(cli)["store"][0] == f"sqlite:///{folder}/data/kept.db"


@pytest.mark.parametrize("path", ["/etc/riskgraph.db", "../other.db", "a/../../other.db", "link/other.db"])
def test_file_does_not_point_outside_its_folder(cli: Cli, folder: Path, path: str) -> None:
    """Prevents: a cloned repository that makes a command write elsewhere on the disk."""
    (folder / "link").symlink_to(folder.parent)
    (folder / "riskgraph.toml").write_text(f'# settings\nstore = "sqlite:///{path}"\n')
    result = cli("import", "register.yaml")
    assert result.code == 4
    assert "riskgraph.toml:2: error: store" in result.err
    assert "--store or RISKGRAPH_STORE" in result.err


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('stroe = "x"', "did you mean 'store'?"),
        ("store = 3", "store: has to be a text"),
        ("store = ", "is not TOML"),
        ("store = 'sqlite:///\xff.db'", "is not UTF-8"),
    ],
)
def test_mistakes_in_the_file(cli: Cli, folder: Path, text: str, said: str) -> None:
    """Prevents: a setting that is silently not the one that was written."""
    (folder / "riskgraph.toml").write_bytes(text.encode("latin-1"))
    result = cli("history")
    assert result.code == 4
    assert said in result.err


def test_git_is_asked_for_the_author(cli: Cli, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Prevents: revisions by "root" where git knows who it is."""
    monkeypatch.delenv("RISKGRAPH_AUTHOR")
    (folder / "git.config").write_text("[user]\n\tname = Ada Baker\n\temail = ada@bakery.example\n")
    for name in ("GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM"):
        monkeypatch.setenv(name, str(folder / "git.config"))
    assert values(cli)["author"] == ("Ada Baker <ada@bakery.example>", "git config")
    monkeypatch.setenv("PATH", "")
    assert values(cli)["author"][1] == "login name"
