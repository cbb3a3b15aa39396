from types import SimpleNamespace

from app.openings.form_parts import fresh_keys


def test_keys_stay_once_each_and_new_entries_get_the_next_free_one() -> None:
    assert fresh_keys(["career", "", None], "document_") == ["career", "document_1", "document_2"]
    assert fresh_keys(["document_1", ""], "document_") == ["document_1", "document_2"]
    assert fresh_keys(["career", "career"], "document_") == ["career", "document_1"]
    gone = [SimpleNamespace(key="question_1"), SimpleNamespace(key="question_2")]
    assert fresh_keys(["question_1", ""], "question_", gone) == ["question_1", "question_3"]
    assert fresh_keys(["<b>", "Ａ"], "item_") == ["item_1", "item_2"]
