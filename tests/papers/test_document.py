"""The award document as values: the sums over its sections, and when it has a salt."""

from dataclasses import replace

import pytest

from tests.papers.sample_document import award_document, of_two


def test_the_total_is_the_sum_of_the_awards_of_every_section() -> None:
    assert award_document().total == 10_000_000
    assert of_two().total == 10_000_000 + 4_000_000
    assert [award.code for award in of_two().awards] == ["T-417", "T-418", "T-419", "D-001"]


def test_a_section_is_headed_by_its_name_where_there_is_another() -> None:
    document = replace(of_two(), sections=of_two().sections[:1])
    assert document.sections[0].name and document.heading(document.sections[0]) == ""
    assert [of_two().heading(section) for section in of_two().sections] == ["Phim ngắn", "Phóng sự <ảnh>"]


def test_every_section_is_changed() -> None:
    changed = of_two().with_sections(lambda section: replace(section, standings=()))
    assert [(section.key, section.standings) for section in changed.sections] == [("PN", ()), ("PS", ())]


@pytest.mark.parametrize("draft,salt", [(True, "c0de" * 8), (False, "")])
def test_a_confirmed_document_has_a_salt_and_a_draft_has_none(draft: bool, salt: str) -> None:
    with pytest.raises(ValueError, match="a confirmed award document has a salt, a draft has none"):
        replace(award_document(draft=draft), salt=salt)
