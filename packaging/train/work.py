"""Ordinary work of a handler: texts, documents, records, tables, times."""

import base64
import collections
import csv
import datetime
import functools
import hashlib
import html
import io
import itertools
import json
import re
import string
import urllib.parse

LINE = re.compile(r'(?P<ip>[\d.]+) - (?P<user>\S+) \[(?P<when>[^\]]+)\] "(?P<verb>\w+) (?P<path>\S+)" (?P<status>\d{3})')
LINES = [f'10.0.0.{i} - user{i} [30/Nov/2026:10:{i:02}:00 +0000] "GET /path/{i}?a={i}&b=x%20y" {200 + i % 5}' for i in range(5)]
USERS = [{"name": f"some user {i}", "age": i, "active": i % 3 != 0, "tags": ["x", "yy", f"z{i}"]} for i in range(5)]
PAGE = string.Template("<li class='$kind'>$name ($age)</li>")


class Item:
    __slots__ = ("name", "price", "quantity")

    def __init__(self, name, price, quantity):
        self.name = name
        self.price = price
        self.quantity = quantity

    @property
    def total(self):
        return self.price * self.quantity

    def __repr__(self):
        return f"{self.__class__.__name__}({self.name!r}, {self.price:.2f}, {self.quantity})"


@functools.lru_cache(maxsize=16)
def word(number):
    return "word%d" % number


def documents():
    users = json.loads(json.dumps(USERS))
    for user in users:
        user["age"] += 1
        user.setdefault("seen", None)
    return json.dumps({user["name"]: user for user in users}, sort_keys=True)


def lines():
    found = collections.Counter()
    for line in LINES:
        match = LINE.match(line)
        fields = match.groupdict()
        found[fields["status"]] += 1
        query = urllib.parse.parse_qs(urllib.parse.urlsplit(fields["path"]).query)
        found.update(query.keys())
        datetime.datetime.strptime(fields["when"], "%d/%b/%Y:%H:%M:%S %z").isoformat()
    return found.most_common(2), re.sub(r"\d+", lambda match: match[0][::-1], LINES[0])


def records():
    items = [Item(f"item {i}", i * 1.5, i % 7) for i in range(30)]
    items.sort(key=lambda item: (-item.total, item.name))
    groups = collections.defaultdict(list)
    for item in items:
        groups[item.quantity].append(item.name)
    return [f"{key}: {', '.join(names)}" for key, names in sorted(groups.items())], items[0]


def tables():
    file = io.StringIO()
    writer = csv.writer(file)
    for user in USERS:
        writer.writerow(user.values())
    file.seek(0)
    return list(csv.DictReader(file, fieldnames=["name", "age", "active", "tags"]))


def texts():
    page = "\n".join(PAGE.substitute(user, kind=word(i % 2)) for i, user in enumerate(USERS))
    digest = hashlib.sha256(page.encode()).hexdigest()
    return base64.b64encode(digest.encode()), html.escape(page).upper().split("&"), page.title().strip()


def numbers():
    def chain(limit):
        yield from itertools.takewhile(lambda n: n < limit, itertools.count())

    try:
        return {}["x"]
    except KeyError as e:
        total = sum(x * x for x in chain(50) if x % 3)
        return str(e), total, max(chain(9)), 2**70 % 97, [*zip("abc", reversed(range(3)))], {*chain(5)} - {1, 2}


def everything():
    return [part() for part in (documents, lines, records, tables, texts, numbers)]
