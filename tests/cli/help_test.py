"""--help explains every command, with examples."""

import pytest

import heddle
from heddle.cli import COMMANDS


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself_with_examples(command, name):
    result = command(*name.split(), "--help")
    assert result.code == 0
    assert f"heddle {name} " in result.out.split("Examples:")[1]
    assert "--json" in result.out


@pytest.mark.parametrize("name", ["design", "perform"])
def test_commands_with_chance_take_seed_and_threads(command, name):
    found = command(name, "--help").out
    assert "--seed" in found
    assert "--threads" in found


def test_the_command_without_words_lists_the_commands(command):
    result = command()
    assert result.code == 2
    groups = {name.split()[0] for name in COMMANDS}
    assert all(name in result.out + result.err for name in groups)


def test_the_version_is_the_librarys(command):
    result = command("--version")
    assert result.code == 0
    assert result.out.strip() == f"heddle {heddle.__version__}"
