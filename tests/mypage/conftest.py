"""A city with an opening, on both databases; a module that needs only one overrides `city`."""

import pytest

from tests import factories


@pytest.fixture
def city(app):
    return factories.organisation()


@pytest.fixture
def opening(city):
    return factories.opening(city)
