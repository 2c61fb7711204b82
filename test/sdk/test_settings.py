from datetime import datetime

from label_studio_sdk import LabelStudio

from people import connect_owner, new_person
from sdk_test_case import A_YEAR, SdkTestCase, claims, with_each_token


@with_each_token
class TokenSettings(SdkTestCase):
    def setUp(self):
        super().setUp()
        self.other = connect_owner("personal" if self.kind == "legacy" else "legacy")

    def switch(self, client: LabelStudio, **switches: bool):
        return client.jwt_settings.update(api_token_ttl_days=30, **switches)

    def test_both_kinds_of_tokens_are_on(self):
        settings = self.client.jwt_settings.get()
        self.assertIs(settings.api_tokens_enabled, True)
        self.assertIs(settings.legacy_api_tokens_enabled, True)

    def test_a_kind_that_is_switched_off_works_no_more_until_it_is_on_again(self):
        switch = "legacy_api_tokens_enabled" if self.kind == "legacy" else "api_tokens_enabled"
        self.addCleanup(self.switch, self.other, **{switch: True})
        self.client.users.whoami()
        settings = self.switch(self.client, **{switch: False})
        self.assertIs(getattr(settings, switch), False)
        self.assertEqual(self.other.jwt_settings.get(), settings)
        with self.assertApiError(401):
            self.client.users.whoami()
        self.switch(self.other, **{switch: True})
        self.assertEqual(self.client.users.whoami().id, self.person.id)

    def test_a_switch_that_is_not_sent_stays(self):
        self.addCleanup(self.switch, self.client, legacy_api_tokens_enabled=True, api_tokens_enabled=True)
        off = "api_tokens_enabled" if self.kind == "legacy" else "legacy_api_tokens_enabled"
        on = "legacy_api_tokens_enabled" if self.kind == "legacy" else "api_tokens_enabled"
        self.switch(self.client, **{off: False})
        settings = self.switch(self.client, **{on: True})
        self.assertIs(getattr(settings, off), False)
        self.assertEqual(self.client.jwt_settings.get(), settings)

    def test_the_lifetime_that_is_always_sent_changes_nothing(self):
        self.client.jwt_settings.update(api_token_ttl_days=1)
        payload = claims(new_person().tokens["personal"])
        self.assertEqual(payload["exp"] - payload["iat"], A_YEAR)


@with_each_token
class SessionPolicy(SdkTestCase):
    def setUp(self):
        super().setUp()
        before = self.client.session_policy.get()
        self.addCleanup(
            self.client.session_policy.update,
            max_session_age=before.max_session_age,
            max_time_between_activity=before.max_time_between_activity,
        )

    def test_sessions_last_eight_days_and_three_without_a_request(self):
        policy = self.client.session_policy.get()
        self.assertEqual((policy.max_session_age, policy.max_time_between_activity), (11_520, 4_320))
        self.assertIsInstance(policy.created_at, datetime)
        self.assertIsInstance(policy.updated_at, datetime)

    def test_what_is_not_sent_stays(self):
        changed = self.client.session_policy.update(max_session_age=20_160)
        self.assertEqual((changed.max_session_age, changed.max_time_between_activity), (20_160, 4_320))
        self.client.session_policy.update(max_time_between_activity=7_200)
        stored = self.client.session_policy.get()
        self.assertEqual((stored.max_session_age, stored.max_time_between_activity), (20_160, 7_200))
        self.assertGreater(stored.updated_at, stored.created_at)

    def test_no_minutes_are_refused(self):
        with self.assertApiError(400) as caught:
            self.client.session_policy.update(max_session_age=0)
        expected = {"max_session_age": ["Ensure this value is greater than or equal to 1."]}
        self.assertEqual(caught.body["validation_errors"], expected)
        self.assertEqual(self.client.session_policy.get().max_session_age, 11_520)


@with_each_token
class Versions(SdkTestCase):
    def test_it_is_the_community_edition_of_a_release(self):
        version = self.client.versions.get()
        self.assertEqual(version.edition, "Community")
        self.assertRegex(version.release, r"^\d+\.\d+\.\d+$")
        self.assertEqual(version.label_studio_os_package["version"], version.release)
