import httpx
from label_studio_sdk import LabelStudio
from label_studio_sdk.errors import BadRequestError, NotFoundError

from people import URL, new_person
from sdk_test_case import A_YEAR, SdkTestCase, claims, with_each_token


def listed(token: str) -> str:
    """What the list shows of a token."""
    return token.rsplit(".", 1)[0]


@with_each_token
class Tokens(SdkTestCase):
    def setUp(self):
        super().setUp()
        self.token = self.person.tokens["personal"]
        # With a personal token the client has its access token from here on, whatever becomes of the other.
        self.client.users.whoami()

    def assertWorks(self, token: str):
        self.assertEqual(LabelStudio(base_url=URL, api_key=token).users.whoami().id, self.person.id)

    def assertIsRefused(self, token: str):
        with self.assertApiError(401) as caught:
            LabelStudio(base_url=URL, api_key=token).users.whoami()
        self.assertEqual(caught.body["detail"], "Token is blacklisted")

    def test_the_list_shows_a_token_without_its_signature(self):
        self.assertEqual([each.token for each in self.client.tokens.list()], [listed(self.token)])
        self.assertEqual([each.token for each in self.client.tokens.list(ordering="-id")], [listed(self.token)])

    def test_a_second_token_is_a_conflict(self):
        with self.assertApiError(409) as caught:
            self.client.tokens.create()
        expected = "You already have a valid token. Please revoke it before creating a new one."
        self.assertEqual(caught.body["detail"], expected)
        self.assertEqual(len(self.client.tokens.list()), 1)

    def test_a_token_is_created_once_the_other_is_revoked(self):
        self.client.tokens.blacklist(refresh=self.token)
        token = self.client.tokens.create().token
        payload = claims(token)
        self.assertEqual((payload["token_type"], payload["user_id"]), ("refresh", str(self.person.id)))
        self.assertEqual(payload["exp"] - payload["iat"], A_YEAR)
        self.assertEqual([each.token for each in self.client.tokens.list()], [listed(token)])
        self.assertWorks(token)

    def test_a_token_is_exchanged_for_an_access_token(self):
        access = self.client.tokens.refresh(refresh=self.token).access
        payload = claims(access)
        self.assertEqual((payload["token_type"], payload["user_id"]), ("access", str(self.person.id)))
        self.assertEqual(payload["exp"] - payload["iat"], 300)
        headers = {"Authorization": f"Bearer {access}"}
        answer = httpx.get(f"{URL}api/current-user/whoami", headers=headers)
        self.assertEqual(answer.json()["id"], self.person.id)
        self.assertNotEqual(self.client.tokens.refresh(refresh=self.token).access, access)

    def test_what_is_no_personal_token_is_not_exchanged(self):
        for token in ("xx", listed(self.token), self.token[:-2]):
            with self.assertApiError(401) as caught:
                self.client.tokens.refresh(refresh=token)
            self.assertEqual(caught.body["detail"], "Token is invalid")
        with self.assertApiError(401) as caught:
            self.client.tokens.refresh(refresh=self.client.tokens.refresh(refresh=self.token).access)
        self.assertEqual(caught.body["detail"], "Token has wrong type")
        with self.assertApiError(400) as caught:
            self.client.tokens.refresh(refresh="")
        self.assertEqual(caught.body["validation_errors"], {"refresh": ["This field may not be blank."]})

    def test_a_rotated_token_replaces_the_old_one(self):
        token = self.client.tokens.rotate(refresh=self.token).refresh
        self.assertEqual([each.token for each in self.client.tokens.list()], [listed(token)])
        self.assertWorks(token)
        self.assertIsRefused(self.token)
        with self.assertApiError(401) as caught:
            self.client.tokens.refresh(refresh=self.token)
        self.assertEqual(caught.body["detail"], "Token is blacklisted")

    def test_a_token_is_rotated_once(self):
        self.client.tokens.rotate(refresh=self.token)
        for token in (self.token, "xx"):
            with self.assertApiError(400, BadRequestError) as caught:
                self.client.tokens.rotate(refresh=token)
            expected = {"non_field_errors": ["Invalid refresh token"]}
            self.assertEqual(caught.body["validation_errors"], expected)
        self.assertEqual(len(self.client.tokens.list()), 1)

    def test_another_users_token_is_not_rotated(self):
        other = new_person()
        with self.assertApiError(400, BadRequestError):
            self.connect(other).tokens.rotate(refresh=self.token)
        self.assertWorks(self.token)

    def test_a_revoked_token_works_no_more(self):
        self.assertIsNone(self.client.tokens.blacklist(refresh=self.token))
        self.assertEqual(self.client.tokens.list(), [])
        self.assertIsRefused(self.token)

    def test_a_token_is_revoked_as_the_list_shows_it(self):
        self.client.tokens.blacklist(refresh=self.client.tokens.list()[0].token)
        self.assertEqual(self.client.tokens.list(), [])
        self.assertIsRefused(self.token)

    def test_a_token_is_revoked_once(self):
        self.client.tokens.blacklist(refresh=self.token)
        for token in (self.token, listed(self.token), "zzz"):
            with self.assertApiError(404, NotFoundError) as caught:
                self.client.tokens.blacklist(refresh=token)
            self.assertEqual(caught.body, {"detail": "Token is invalid or already blacklisted."})

    def test_another_users_token_is_not_revoked_by_what_lists_show(self):
        other = new_person()
        with self.assertApiError(404, NotFoundError):
            self.connect(other).tokens.blacklist(refresh=listed(self.token))
        self.assertWorks(self.token)

    def test_an_access_token_outlives_its_personal_token(self):
        access = self.client.tokens.refresh(refresh=self.token).access
        self.client.tokens.blacklist(refresh=self.token)
        headers = {"Authorization": f"Bearer {access}"}
        self.assertEqual(httpx.get(f"{URL}api/current-user/whoami", headers=headers).status_code, 200)
