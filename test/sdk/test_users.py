from datetime import datetime, timezone

from label_studio_sdk import LabelStudio
from label_studio_sdk.errors import BadRequestError, UnauthorizedError

from people import PASSWORD, URL, log_in, new_email, new_person, owner
from sdk_test_case import SdkTestCase, with_each_token


@with_each_token
class CurrentUser(SdkTestCase):
    def test_whoami_is_oneself_with_permissions(self):
        me = self.client.users.whoami()
        self.assertEqual((me.id, me.email), (self.person.id, self.person.email))
        self.assertEqual(me.username, self.person.email.split("@")[0])
        self.assertEqual(me.initials, "pe")
        self.assertEqual(me.active_organization, 1)
        self.assertEqual(me.active_organization_meta, {"title": "My team", "email": owner().email})
        self.assertEqual(me.custom_hotkeys, {})
        self.assertIsNone(me.avatar)
        self.assertIsInstance(me.date_joined, datetime)
        self.assertIsInstance(me.last_activity, datetime)
        self.assertIn("projects.create", me.permissions)

    def test_the_legacy_token_is_shown(self):
        self.assertEqual(self.client.users.get_token().token, self.person.tokens["legacy"])

    def test_a_reset_legacy_token_replaces_the_old_one(self):
        token = self.client.users.reset_token().token
        self.assertRegex(token, r"^[0-9a-f]{40}$")
        renewed = LabelStudio(base_url=URL, api_key=token)
        self.assertEqual(renewed.users.get_token().token, token)
        with self.assertApiError(401) as caught:
            LabelStudio(base_url=URL, api_key=self.person.tokens["legacy"]).users.whoami()
        self.assertEqual(caught.body["detail"], "Invalid token.")

    def test_a_reset_legacy_token_leaves_the_personal_one(self):
        self.client.users.reset_token()
        personal = LabelStudio(base_url=URL, api_key=self.person.tokens["personal"])
        self.assertEqual(personal.users.whoami().id, self.person.id)

    def test_hotkeys_are_replaced_as_a_whole(self):
        self.assertEqual(self.client.users.get_hotkeys().custom_hotkeys, {})
        first = {"annotation:submit": {"key": "ctrl+enter", "active": True}}
        second = {"video:play": {"key": "space"}}
        self.assertEqual(self.client.users.update_hotkeys(custom_hotkeys=first).custom_hotkeys, first)
        self.assertEqual(self.client.users.get_hotkeys().custom_hotkeys, first)
        self.assertEqual(self.client.users.update_hotkeys(custom_hotkeys=second).custom_hotkeys, second)
        self.assertEqual(self.client.users.get_hotkeys(project=1).custom_hotkeys, second)
        self.assertEqual(self.client.users.whoami().custom_hotkeys, second)

    def test_hotkeys_that_are_none_are_a_bad_request(self):
        self.client.users.update_hotkeys(custom_hotkeys={"a:b": {"key": "x"}})
        with self.assertApiError(400, BadRequestError) as caught:
            self.client.users.update_hotkeys(custom_hotkeys={"nosection": {"key": "a"}})
        details = {"custom_hotkeys": ["Action key 'nosection' must be in 'section:action' format"]}
        self.assertEqual(caught.body, {"error": "Invalid hotkeys configuration", "details": details})
        self.assertEqual(self.client.users.get_hotkeys().custom_hotkeys, {"a:b": {"key": "x"}})

    def test_hotkeys_are_required(self):
        with self.assertApiError(400, BadRequestError) as caught:
            self.client.users.update_hotkeys()
        self.assertEqual(caught.body["details"], {"custom_hotkeys": ["This field is required."]})

    def test_hotkeys_say_unauthorized_once_the_person_is_gone(self):
        self.client.users.whoami()
        self.owner.users.delete(id=self.person.id)
        with self.assertApiError(401, UnauthorizedError):
            self.client.users.get_hotkeys()
        with self.assertApiError(401, UnauthorizedError):
            self.client.users.update_hotkeys(custom_hotkeys={})

    def test_enterprises_current_user_is_not_found(self):
        with self.assertApiError(404):
            self.client.users.get_current_user()
        with self.assertApiError(404):
            self.client.users.update_current_user(first_name="Ann")


