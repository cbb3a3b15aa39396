"""A question that several openings ask alike, answered for each by itself: what stands in its boxes. Pure."""

from app.applications.choices import Calls, apart_slot

Fields = list[tuple[str, str]]


def turned(calls: Calls, fields: Fields, slot: str) -> tuple[Fields, list[str]]:
    """Part a shared question or put it together again; give the fields with the text in its boxes, and what is apart.

    Parted, each box begins with the shared text; together, the text of the first opening stands.
    """
    asking = [call for call in calls.calls if slot in calls.slots(call.content.questions).values()]
    if calls.campaign is None or not asking:
        return fields, sorted(calls.apart)
    shared, own = f"answer_{slot}", [f"answer_{apart_slot(slot, call)}" for call in asking]
    typed = dict(fields)
    if slot in calls.apart:
        return _with(fields, [shared], typed.get(own[0], "")), sorted(calls.apart - {slot})
    return _with(fields, own, typed.get(shared, "")), sorted(calls.apart | {slot})


def _with(fields: Fields, names: list[str], text: str) -> Fields:
    return [(name, value) for name, value in fields if name not in names] + [(name, text) for name in names]
