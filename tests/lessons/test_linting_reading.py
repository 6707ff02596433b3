"""Reading a curriculum file: a value, or faults with their lines; hostile files are refused before they are built."""

import pytest

from lessons.linting import CurriculumError, digest, line_of, read, read_document
from lessons.linting.reading import LARGEST_FILE
from lessons.schemas import Source, Strict, Text


class Shape(Strict):
    title: Text
    sources: list[Source] = []


GOOD = 'title:\n  fr: "Où est la mer ?"\n  en: The sea\n'


def write(folder, content, name="file.yaml"):
    file = folder / name
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return file


def faults(folder, content):
    with pytest.raises(CurriculumError) as failure:
        read(write(folder, content), Shape, root=folder)
    return [(fault.line, fault.reason) for fault in failure.value.faults]


def test_a_good_file_becomes_its_shape_with_french_spaces(tmp_path):
    value = read(write(tmp_path, GOOD), Shape, root=tmp_path)

    assert value.title.fr == "Où est la mer\u202f?"
    assert value.title.en == "The sea"


def test_an_apostrophe_is_curly_before_a_mark_and_at_the_end_of_a_word_too(tmp_path):
    title = 'title:\n  fr: "On parle d\'**image**, c\'est tout"\n  en: "Both groups\' slips"\n'
    text = title + 'sources:\n  - title: "L\'image"\n'

    value = read(write(tmp_path, text), Shape, root=tmp_path)

    assert value.title.fr == "On parle d’**image**, c’est tout"
    assert value.title.en == "Both groups’ slips"
    assert value.sources[0].title == "L’image"


def test_every_fault_is_named_with_its_line(tmp_path):
    found = faults(tmp_path, "title:\n  fr: ''\n  en: The sea\nsources:\n  - title: A\n    year: 12\n  - titel: B\n")

    assert [line for line, _reason in found] == [2, 6, 7, 7]
    assert found[0][1].startswith("title.fr: String should have at least 1 character")
    assert found[3][1] == "sources.1.titel: Extra inputs are not permitted"


BOMB = "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\ntitle: *c\n"


@pytest.mark.parametrize(
    ("content", "line", "reason"),
    [
        pytest.param(BOMB, 1, "anchors and aliases are not allowed", id="a billion laughs"),
        pytest.param("title: &t {fr: a, en: b}\n", 1, "anchors and aliases are not allowed", id="an anchor"),
        pytest.param("title:\n  <<: *t\n", 2, "anchors and aliases are not allowed", id="an alias"),
        pytest.param("title: !!python/object/apply:os.system [ls]\n", 1, "tags are not allowed", id="a python tag"),
        pytest.param("title: !!str words\n", 1, "tags are not allowed", id="a tag of yaml"),
        pytest.param(GOOD + "title:\n  fr: a\n  en: b\n", 4, "the key title is written twice", id="a double key"),
        pytest.param("title:\n  fr: a\n  fr: b\n  en: c\n", 3, "the key fr is written twice", id="a double key inside"),
        pytest.param("title: [1, 2\n", 2, "did not find expected ',' or ']'", id="broken"),
        pytest.param("title: " + "[" * 30 + "]" * 30 + "\n", 1, "the file is nested too deeply", id="deep"),
        pytest.param(b"title: \xff\xfe\n", 1, "the file is not UTF-8 text", id="not text"),
        pytest.param("x" * (LARGEST_FILE + 1), 1, "the file is larger than", id="huge"),
        pytest.param("- a\n- b\n", 1, "Input should be a valid dictionary", id="a list"),
        pytest.param("", 1, "Input should be a valid dictionary", id="empty"),
    ],
)
def test_a_hostile_or_broken_file_is_refused(tmp_path, content, line, reason):
    found = faults(tmp_path, content)

    assert found[0][0] == line
    assert reason in found[0][1]


def test_a_file_that_is_not_there_is_a_fault(tmp_path):
    with pytest.raises(CurriculumError, match=r"none\.yaml:1: the file is missing"):
        read(tmp_path / "none.yaml", Shape, root=tmp_path)


def test_a_link_and_a_path_out_of_the_folder_are_refused(tmp_path):
    outside = write(tmp_path, GOOD, "outside.yaml")
    root = tmp_path / "curriculum"
    root.mkdir()
    (root / "link.yaml").symlink_to(outside)
    (root / "inner.yaml").symlink_to(write(root, GOOD))

    for path in (root / "link.yaml", root / "inner.yaml", root / ".." / "outside.yaml"):
        with pytest.raises(CurriculumError, match="outside the curriculum"):
            read(path, Shape, root=root)


def test_plain_words_stay_words(tmp_path):
    """`no`, `on` and dates are text here, not a boolean and a day."""
    value = read(write(tmp_path, "title:\n  fr: no\n  en: 2026-01-01\n"), Shape, root=tmp_path)

    assert (value.title.fr, value.title.en) == ("no", "2026-01-01")


def test_a_line_is_that_of_the_place_or_of_what_is_around_it(tmp_path):
    node = read_document(write(tmp_path, GOOD + "sources:\n  - title: A\n  - title: B\n"), Shape, root=tmp_path).node

    assert line_of(node, ("title", "en")) == 3
    assert line_of(node, ("sources", 1, "title")) == 6
    assert line_of(node, ("sources", 1, "year")) == 6
    assert line_of(node, ("sources", 9)) == 4
    assert line_of(node, ()) == 1


def test_a_digest_changes_with_any_byte_and_with_the_order(tmp_path):
    one, two = write(tmp_path, "a: b\n", "one.yaml"), write(tmp_path, "a: c\n", "two.yaml")
    before = digest([one, two])

    assert digest([one, two]) == before
    assert digest([two, one]) != before
    write(tmp_path, "a: b \n", "one.yaml")
    assert digest([one, two]) != before