@with_each_token
class Users(SdkTestCase):
    def create(self, **fields):
        return self.client.users.create(username="ann", email=new_email(), **fields)

    def test_all_users_are_listed_by_id(self):
        users = self.client.users.list()
        ids = [user.id for user in users]
        self.assertEqual(ids, sorted(ids))
        self.assertEqual((users[0].id, users[0].email), (1, owner().email))
        self.assertEqual((users[-1].id, users[-1].email), (self.person.id, self.person.email))
        self.assertIsInstance(users[-1].date_joined, datetime)

    def test_the_list_takes_an_order(self):
        self.assertIn(self.person.id, [user.id for user in self.client.users.list(ordering="-id")])

    def test_a_created_user_has_what_was_given(self):
        joined = datetime(2001, 2, 3, 4, 5, 6, tzinfo=timezone.utc)
        hotkeys = {"a:b": {"key": "x"}}
        email = new_email()
        created = self.client.users.create(
            username="ann",
            email=email,
            first_name="Ann",
            last_name="Lee",
            phone="+1 555",
            allow_newsletters=True,
            active_organization=1,
            custom_hotkeys=hotkeys,
            date_joined=joined,
        )
        stored = self.client.users.get(id=created.id)
        for user in (created, stored):
            self.assertEqual((user.username, user.email, user.phone), ("ann", email, "+1 555"))
            self.assertEqual((user.first_name, user.last_name, user.initials), ("Ann", "Lee", "AL"))
            self.assertIs(user.allow_newsletters, True)
            self.assertEqual(user.custom_hotkeys, hotkeys)
            self.assertEqual(user.date_joined, joined)
        self.assertEqual(stored, created)

    def test_a_created_user_is_a_member_at_once(self):
        created = self.create()
        self.assertEqual(created.active_organization, 1)
        self.assertIn(created.id, self.client.organizations.get(id=1).users)
        self.assertEqual(self.client.users.list()[-1].email, created.email)

    def test_a_created_user_logs_in_with_the_password_that_was_given(self):
        created = self.create(password="another quiet meadow")
        with log_in(created.email, "another quiet meadow") as browser:
            self.assertEqual(browser.get("/api/current-user/whoami").json()["id"], created.id)

    def test_an_email_that_is_taken_is_refused(self):
        with self.assertApiError(400) as caught:
            self.client.users.create(username="ann", email=self.person.email.upper())
        taken = {"email": ["user with this email address already exists."]}
        self.assertEqual(caught.body["validation_errors"], taken)

    def test_what_is_wrong_with_a_new_user_is_reported_by_field(self):
        with self.assertApiError(400) as caught:
            self.client.users.create(username="", email="nope", active_organization=99)
        expected = {
            "username": ["This field may not be blank."],
            "email": ["Enter a valid email address."],
            "active_organization": ['Invalid pk "99" - object does not exist.'],
        }
        self.assertEqual(caught.body["validation_errors"], expected)

    def test_a_user_who_is_not_there_is_not_found(self):
        with self.assertApiError(404) as caught:
            self.client.users.get(id=999_999)
        self.assertEqual(caught.body["detail"], "No User matches the given query.")
        with self.assertApiError(404):
            self.client.users.update(id=999_999, first_name="Ann")
        with self.assertApiError(404):
            self.owner.users.delete(id=999_999)

    def test_an_update_leaves_what_was_not_sent(self):
        before = self.client.users.update(
            id=self.person.id,
            first_name="Ann",
            last_name="Lee",
            phone="+1 555",
            allow_newsletters=True,
            custom_hotkeys={"a:b": {"key": "x"}},
            date_joined=datetime(2001, 2, 3, tzinfo=timezone.utc),
        )
        changed = self.client.users.update(id=self.person.id, first_name="Anne")
        self.assertEqual((changed.first_name, changed.initials), ("Anne", "AL"))
        self.assertEqual(changed.allow_newsletters, True)
        stored = self.client.users.get(id=self.person.id)
        for field in ("last_name", "phone", "username", "email", "allow_newsletters", "custom_hotkeys", "date_joined"):
            self.assertEqual(getattr(stored, field), getattr(before, field), field)
        self.assertEqual(stored.first_name, "Anne")

    def test_an_update_clears_what_is_sent_empty(self):
        self.client.users.update(id=self.person.id, last_name="Lee", phone="+1 555")
        self.client.users.update(id=self.person.id, phone="")
        stored = self.client.users.get(id=self.person.id)
        self.assertEqual((stored.last_name, stored.phone), ("Lee", ""))

    def test_an_update_ignores_enterprises_fields_and_the_password(self):
        changed = self.client.users.update(
            id=self.person.id,
            username="ann",
            active_organization=1,
            email_notification_settings={"a": True},
            is_email_verified=True,
            onboarding_state="not_started",
            password="another quiet meadow",
        )
        self.assertEqual(changed.username, "ann")
        with log_in(self.person.email, PASSWORD) as browser:
            self.assertEqual(browser.get("/api/current-user/whoami").json()["username"], "ann")

    def test_what_is_wrong_with_an_update_is_reported_by_field(self):
        with self.assertApiError(400) as caught:
            self.client.users.update(id=self.person.id, username="", first_name="x" * 257)
        expected = {
            "username": ["This field may not be blank."],
            "first_name": ["Ensure this field has no more than 256 characters."],
        }
        self.assertEqual(caught.body["validation_errors"], expected)

    def test_others_are_changed_by_the_owner_only(self):
        other = new_person()
        with self.assertApiError(403):
            self.client.users.update(id=other.id, first_name="Bob")
        self.assertEqual(self.client.users.get(id=other.id).first_name, "")
        self.assertEqual(self.owner.users.update(id=other.id, first_name="Bob").first_name, "Bob")

    def test_a_deleted_user_is_gone_with_their_tokens(self):
        self.assertEqual(self.client.users.whoami().id, self.person.id)
        self.assertIsNone(self.owner.users.delete(id=self.person.id))
        with self.assertApiError(404):
            self.owner.users.get(id=self.person.id)
        with self.assertApiError(401):
            self.client.users.whoami()
        with self.assertApiError(401):
            self.connect(self.person).users.whoami()
        self.assertNotIn(self.person.id, [user.id for user in self.owner.users.list()])

    def test_the_email_of_a_deleted_user_is_free_again(self):
        self.owner.users.delete(id=self.person.id)
        again = self.owner.users.create(username="ann", email=self.person.email)
        self.assertNotEqual(again.id, self.person.id)

    def test_users_are_deleted_by_the_owner_only_and_never_the_owner(self):
        other = new_person()
        with self.assertApiError(403):
            self.client.users.delete(id=other.id)
        with self.assertApiError(403) as caught:
            self.owner.users.delete(id=owner().id)
        self.assertEqual(caught.body["detail"], "The organization owner cannot be deleted")
        self.assertEqual(self.client.users.get(id=other.id).email, other.email)
