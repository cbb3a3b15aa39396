import gzip

from flask import Flask

STYLES = "/static/css/components.css"


def test_styles_travel_compressed_to_who_can_read_it(sqlite_app: Flask) -> None:
    client = sqlite_app.test_client()
    plain = client.get(STYLES)
    small = client.get(STYLES, headers={"Accept-Encoding": "gzip"})

    assert gzip.decompress(small.data) == plain.data
    assert (plain.headers.get("Content-Encoding"), small.headers["Content-Encoding"]) == (None, "gzip")
    assert len(small.data) * 3 < len(plain.data)
    assert int(small.headers["Content-Length"]) == len(small.data)
    assert ["Accept-Encoding" in one.vary for one in (plain, small)] == [True, True]


def test_pages_with_form_tokens_are_never_compressed(sqlite_app: Flask) -> None:
    page = sqlite_app.test_client().get("/openings", headers={"Accept-Encoding": "gzip"})

    assert "Content-Encoding" not in page.headers
