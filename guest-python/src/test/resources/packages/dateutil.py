from datetime import datetime, timedelta

from dateutil import parser, relativedelta, rrule, tz

print(parser.parse("Thu, 25 Sep 2003 10:49:41 -0300"), parser.isoparse("2024-02-29T12:00:01.5Z"))
print(datetime(2024, 1, 31) + relativedelta.relativedelta(months=1, weekday=relativedelta.MO))
print(list(rrule.rrulestr("DTSTART:20240101T090000\nRRULE:FREQ=MONTHLY;BYDAY=-1FR;COUNT=3")))
berlin = tz.gettz("Europe/Berlin")
before = datetime(2024, 3, 31, 1, 30, tzinfo=berlin)
print(before.utcoffset(), (before + timedelta(hours=2)).utcoffset(), tz.resolve_imaginary(
    datetime(2024, 3, 31, 2, 30, tzinfo=berlin)))
try:
    parser.parse("no date")
except parser.ParserError as error:
    print(error)
