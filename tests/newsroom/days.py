"""Dates as newsrooms write them: counted in working days before the server's start, in the article's language.

Articles hold placeholders such as `{6:weekday}`: the sixth working day before the start. Counting working days
keeps every story on a day on which companies publish, whatever day the server starts on.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

_WEEKDAYS = {
    "en": "Monday Tuesday Wednesday Thursday Friday",
    "fr": "lundi mardi mercredi jeudi vendredi",
    "de": "Montag Dienstag Mittwoch Donnerstag Freitag",
    "es": "lunes martes miércoles jueves viernes",
    "it": "lunedì martedì mercoledì giovedì venerdì",
    "pt": "segunda-feira terça-feira quarta-feira quinta-feira sexta-feira",
    "nl": "maandag dinsdag woensdag donderdag vrijdag",
    "ja": "月曜日 火曜日 水曜日 木曜日 金曜日",
    "zh": "周一 周二 周三 周四 周五",
}
_MONTHS = {
    "en": "January February March April May June July August September October November December",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "pt": "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
    "nl": "januari februari maart april mei juni juli augustus september oktober november december",
    "ja": "1月 2月 3月 4月 5月 6月 7月 8月 9月 10月 11月 12月",
    "zh": "1月 2月 3月 4月 5月 6月 7月 8月 9月 10月 11月 12月",
}
_DAY = {
    "en": "{month} {day}",
    "fr": "{day} {month}",
    "de": "{day}. {month}",
    "es": "{day} de {month}",
    "it": "{day} {month}",
    "pt": "{day} de {month}",
    "nl": "{day} {month}",
    "ja": "{month}{day}日",
    "zh": "{month}{day}日",
}
_LONG = {"en": "{of_day}, {year}", "es": "{of_day} de {year}", "pt": "{of_day} de {year}", "ja": "{year}年{of_day}"}
_LONG |= {"zh": _LONG["ja"]} | dict.fromkeys(("fr", "de", "it", "nl"), "{of_day} {year}")
_PLACEHOLDER = re.compile(r"\{(\d+):(weekday|day|long)\}")
_FRIDAY = 4


def working_day(start: date, days_ago: int) -> date:
    """The working day so many working days before the start; a start on a weekend counts as its Friday."""
    day = start - timedelta(days=max(0, start.weekday() - _FRIDAY))
    weeks, rest = divmod(days_ago, 5)
    day -= timedelta(days=7 * weeks)
    for _ in range(rest):
        day -= timedelta(days=3 if day.weekday() == 0 else 1)
    return day


def written(day: date, form: str, language: str) -> str:
    """The day as a newsroom of that language writes it: weekday, day (no year) or long."""
    if form == "weekday":
        return _WEEKDAYS[language].split()[day.weekday()]
    number = "1er" if language == "fr" and day.day == 1 else day.day
    of_day = _DAY[language].format(day=number, month=_MONTHS[language].split()[day.month - 1])
    return of_day if form == "day" else _LONG[language].format(of_day=of_day, year=day.year)


def fill(text: str, start: date, language: str) -> str:
    """The text with its date placeholders written out."""
    return _PLACEHOLDER.sub(
        lambda found: written(working_day(start, int(found[1])), found[2], language),
        text,
    )
