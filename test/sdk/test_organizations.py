from collections.abc import Callable
from datetime import datetime

import httpx
from label_studio_sdk.core.api_error import ApiError
from label_studio_sdk.errors import BadRequestError, ForbiddenError, MethodNotAllowedError, NotFoundError

from labeling import new_project, new_tasks, plain, sentiment
from people import URL, new_person, owner
from sdk_test_case import SdkTestCase, with_each_token


@with_each_token
class Organizations(SdkTestCase):
    def setUp(self):
        super().setUp()
        self.addCleanup(self.owner.organizations.update, id=1, title="My team")

    def test_there_is_one_organization(self):
        for organizations in (self.client.organizations.list(), self.client.organizations.list(ordering="-id")):
            self.assertEqual([(each.id, each.title) for each in organizations], [(1, "My team")])

    def test_the_organization_names_its_owner_and_its_users(self):
        organization = self.client.organizations.get(id=1)
        self.assertEqual((organization.id, organization.title), (1, "My team"))
        self.assertEqual(organization.created_by, owner().id)
        self.assertEqual(organization.users[0], owner().id)
        self.assertEqual(organization.users[-1], self.person.id)
        self.assertRegex(organization.token, r"^[A-Za-z0-9]{40}$")
        self.assertIsInstance(organization.created_at, datetime)

    def test_an_update_leaves_what_was_not_sent(self):
        self.client.organizations.update(id=1, contact_info="hello@example.com")
        changed = self.client.organizations.update(id=1, title="Acme")
        self.assertEqual((changed.title, changed.contact_info), ("Acme", "hello@example.com"))
        stored = self.client.organizations.get(id=1)
        self.assertEqual((stored.title, stored.contact_info), ("Acme", "hello@example.com"))
        self.assertEqual(self.client.users.whoami().active_organization_meta["title"], "Acme")

    def test_an_update_ignores_enterprises_fields_and_the_token(self):
        token = self.client.organizations.get(id=1).token
        changed = self.client.organizations.update(id=1, title="Acme", token="chosen", embed_enabled=True)
        self.assertEqual((changed.title, changed.token), ("Acme", token))

    def test_what_is_wrong_with_an_update_is_reported_by_field(self):
        with self.assertApiError(400, BadRequestError) as caught:
            self.client.organizations.update(id=1, title="", contact_info="nope")
        expected = {"title": ["This field may not be blank."], "contact_info": ["Enter a valid email address."]}
        self.assertEqual(caught.body["validation_errors"], expected)

    def test_another_organization_is_not_found(self):
        with self.assertApiError(404):
            self.client.organizations.get(id=99)
        with self.assertApiError(404, NotFoundError):
            self.client.organizations.update(id=99, title="Acme")
        self.assertEqual(self.client.organizations.get(id=1).title, "My team")

    def test_the_invitation_link_is_the_organizations(self):
        invite = self.client.organizations.invites.get_invite_link()
        self.assertEqual(invite.token, self.client.organizations.get(id=1).token)
        self.assertEqual(invite.invite_url, f"/user/signup/?token={invite.token}")
        self.assertEqual(self.client.organizations.invites.get_invite_link(), invite)

    def test_a_reset_invitation_link_replaces_the_old_one(self):
        old = self.client.organizations.invites.get_invite_link()
        new = self.client.organizations.reset_token()
        self.assertNotEqual(new.token, old.token)
        self.assertEqual(self.client.organizations.invites.get_invite_link(), new)
        self.assertEqual(httpx.get(httpx.URL(URL).join(old.invite_url)).status_code, 403)
        self.assertEqual(httpx.get(httpx.URL(URL).join(new.invite_url)).status_code, 200)


