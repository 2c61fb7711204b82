from datetime import datetime, timezone

from labeling import CONFIG, COUNTS, new_project, new_title
from sdk_test_case import SdkTestCase, with_each_token


@with_each_token
class Lists(SdkTestCase):
    def setUp(self):
        super().setUp()
        self.title = new_title()
        self.created = [new_project(self.client, title=f"{self.title} {number}").id for number in range(5)]

    def ids(self, **query) -> list[int]:
        return [project.id for project in self.client.projects.list(title=self.title, **query)]

    def test_the_newest_come_first_and_the_loop_ends(self):
        self.assertEqual(self.ids(), self.created[::-1])
        for page_size in (1, 2, 5):
            self.assertEqual(self.ids(page_size=page_size), self.created[::-1], page_size)

    def test_projects_come_page_by_page(self):
        first = self.client.projects.list(title=self.title, page_size=2)
        self.assertEqual([each.id for each in first.items], self.created[:2:-1])
        self.assertEqual(first.response.count, 5)
        second = self.client.projects.list(title=self.title, page=2, page_size=2)
        self.assertEqual([each.id for each in second.items], self.created[2:0:-1])
        with self.assertApiError(404) as caught:
            self.client.projects.list(title=self.title, page=4, page_size=2)
        self.assertEqual(caught.body["detail"], "Invalid page.")

    def test_titles_are_found_by_a_part_in_any_case(self):
        self.assertEqual(self.ids(), self.created[::-1])
        found = self.client.projects.list(title=f"{self.title.upper()} 3")
        self.assertEqual([each.id for each in found], [self.created[3]])
        self.assertEqual(list(self.client.projects.list(title=new_title())), [])

    def test_projects_are_chosen_by_id_and_ordered(self):
        selected = [self.created[1], self.created[4]]
        self.assertCountEqual(self.ids(ids=",".join(map(str, selected))), selected)
        self.assertEqual(self.ids(ordering="title"), self.created)
        self.assertEqual(self.ids(ordering="-id"), self.created[::-1])

    def test_only_the_fields_that_are_requested_are_sent(self):
        (first, *_) = self.client.projects.list(title=self.title, include="id,title")
        self.assertEqual((first.id, first.title), (self.created[4], f"{self.title} 4"))
        self.assertIsNone(first.label_config)
        (whole, *_) = self.client.projects.list(title=self.title)
        self.assertEqual((whole.label_config, whole.created_by.id), (CONFIG, self.person.id))

    def test_pinned_projects_come_first_and_can_be_chosen(self):
        pinned = self.created[1]
        self.client.projects.update(id=pinned, pinned_at=datetime(2026, 1, 2, tzinfo=timezone.utc))
        self.assertEqual(self.ids()[0], pinned)
        self.assertEqual(self.ids(filter="pinned_only"), [pinned])
        self.assertEqual(self.ids(filter="exclude_pinned"), [id for id in self.created[::-1] if id != pinned])

    def test_enterprises_filters_are_ignored(self):
        filters = {"archived": True, "workspaces": 5, "state": "x", "members_limit": 1, "source_interface_id": 3}
        self.assertEqual(self.ids(**filters), self.created[::-1])

    def test_numbers_are_listed_by_themselves(self):
        listed = self.client.projects.list_counts(ids=str(self.created[0]))
        self.assertEqual(listed.count, 1)
        (counts,) = listed.results
        self.assertEqual(counts.id, self.created[0])
        self.assertEqual({name: getattr(counts, name) for name in COUNTS}, dict.fromkeys(COUNTS, 0))
