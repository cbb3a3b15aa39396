"""What 基本情報 says to a postal code: the places that have it, and which of them fills the empty address. Pure."""

from dataclasses import dataclass

from app.jp import postal, text

UNKNOWN = "この郵便番号の住所が見つかりませんでした。住所を入力してください"


@dataclass(frozen=True)
class Found:
    """The places of the postal code that was typed; none of an unknown one."""

    places: list[str]
    address: str = ""  # what stands in its box

    @property
    def is_blank(self) -> bool:
        return not self.address

    @property
    def other(self) -> str | None:
        """The one place of the code, where something else stands in the address."""
        is_other = len(self.places) == 1 and self.address and not self.address.startswith(self.places[0])
        return self.places[0] if is_other else None

    @property
    def choices(self) -> list[str]:
        return self.places if self.is_blank and len(self.places) > 1 else []

    @property
    def message(self) -> str:
        if not self.places:
            return UNKNOWN
        if len(self.places) > 1:
            return "この郵便番号の町名はいくつかあります。" if self.is_blank else ""
        more = "続けて番地と建物名を入力してください。" if self.address in ("", self.places[0]) else ""
        return f"この郵便番号の住所は「{self.places[0]}」です。{more}"


def find(postal_code: str | None, address: str | None) -> Found | None:
    """Find the places of a postal code as typed; None when it is no postal code."""
    code = text.postal_code(postal_code or "")
    return Found(postal.places(code), (address or "").strip()) if code else None


def replaced(fields: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Put the one place of the postal code in the stead of another address, as its button said."""
    typed = dict(fields)
    found = find(typed.get("postal_code"), typed.get("address"))
    return _with_address(fields, found.other) if found and found.other else fields


def filled(fields: list[tuple[str, str]], chosen: str) -> list[tuple[str, str]]:
    """Put the one place (or the chosen one) of the postal code into the address; what a person typed there stays."""
    typed = dict(fields)
    found = find(typed.get("postal_code"), typed.get("address"))
    if found is None or not found.is_blank:
        return fields
    place = chosen if chosen in found.places else found.places[0] if len(found.places) == 1 else ""
    return _with_address(fields, place)


def _with_address(fields: list[tuple[str, str]], place: str) -> list[tuple[str, str]]:
    return [*((name, value) for name, value in fields if name != "address"), ("address", place)]
