"""Every animal of the zoo gets its exact answer, each looked into by a child process of its own (U1 to U6)."""

import time

import pytest

from app.files.inspection import inspect
from app.files.kinds import DOCX, JPEG, PDF, PNG
from app.files.verdict import Caps, RefusedFile
from tests.files.zoo import ZOO, Animal

CAPS = Caps(bytes=10 * 1024 * 1024, pages=50)


@pytest.mark.parametrize("animal", ZOO, ids=lambda one: one.what)
def test_every_animal_gets_its_answer(animal: Animal) -> None:
    content, began = animal.content(), time.monotonic()
    try:
        seen = inspect(animal.name, content, (PDF, DOCX, JPEG, PNG), CAPS)
        answer = seen.size or seen.pages
    except RefusedFile as refused:
        answer = refused.message

    assert answer == animal.answer
    assert time.monotonic() - began < 15


def test_no_two_animals_are_the_same() -> None:
    assert len({(one.name, one.what) for one in ZOO}) == len(ZOO) >= 100
