"""The paper of a version says what its page says, who drafted and adopted it, and which file it was made from."""

from pioneer.rulebook.models import RulebookVersion
from pioneer.rulebook.printing import regulation_content, regulation_pdf
from pioneer.rulebook.queries import parsed
from pioneer.rulebook.regulation import chapters
from pioneer.rulebook.supplement_queries import annexes
from tests.papers.reading import words_of
from tests.rulebook.local import PATROL, TALK, added
from tests.world import SUPPLEMENT, World, adopt_rulebook

UNSAID = "原文未载，待本级党组织确认"


def test_the_paper_holds_every_sentence_and_every_mark(world: World) -> None:
    version = adopt_rulebook(world)
    said = words_of(regulation_pdf(version))
    listed = chapters(parsed(version))
    marks = 1  # the legend shows one
    for chapter in listed:
        assert f"{chapter.number}{chapter.title}" in said
        for article in chapter.articles:
            for sentence in article.sentences:
                assert "".join(sentence.text.split()) in said
            for row in article.rows:
                assert row.code in said and "".join(row.name.split()) in said
            marks += sum(sentence.assumed for sentence in article.sentences)
            marks += sum(row.item_assumed + (row.value_assumed and bool(row.value)) for row in article.rows)
    assert said.count(UNSAID) == marks


def test_the_paper_names_who_drafted_and_adopted_and_the_fingerprint(world: World) -> None:
    version = adopt_rulebook(world)
    said = words_of(regulation_pdf(version))
    for words in ("清河示范区", "第1版", "自2019年1月1日起施行", "起草郝建国", "采用宁静", version.digest):
        assert words in said, words
    assert "草案" not in said


def test_a_draft_says_that_it_is_one_and_leaves_room_for_who_adopts(world: World) -> None:
    version = adopt_rulebook(world)
    made = RulebookVersion.objects.create(
        district=world.district, number=2, name=version.name, text=version.text, digest=version.digest,
        valid_from=version.valid_from, drafted_by_number=version.drafted_by_number, drafted_at=version.drafted_at,
    )  # fmt: skip
    content = regulation_content(made)
    assert content["version"] == "第2版（草案）"
    assert content["signatures"][1] == {"role": "采用", "name": "", "date": ""}


def test_the_head_follows_what_the_version_says_of_itself(world: World) -> None:
    """The rest of the walk over every key: what stands at the head and the foot."""
    version = adopt_rulebook(world)
    before = regulation_content(version)
    assert before["note"] == parsed(version).meta.note != ""
    assert before["title"] == version.name and before["district"] == version.district.name


def test_what_a_branch_added_stands_on_the_paper_as_an_annex(world: World) -> None:
    adopt_rulebook(world, more=SUPPLEMENT)
    made = added(world, PATROL, TALK)
    version = made.version
    assert "附录" not in words_of(regulation_pdf(version))
    said = words_of(regulation_pdf(version, annexes(version, [made.branch_id])))
    whose = f"{made.branch.name}补充指标"
    for words in ("附录", whose, "参加古树巡护", "为社区学堂讲课", "自2026年2月1日起", "会议记录第1号"):
        assert "".join(words.split()) in said, words
