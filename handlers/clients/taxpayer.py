"""What taxes ask about a client: the attributes that rules depend on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Literal, get_args

from engine.errors import InvalidInput

VatKind = Literal["general", "small_scale"]
LegalForm = Literal["company", "individual_business", "partnership"]
Place = Literal["city", "town", "elsewhere"]

_CHOICES: Mapping[str, tuple[str, ...]] = {
    "vat": get_args(VatKind),
    "legal_form": get_args(LegalForm),
    "place": get_args(Place),
}


@dataclass(frozen=True, slots=True)
class Taxpayer:
    """A client as a taxpayer. `place` sets the rate of 城建税: city 7 %, county or town 5 %, elsewhere 1 %.

    `stamp_by_quarter` is for a client registered for stamp tax by quarter, `monthly_statements` for one whose
    tax office takes statements every month. The other flags switch obligations on.
    """

    name: str
    credit_code: str
    vat: VatKind = "small_scale"
    legal_form: LegalForm = "company"
    place: Place = "city"
    small_low_profit: bool = True
    withholds_wages: bool = True
    monthly_vat: bool = False
    monthly_statements: bool = False
    stamp_by_quarter: bool = True
    owns_property: bool = False
    cultural_fee: bool = False
    union_fee: bool = False
    employs: bool = True

    @property
    def halved_levies(self) -> bool:
        """Tell whether the six taxes and two levies are halved (财政部 税务总局公告2023年第12号)."""
        return self.vat == "small_scale" or self.small_low_profit or self.legal_form == "individual_business"


def read_taxpayer(profile: Mapping[str, Any]) -> Taxpayer:
    """Make a taxpayer from a client's profile, unknown keys left aside; InvalidInput names a wrong value."""
    known = {field.name for field in fields(Taxpayer)}
    for name in ("name", "credit_code"):
        if not isinstance(profile.get(name), str):
            raise InvalidInput(f"The client's profile has no {name}; fill it in on the client's page.")
    for name, choices in _CHOICES.items():
        if name in profile and profile[name] not in choices:
            raise InvalidInput(
                f"The client's {name} is {profile[name]!r}; it must be one of {', '.join(choices)}."
            )
    flags = [field.name for field in fields(Taxpayer) if field.type == "bool"]
    for name in flags:
        if name in profile and not isinstance(profile[name], bool):
            raise InvalidInput(f"The client's {name} is {profile[name]!r}; it must be true or false.")
    return Taxpayer(**{name: value for name, value in profile.items() if name in known})
