from datetime import datetime

import pytz

berlin = pytz.timezone("Europe/Berlin")
print(berlin.localize(datetime(2024, 7, 1, 12)).astimezone(pytz.utc), pytz.country_names["de"])
try:
    berlin.localize(datetime(2024, 3, 31, 2, 30), is_dst=None)
except pytz.NonExistentTimeError as error:
    print(type(error).__name__, error)
