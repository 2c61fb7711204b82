import asyncio

from label_studio_sdk import AsyncLabelStudio, LabelStudio
from label_studio_sdk.errors import BadRequestError, UnauthorizedError

from people import PREFIXED_URL, URL, new_email, owner
from sdk_test_case import SdkTestCase, with_each_token


@with_each_token
class Addresses(SdkTestCase):
    def test_slashes_at_the_end_of_the_address_do_not_matter(self):
        for url in (URL.rstrip("/"), URL):
            client = LabelStudio(base_url=url, api_key=self.person.tokens[self.kind])
            self.assertEqual(client.users.whoami().id, self.person.id)
            self.assertEqual(client.organizations.get(id=1).id, 1)

    def test_a_server_under_a_prefix_is_used_in_the_same_way(self):
        self.assertTrue(PREFIXED_URL.endswith("/labels/"))
        someone = owner(PREFIXED_URL)
        client = LabelStudio(base_url=PREFIXED_URL, api_key=someone.tokens[self.kind])
        self.assertEqual(client.users.whoami().email, someone.email)
        self.assertEqual(client.users.update(id=someone.id, first_name="Ann").first_name, "Ann")
        client.users.create(username="bob", email=new_email())
        pages = client.organizations.members.list(id=1, page_size=1)
        self.assertTrue(pages.response.next.startswith(PREFIXED_URL), pages.response.next)
        self.assertCountEqual([each.user.id for each in pages], [user.id for user in client.users.list()])
        self.assertEqual(len(client.tokens.list()), 1)


@with_each_token
class Keys(SdkTestCase):
    def assertRefused(self, key: str):
        client = LabelStudio(base_url=URL, api_key=key)
        with self.assertApiError(401) as caught:
            client.users.whoami()
        self.assertEqual(caught.body["status_code"], 401)

    def test_a_wrong_key_is_unauthorized(self):
        key = self.person.tokens[self.kind]
        self.assertRefused(key[:-4] + ("aaaa" if key[-4:] != "aaaa" else "bbbb"))

    def test_any_other_key_is_unauthorized(self):
        self.assertRefused("nope")
        with self.assertApiError(401, UnauthorizedError):
            LabelStudio(base_url=URL, api_key="nope").users.get_hotkeys()

    def test_x_api_key_accepts_a_legacy_token_only(self):
        key = self.person.tokens[self.kind]
        client = LabelStudio(base_url=URL, api_key=key, headers={"X-API-Key": key})
        if self.kind == "legacy":
            self.assertEqual(client.users.whoami().id, self.person.id)
            self.assertEqual(client.users.update(id=self.person.id, first_name="Ann").first_name, "Ann")
        else:
            # The SDK sends the access token in it, which is for Bearer.
            with self.assertApiError(401):
                client.users.whoami()


@with_each_token
class Asynchronous(SdkTestCase):
    def setUp(self):
        super().setUp()
        self.asynchronous = AsyncLabelStudio(base_url=URL, api_key=self.person.tokens[self.kind])

    def test_methods_answer_as_those_of_the_other_client(self):
        async def exercise(client: AsyncLabelStudio):
            self.assertEqual(await client.users.whoami(), self.client.users.whoami())
            changed = await client.users.update(id=self.person.id, first_name="Ann")
            self.assertEqual(changed, self.client.users.get(id=self.person.id))
            self.assertEqual(await client.users.list(), self.client.users.list())
            self.assertEqual(await client.tokens.list(), self.client.tokens.list())
            self.assertEqual(await client.organizations.get(id=1), self.client.organizations.get(id=1))
            self.assertEqual((await client.versions.get()).edition, "Community")

        asyncio.run(exercise(self.asynchronous))

    def test_the_loop_over_members_ends(self):
        async def exercise(client: AsyncLabelStudio):
            return [each.user.id async for each in await client.organizations.members.list(id=1, page_size=5)]

        self.assertCountEqual(asyncio.run(exercise(self.asynchronous)), self.client.organizations.get(id=1).users)

    def test_refusals_are_raised(self):
        async def exercise(client: AsyncLabelStudio):
            with self.assertApiError(400, BadRequestError):
                await client.users.update_hotkeys(custom_hotkeys={"nosection": {"key": "a"}})
            with self.assertApiError(404):
                await client.users.get(id=999_999)

        asyncio.run(exercise(self.asynchronous))
