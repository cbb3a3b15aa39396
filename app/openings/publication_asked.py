"""One item of the list before publication, and the items about what candidates are asked (F-03, F-07)."""

from collections.abc import Iterator
from dataclasses import dataclass

from app.openings.content import CriterionKind, OpeningContent
from app.openings.fairness import findings, is_never_asked


@dataclass(frozen=True)
class Item:
    """Something to mend: the rule it comes from, the section of the editor, the sentence, whether it blocks."""

    rule: str
    section: str
    text: str
    blocks: bool = True


def asked_items(content: OpeningContent) -> Iterator[Item]:
    """List what candidates must not be asked, and warn of words that point to it."""
    for document in content.documents:
        if is_never_asked(document.label):
            yield Item("F-07", "asked", f"「{document.label}」は内定の前に求められません")
    for section, name, text in _texts(content):
        for found in findings(text):
            words = f"{name}に「{found.word}」があります（{found.topic}）。職務に必要か確かめてください"
            yield Item("F-03", section, words, blocks=False)


def _texts(content: OpeningContent) -> Iterator[tuple[str, str, str]]:
    for question in content.questions:
        yield "asked", f"設問「{question.label}」", f"{question.label}\n{question.hint}"
    for document in content.documents:
        yield "asked", f"提出書類「{document.label}」", document.hint
    for criterion in content.criteria:
        is_own_word = criterion.kind is CriterionKind.NATIONALITY  # a kind that the form itself offers
        label = criterion.label.replace("国籍", "") if is_own_word else criterion.label
        yield "criteria", f"応募資格「{criterion.label}」", label
    for stage in content.stages:
        anchors = (level.anchor for item in stage.rubric for level in item.levels)
        labels = (item.label for item in stage.rubric)
        yield "stages", f"選考段階「{stage.name}」", "\n".join((stage.method, *labels, *anchors))
