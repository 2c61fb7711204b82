"""The server under test and its users."""

import functools
import itertools
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import httpx
from label_studio_sdk import LabelStudio

URL = os.environ["ATELIER_URL"]
PREFIXED_URL = os.environ["ATELIER_PREFIXED_URL"]
PASSWORD = os.environ["ATELIER_PASSWORD"]

numbers = itertools.count(1)


@dataclass(frozen=True)
class Person:
    id: int
    email: str
    tokens: dict[str, str]
    """`legacy` and `personal`."""


@functools.cache
def owner(url: str = URL) -> Person:
    """The owner of the organization."""
    legacy = os.environ["ATELIER_TOKEN"]
    client = LabelStudio(base_url=url, api_key=legacy)
    tokens = {"legacy": legacy, "personal": client.tokens.create().token}
    return Person(client.users.whoami().id, os.environ["ATELIER_EMAIL"], tokens)


@functools.cache
def connect_owner(kind: str) -> LabelStudio:
    return LabelStudio(base_url=URL, api_key=owner().tokens[kind])


def new_email() -> str:
    return f"person{next(numbers)}@example.com"


def new_person() -> Person:
    """Creates a member with a token of each kind."""
    email = new_email()
    users = connect_owner("legacy").users
    created = users.create(username=email.split("@")[0], email=email, password=PASSWORD)
    with log_in(email) as browser:
        legacy = browser.get("/api/current-user/token").json()["token"]
        personal = browser.post("/api/token/").json()["token"]
    return Person(created.id, email, {"legacy": legacy, "personal": personal})


@contextmanager
def log_in(email: str, password: str = PASSWORD) -> Iterator[httpx.Client]:
    """Yields a browser with a session of this user."""
    with httpx.Client(base_url=URL) as browser:
        answer = browser.post("/user/login/", data={"email": email, "password": password})
        assert answer.status_code == 303, f"{email} can't log in: {answer.status_code}"
        yield browser
