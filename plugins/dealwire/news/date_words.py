"""Names of months and time zones as feeds in our nine languages write them."""

from __future__ import annotations

from collections.abc import Mapping

_MONTH_NAMES = (
    "jan january janv janvier januar jänner janner jän januari ene enero gen gennaio janeiro",
    "feb february févr fevr fév fevrier février februar februari febrero febbraio fevereiro fev",
    "mar march mars märz marz mär mrz maart mrt marzo março marco",
    "apr april avr avril abr abril aprile",
    "may mai mei mayo mag maggio maio",
    "jun june juin juni junio giu giugno junho",
    "jul july juil juillet juli julio lug luglio julho",
    "aug august août aout augustus ago agosto",
    "sep sept september septembre septiembre set setiembre settembre setembro",
    "oct october octobre okt oktober octubre ott ottobre out outubro",
    "nov november novembre noviembre novembro",
    "dec december déc décembre decembre dez dezember dic diciembre dicembre dezembro",
)
MONTHS: Mapping[str, int] = {name: number for number, names in enumerate(_MONTH_NAMES, 1) for name in names.split()}

# Languages whose writers put the day before the month.
DAY_FIRST = frozenset({"fr", "de", "es", "it", "pt", "nl"})

# Hours east of Greenwich. IST is India's: no feed met so far means Ireland or Israel by it.
ZONES: Mapping[str, float] = {
    "z": 0, "utc": 0, "ut": 0, "gmt": 0, "wet": 0, "west": 1, "bst": 1, "cet": 1, "mez": 1, "met": 1, "cest": 2,
    "mesz": 2, "mest": 2, "eet": 2, "eest": 3, "sast": 2, "msk": 3, "trt": 3, "ist": 5.5, "pkt": 5, "wib": 7,
    "ict": 7, "hkt": 8, "sgt": 8, "myt": 8, "pht": 8, "awst": 8, "jst": 9, "kst": 9, "acst": 9.5, "acdt": 10.5,
    "aest": 10, "aedt": 11, "nzst": 12, "nzdt": 13, "nst": -3.5, "ndt": -2.5, "ast": -4, "adt": -3, "est": -5,
    "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7, "akst": -9, "akdt": -8, "hst": -10,
    "brt": -3, "art": -3, "clt": -4,
}  # fmt: skip

# Names that mean winter or summer time as the date says.
REGIONS: Mapping[str, str] = {
    "et": "America/New_York",
    "ct": "America/Chicago",
    "mt": "America/Denver",
    "pt": "America/Los_Angeles",
}
