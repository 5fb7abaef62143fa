import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from assay.audit.corpus import OWN_CORPUS, ProgramKind, load_corpus, needles_of
from assay.errors import CorpusError

INDEX = """
[limits]
cpu_s = 2.0

[tasks.double]
about = "Twice the number."

[tasks.double.tests]
kind = "stdio"
cases = [{ stdin = "4242421\\n", expected = "8484842\\n" }]

[[programs]]
id = "exit-early"
file = "early.py"
kind = "attack"
class = "premature_exit"
task = "double"
expect_verdicts = ["wrong_answer"]
note = "Ends before it answers."

[[programs]]
id = "ok-double"
file = "double.py"
kind = "benign"
class = "benign"
task = "double"
expect_verdicts = ["accepted"]
note = "Answers."
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A corpus of two programs."""
    (tmp_path / "index.toml").write_text(INDEX)
    (tmp_path / "early.py").write_text("raise SystemExit(0)\n")
    (tmp_path / "double.py").write_text("print(2 * int(input()))\n")
    return tmp_path


def test_a_program_becomes_an_item_with_its_task_s_tests_and_the_limits_of_the_index(folder: Path) -> None:
    early, double = load_corpus(folder)
    assert early.item == {
        "code": "raise SystemExit(0)\n",
        "files": {},
        "rewards": [
            {
                "type": "code",
                "language": "python",
                "tests": {"kind": "stdio", "cases": [{"stdin": "4242421\n", "expected": "8484842\n"}]},
                "limits": {"cpu_s": 2.0},
            }
        ],
    }
    assert (early.min_reward, early.max_reward, early.needles) == (0.0, 0.0, ("8484842",))
    assert (double.min_reward, double.max_reward, double.needles) == (1.0, 1.0, ())


def test_only_programs_in_the_wanted_languages_are_given(folder: Path) -> None:
    assert load_corpus(folder, ["c"]) == ()
    assert len(load_corpus(folder, ["c", "python"])) == 2


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("[limits]", "[limits", "is not TOML"),
        ('kind = "attack"', 'kind = "prank"', "programs.0.kind: Input should be 'attack', 'probe' or 'benign'"),
        ('class = "premature_exit"\n', "", "programs.0.class: Field required"),
        ('task = "double"', 'task = "triple"', "exit-early: there is no task 'triple'"),
        ("[[programs]]", '[[programs]]\nlimit = "x"', "programs.0.limit: Extra inputs are not permitted"),
        ('"ok-double"', '"exit-early"', "two programs are called 'exit-early'"),
        ('file = "early.py"', 'file = "double.py"', "the file 'early.py' belongs to no program"),
        ('file = "early.py"', 'file = "late.py"', "cannot read 'late.py'"),
        ('"wrong_answer"', '"wrong"', "programs.0.expect_verdicts.0"),
        ('expect_verdicts = ["accepted"]', "expect_verdicts = []", "at least 1 item"),
        ('note = "Answers."', 'note = ""\nexpect_max_reward = 0.5', "ok-double: its least reward 1 is above"),
        ('note = "Answers."', 'note = ""\npair = "exit-early"', "ok-double: its pair 'exit-early' is no probe"),
        ('kind = "stdio"', 'kind = "stdoi"', "tasks.double"),
        ("cpu_s = 2.0", "cpu_s = -2.0", "limits.cpu_s"),
        ("[tasks.double]", '[tasks.triple]\nabout = ""\nrepeat = {}\n[tasks.double]', "tasks.triple.repeat.head"),
        ('about = "Twice the number."', "", "tasks.double.about: Field required"),
    ],
)
def test_an_index_that_is_none_is_told_by_place_and_reason(
    folder: Path, old: str, new: str, complaint: str
) -> None:
    changed = INDEX.replace(old, new, 1)
    assert changed != INDEX
    (folder / "index.toml").write_text(changed)
    if "late.py" in new:
        (folder / "early.py").unlink()
    with pytest.raises(CorpusError) as caught:
        load_corpus(folder)
    assert complaint in caught.value.message
    assert "index.toml" in caught.value.message
    assert caught.value.code == "invalid_corpus"


def test_a_folder_without_an_index_is_no_corpus(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="No such file"):
        load_corpus(tmp_path)


def test_a_long_input_is_written_in_few_words(folder: Path) -> None:
    repeat = '[tasks.double]\nabout = "x"\nrepeat = { head = "3\\n", text = "ab ", times = 3, expected = "y" }\n'
    begin, end = INDEX.index("[tasks.double]"), INDEX.index("[[programs]]")
    (folder / "index.toml").write_text(INDEX[:begin] + repeat + INDEX[end:])
    tests = load_corpus(folder)[0].item["rewards"][0]["tests"]
    assert tests["cases"] == [{"stdin": "3\nab ab ab ", "expected": "y"}]


@pytest.mark.parametrize(
    ("suite", "needles"),
    [
        ({"kind": "stdio", "cases": [{"stdin": "1", "expected": "short\n12345678\n"}]}, ("12345678",)),
        ({"kind": "stdio", "cases": [{"stdin": "12345678", "expected": "12345678"}]}, ()),
        ({"kind": "function", "cases": [{"args": [1], "expected": [7654321, 2]}]}, ("7654321",)),
        ({"kind": "assert", "asserts": ["assert f(1111111) == 9876543"]}, ("9876543",)),
        ({"kind": "script", "source": "assert abs(f(1) - 2) < 1"}, ()),
    ],
)
def test_what_may_not_come_back_are_expected_outputs_that_are_no_inputs_and_long_enough_to_tell(
    suite: dict[str, Any], needles: tuple[str, ...]
) -> None:
    assert needles_of(suite) == needles


class TestOwnCorpus:
    """The corpus that comes with Assay."""

    def test_it_has_attacks_of_many_classes_in_six_languages_and_honest_programs_in_each(self) -> None:
        programs = load_corpus()
        kinds = Counter(program.kind for program in programs)
        assert kinds[ProgramKind.ATTACK] >= 120
        assert kinds[ProgramKind.PROBE] >= 5
        assert kinds[ProgramKind.BENIGN] >= 30
        languages = {program.language for program in programs}
        assert languages == {"python", "c", "cpp", "java", "javascript", "bash"}
        assert {program.language for program in programs if program.kind is ProgramKind.BENIGN} == languages
        assert len({program.category for program in programs}) >= 25
        assert {program.mode for program in programs} == {"stdio", "function", "assert", "script", "pytest"}

    def test_every_kind_of_tests_has_an_honest_program(self) -> None:
        programs = load_corpus()
        honest = {(each.language, each.mode) for each in programs if each.kind is ProgramKind.BENIGN}
        assert {(each.language, each.mode) for each in programs} == honest

    def test_it_names_no_real_host_and_every_program_says_what_it_is(self) -> None:
        for program in load_corpus():
            assert program.note.endswith(".")
            assert program.id in program.item["code"].splitlines()[0] + program.item["code"].splitlines()[1]

    def test_it_lies_in_the_package(self) -> None:
        assert (OWN_CORPUS / "index.toml").is_file()
        assert json.dumps(load_corpus()[0].item)