@with_each_token
class Members(SdkTestCase):
    def test_all_members_are_listed_and_the_loop_ends(self):
        members = list(self.client.organizations.members.list(id=1))
        self.assertCountEqual([each.user.id for each in members], self.client.organizations.get(id=1).users)
        (me,) = [each for each in members if each.user.id == self.person.id]
        self.assertEqual((me.organization, me.user.email), (1, self.person.email))
        self.assertEqual(me.user.active_organization, 1)
        self.assertIsInstance(me.user.date_joined, datetime)
        self.assertIsNone(me.created_projects)
        self.assertIsNone(me.contributed_to_projects)

    def test_members_come_page_by_page(self):
        new_person()
        users = self.client.organizations.get(id=1).users
        listed = [each.user.id for each in self.client.organizations.members.list(id=1, page_size=2)]
        self.assertCountEqual(listed, users)
        second = self.client.organizations.members.list(id=1, page=2, page_size=2)
        self.assertEqual([each.user.id for each in second.items], listed[2:4])
        self.assertEqual(second.response.count, len(users))

    def test_projects_of_members_are_listed_when_requested(self):
        labeler = new_person()
        created = new_project(self.client)
        (task,) = new_tasks(self.client, created)
        self.connect(labeler).annotations.create(id=task, result=sentiment("Positive"))
        presented = {
            member.user.id: member
            for member in self.client.organizations.members.list(id=1, contributed_to_projects=True)
        }
        project = {"id": created.id, "title": created.title}
        for member in (presented[self.person.id], presented[self.person.id].user):
            self.assertEqual((plain(member.created_projects), member.contributed_to_projects), ([project], []))
        for member in (presented[labeler.id], presented[labeler.id].user):
            self.assertEqual((member.created_projects, plain(member.contributed_to_projects)), ([], [project]))
        alone = self.client.organizations.members.get(id=1, user_pk=labeler.id)
        self.assertEqual((alone.annotations_count, alone.contributed_projects_count), (1, 1))

    def test_enterprises_filters_are_ignored(self):
        filters = {"search": "nobody", "role": ["AN", "RE"], "tags": [1, 2], "ordering": "-id", "is_deleted": True}
        found = list(self.client.organizations.members.list(id=1, **filters))
        self.assertEqual(len(found), len(self.client.organizations.get(id=1).users))

    def test_members_of_another_organization_are_not_found(self):
        with self.assertApiError(404):
            list(self.client.organizations.members.list(id=99))
        with self.assertApiError(404):
            self.client.organizations.members.get(id=99, user_pk=self.person.id)
        with self.assertApiError(404, NotFoundError):
            self.owner.organizations.members.delete(id=99, user_pk=self.person.id)

    def test_a_member_is_shown_by_the_users_id(self):
        member = self.client.organizations.members.get(id=1, user_pk=self.person.id)
        self.assertEqual((member.user, member.organization), (self.person.id, 1))
        self.assertEqual((member.annotations_count, member.contributed_projects_count), (0, 0))
        self.assertIsInstance(member.created_at, datetime)
        self.assertIsNone(member.created_projects)
        asked = self.client.organizations.members.get(id=1, user_pk=self.person.id, contributed_to_projects=True)
        self.assertEqual((asked.created_projects, asked.contributed_to_projects), ([], []))

    def test_a_member_who_is_not_there_is_not_found(self):
        with self.assertApiError(404):
            self.client.organizations.members.get(id=1, user_pk=999_999)
        with self.assertApiError(404, NotFoundError):
            self.owner.organizations.members.delete(id=1, user_pk=999_999)

    def test_a_removed_member_is_shut_out_and_shown_as_deleted(self):
        self.client.users.whoami()
        self.assertIsNone(self.owner.organizations.members.delete(id=1, user_pk=self.person.id))
        with self.assertApiError(401):
            self.client.users.whoami()
        with self.assertApiError(401):
            self.connect(self.person).users.whoami()
        removed = self.owner.users.get(id=self.person.id)
        self.assertEqual((removed.first_name, removed.last_name, removed.initials), ("Deleted", "User", "DU"))
        self.assertEqual((removed.email, removed.active_organization), ("Deleted", None))
        self.assertEqual(self.owner.organizations.members.get(id=1, user_pk=self.person.id).user, self.person.id)
        listed = [each.user.id for each in self.owner.organizations.members.list(id=1)]
        self.assertIn(self.person.id, listed)

    def test_a_member_is_removed_once(self):
        self.owner.organizations.members.delete(id=1, user_pk=self.person.id)
        with self.assertApiError(404, NotFoundError) as caught:
            self.owner.organizations.members.delete(id=1, user_pk=self.person.id)
        self.assertEqual(caught.body["detail"], "Member not found")

    def test_members_are_removed_by_the_owner_only(self):
        other = new_person()
        with self.assertApiError(403, ForbiddenError):
            self.client.organizations.members.delete(id=1, user_pk=other.id)
        self.assertEqual(self.connect(other).users.whoami().id, other.id)

    def test_the_owner_does_not_remove_themselves(self):
        with self.assertApiError(405, MethodNotAllowedError) as caught:
            self.owner.organizations.members.delete(id=1, user_pk=owner().id)
        self.assertEqual(caught.body, {"detail": "User cannot soft delete self"})


@with_each_token
class Enterprise(SdkTestCase):
    """What only Label Studio Enterprise has."""

    def assertRefused(self, status: int, method: Callable[..., object], **arguments: object):
        with self.assertRaises(ApiError) as caught:
            method(**arguments)
        self.assertEqual(caught.exception.status_code, status)

    def test_members_are_not_searched_filtered_or_given_a_role(self):
        members = self.owner.organizations.members
        self.assertRefused(404, members.list_filtered, id=1)
        self.assertRefused(404, members.search, id=1, filters={})
        self.assertRefused(405, members.update, id=1, role="AN")

    def test_no_invitations_are_mailed(self):
        invites = self.owner.organizations.invites
        self.assertRefused(404, invites.send_email, emails=["ann@example.com"])
        self.assertRefused(404, invites.revoke_invite, email="ann@example.com")

    def test_there_are_no_permissions_to_set(self):
        permissions = self.owner.organizations.permissions
        self.assertRefused(404, permissions.list, id=1)
        self.assertRefused(404, permissions.get_options, id=1)
        self.assertRefused(404, permissions.create, id=1, permission="projects.create")
        one = {"id": 1, "permission_key": "projects.create"}
        self.assertRefused(404, permissions.get, **one)
        self.assertRefused(404, permissions.replace, **one, permission="projects.create")
        self.assertRefused(404, permissions.update, **one)
        self.assertRefused(404, permissions.delete, **one)

    def test_there_is_no_default_role(self):
        self.assertRefused(404, self.owner.organizations.update_default_role, id=1, default_role="AN")
