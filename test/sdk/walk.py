"""What all tests here share: they are run twice, with a token of each kind."""

import base64
import json
import sys
import unittest
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
from label_studio_sdk import LabelStudio
from label_studio_sdk.core.api_error import ApiError

from people import URL, Person, connect_owner, new_person

TWO_HUNDRED_YEARS = 200 * 365 * 24 * 60 * 60
"""How long a personal access token lives, in seconds."""


def claims(token: str) -> dict:
    """What a JWT says."""
    payload = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))


def with_each_token(tests: type) -> None:
    """Puts two classes in place of this one: the same tests with a legacy and with a personal token."""
    module = sys.modules[tests.__module__]
    for kind in ("legacy", "personal"):
        name = f"{tests.__name__}With{kind.title()}Token"
        members = {"kind": kind, "__module__": tests.__module__, "__qualname__": name}
        setattr(module, name, type(name, (tests,), members))


class Walk(unittest.TestCase):
    """`client` is the SDK as `person`, who is new and an ordinary member; `owner` is the SDK as the owner."""

    kind: str

    def setUp(self):
        self.person = new_person()
        self.client = self.connect(self.person)
        self.owner = connect_owner(self.kind)

    def connect(self, person: Person) -> LabelStudio:
        return LabelStudio(base_url=URL, api_key=person.tokens[self.kind])

    def by_hand(
        self, method: str, path: str, body: dict | None = None, client: LabelStudio | None = None
    ) -> httpx.Response:
        """A request that the SDK has no method for, with its own client and credentials."""
        wrapper = (client or self.client)._client_wrapper
        return wrapper.httpx_client.request(path, method=method, json=body)

    @contextmanager
    def refused(self, status: int, error: type[ApiError] = ApiError) -> Iterator["Refusal"]:
        """Expects an error of exactly this class, and gives what its `body` can be read from afterwards."""
        refusal = Refusal()
        with self.assertRaises(error) as caught:
            yield refusal
        self.assertIs(type(caught.exception), error)
        self.assertEqual(caught.exception.status_code, status)
        refusal.body = caught.exception.body


class Refusal:
    body: dict
