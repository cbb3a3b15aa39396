"""Equal words lead to one place: where several cities call under one title, each link names its city (WCAG 2.4.4)."""

import re
from collections import defaultdict

from tests import factories
from tests.applications.joint import Seeker, joint

LINK = re.compile(r'<a\b[^>]*href="([^"#]+)"[^>]*>(.*?)</a>', re.DOTALL)


def places(page):
    """By the words of a link of the content, the pages to which they lead."""
    found = defaultdict(set)
    for href, inner in LINK.findall(page[page.index("<main") : page.index("</main>")]):
        found[re.sub(r"<[^>]+>|\s", "", inner)].add(href)
    return found


def test_links_to_equal_titles_of_several_cities_differ(sqlite_app):
    alike = {"content": factories.content(title="DX人材")}
    calls = joint(first=alike, second=alike)
    third = factories.opening(factories.organisation("kobe", "神戸市"), **alike)
    person = Seeker(sqlite_app, calls.first, calls.second).start().add(calls.second).fill()
    person.send()
    person.opening = third
    person.start()

    for url in ("/my/", person.url("choices"), "/"):
        assert {words: hrefs for words, hrefs in places(person.get(url)).items() if len(hrefs) > 1} == {}, url


def test_the_home_page_names_what_closes_together_in_a_campaign_in_one_line(sqlite_app):
    closes_at = factories.opening(factories.organisation("kobe", "神戸市")).closes_at
    calls = joint(first={"closes_at": closes_at}, second={"closes_at": closes_at})

    page = Seeker(sqlite_app, calls.first).get("/")
    soon = page[page.index('id="soon"') : page.index("</section>", page.index('id="soon"'))]

    assert soon.count("<li>") == 2
    assert f'href="/campaigns/{calls.campaign.slug}"' in soon
    assert "品川区・大阪市" in soon
