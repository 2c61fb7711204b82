"""The base class of all tests here; they run twice, with a token of each kind."""

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

A_YEAR = 365 * 24 * 60 * 60
"""The lifetime of a personal access token, in seconds."""


def claims(token: str) -> dict:
    """The payload of a JWT."""
    payload = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))


def with_each_token(tests: type) -> None:
    """Replaces a class by two: the same tests with a legacy and with a personal token."""
    module = sys.modules[tests.__module__]
    for kind in ("legacy", "personal"):
        name = f"{tests.__name__}With{kind.title()}Token"
        members = {"kind": kind, "__module__": tests.__module__, "__qualname__": name}
        setattr(module, name, type(name, (tests,), members))


class SdkTestCase(unittest.TestCase):
    """`client` is the SDK as `person`, a new member; `owner` is the SDK as the owner."""

    kind: str

    def setUp(self):
        self.person = new_person()
        self.client = self.connect(self.person)
        self.owner = connect_owner(self.kind)

    def connect(self, person: Person) -> LabelStudio:
        return LabelStudio(base_url=URL, api_key=person.tokens[self.kind])

    def request(
        self, method: str, path: str, body: dict | None = None, client: LabelStudio | None = None
    ) -> httpx.Response:
        """Sends a request for which the SDK has no method, by its HTTP client and credentials."""
        wrapper = (client or self.client)._client_wrapper
        return wrapper.httpx_client.request(path, method=method, json=body)

    @contextmanager
    def assertApiError(self, status: int, error: type[ApiError] = ApiError) -> Iterator["Refusal"]:
        """Asserts that an error of exactly this class is raised; afterwards its body is in `body`."""
        caught = CaughtError()
        with self.assertRaises(error) as caught:
            yield caught
        self.assertIs(type(caught.exception), error)
        self.assertEqual(caught.exception.status_code, status)
        caught.body = caught.exception.body


class CaughtError:
    body: dict
