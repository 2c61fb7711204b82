import asyncio
import json
from datetime import datetime

from label_studio_sdk import AsyncLabelStudio, LabelStudio
from label_studio_sdk.errors import NotFoundError, UnauthorizedError

from labeling import new_project, new_tasks, plain, sentiment
from people import URL
from sdk_test_case import SdkTestCase, with_each_token

FIELDS = (
    "id data meta created_at updated_at is_labeled overlap inner_id total_annotations cancelled_annotations "
    "total_predictions comment_count unresolved_comment_count last_comment_updated_at project comment_authors "
    "file_upload annotations predictions drafts annotators annotations_results predictions_results completed_at "
    "predictions_score storage_filename annotations_ids predictions_model_versions avg_lead_time draft_exists "
    "updated_by"
).split()
"""What the SDK's models name and Community sends: what is left out would be an AttributeError in scripts."""


@with_each_token
class Tasks(SdkTestCase):
    def setUp(self):
        super().setUp()
        self.project = new_project(self.client)

    def test_a_created_task_is_returned_and_stored_as_it_was_sent(self):
        data = {"text": "ü😀 \u0000"[:-1], "z": [1, 2.5, 10**18, None], "a": {"b": {"c": True}}, "": "empty"}
        meta = {"source": ["a", "b"]}
        created = self.client.tasks.create(project=self.project.id, data=data, meta=meta)
        self.assertEqual((created.project, created.data, created.meta), (self.project.id, data, meta))
        self.assertEqual((created.is_labeled, created.overlap), (False, 1))
        self.assertEqual((created.total_annotations, created.cancelled_annotations, created.total_predictions), (0, 0, 0))
        self.assertIsInstance(created.created_at, datetime)
        self.assertIsNone(created.file_upload)
        stored = self.client.tasks.get(id=str(created.id))
        self.assertEqual((stored.data, stored.meta, stored.inner_id), (data, meta, created.inner_id))
        self.assertEqual(list(stored.data), list(data))

    def test_tasks_are_counted_in_each_project(self):
        new_tasks(self.client, new_project(self.client), 2)
        first, second = (self.client.tasks.get(id=str(id)) for id in new_tasks(self.client, self.project, 2))
        self.assertEqual(second.inner_id, first.inner_id + 1)
        self.assertLessEqual(first.inner_id, 2)

    def test_what_is_wrong_with_a_new_task_is_said(self):
        with self.assertApiError(400) as caught:
            self.client.tasks.create(data={"text": "a"})
        self.assertEqual(caught.body["validation_errors"], {"project": ["This field is required."]})
        with self.assertApiError(404) as caught:
            self.client.tasks.create(project=999_999, data={"text": "a"})
        self.assertEqual(caught.body["detail"], "No Project matches the given query.")
        with self.assertApiError(400) as caught:
            self.client.tasks.create(project=self.project.id, data={"foo": "a"})
        problem = '"text" key is expected in task data [assume: item["data"] = task root with values]'
        self.assertEqual(caught.body["validation_errors"], {"non_field_errors": [problem]})
        self.assertEqual(self.client.projects.get(id=self.project.id).task_number, 0)

    def test_a_task_is_shown_with_every_field(self):
        (id,) = new_tasks(self.client, self.project)
        for annotated in (False, True):
            task = self.client.tasks.get(id=str(id))
            self.assertEqual([name for name in FIELDS if not hasattr(task, name)], [], annotated)
            self.client.annotations.create(id=id, result=sentiment("Positive"), lead_time=2.5)
            self.client.predictions.create(task=id, result=sentiment("Negative"), score=0.25, model_version="m1")
        task = self.client.tasks.get(id=str(id))
        self.assertEqual((task.is_labeled, task.total_annotations, task.total_predictions), (True, 2, 2))
        self.assertEqual((task.avg_lead_time, task.predictions_score, task.annotators), (2.5, 0.25, [self.person.id]))
        (annotation, _) = plain(task.annotations)
        self.assertEqual(annotation["result"], sentiment("Positive"))
        self.assertEqual(annotation["completed_by"]["email"], self.person.email)
        (prediction, _) = plain(task.predictions)
        self.assertEqual((prediction["result"], prediction["model_version"]), (sentiment("Negative"), "m1"))

    def test_an_update_leaves_what_was_not_sent(self):
        created = self.client.tasks.create(project=self.project.id, data={"text": "a"}, meta={"k": 1})
        changed = self.client.tasks.update(id=str(created.id), data={"text": "b", "more": [1]})
        self.assertEqual((changed.data, changed.meta), ({"text": "b", "more": [1]}, {"k": 1}))
        self.assertEqual((changed.annotations, changed.predictions), ([], []))
        changed = self.client.tasks.update(id=str(created.id), meta={})
        self.assertEqual((changed.data, changed.meta), ({"text": "b", "more": [1]}, {}))
        # What the answer leaves out is None without annotations, as in Label Studio.
        self.assertIsNone(changed.annotators)
        stored = self.client.tasks.get(id=str(created.id))
        self.assertEqual((stored.data, stored.meta), ({"text": "b", "more": [1]}, {}))

    def test_an_update_ignores_what_is_counted(self):
        (id,) = new_tasks(self.client, self.project)
        changed = self.client.tasks.update(id=str(id), is_labeled=True, total_annotations=5, reviewed=True)
        self.assertEqual((changed.is_labeled, changed.total_annotations), (False, 0))

    def test_a_deleted_task_is_gone(self):
        first, second = new_tasks(self.client, self.project, 2)
        self.client.annotations.create(id=first, result=sentiment("Positive"))
        self.assertIsNone(self.client.tasks.delete(id=str(first)))
        with self.assertApiError(404) as caught:
            self.client.tasks.get(id=str(first))
        self.assertEqual(caught.body["detail"], "No Task matches the given query.")
        with self.assertApiError(404):
            self.client.tasks.delete(id=str(first))
        presented = self.client.projects.get(id=self.project.id)
        self.assertEqual((presented.task_number, presented.total_annotations_number), (1, 0))
        self.assertEqual(self.client.tasks.get(id=str(second)).id, second)

    def test_all_tasks_of_a_project_are_deleted_at_once(self):
        other = new_project(self.client)
        new_tasks(self.client, other)
        for id in new_tasks(self.client, self.project, 3):
            self.client.annotations.create(id=id, result=sentiment("Positive"))
        self.assertIsNone(self.client.tasks.delete_all_tasks(id=self.project.id))
        self.assertIsNone(self.client.tasks.delete_all_tasks(id=self.project.id))
        self.assertEqual(list(self.client.tasks.list(project=self.project.id)), [])
        presented = self.client.projects.get(id=self.project.id)
        self.assertEqual((presented.task_number, presented.total_annotations_number, presented.finished_task_number), (0, 0, 0))
        self.assertEqual(len(list(self.client.tasks.list(project=other.id))), 1)
        with self.assertApiError(404):
            self.client.tasks.delete_all_tasks(id=999_999)

    def test_a_task_that_is_not_there_is_not_found(self):
        with self.assertApiError(404):
            self.client.tasks.update(id="999999", data={"text": "a"})
        with self.assertApiError(404):
            self.client.tasks.create_many_status(id=self.project.id, import_pk="999999")

    def test_what_enterprise_adds_is_not_found(self):
        (id,) = new_tasks(self.client, self.project)
        with self.assertApiError(404, NotFoundError):
            self.client.tasks.create_event(id=id, event_key="x", event_time="2026-01-01T00:00:00Z")


@with_each_token
class Lists(SdkTestCase):
    def setUp(self):
        super().setUp()
        self.project = new_project(self.client)
        self.ids = new_tasks(self.client, self.project, 5)

    def listed(self, **query) -> list[int]:
        return [task.id for task in self.client.tasks.list(project=self.project.id, **query)]

    def test_all_tasks_are_listed_by_id_and_the_loop_ends(self):
        for query in ({}, {"page_size": 1}, {"page_size": 2}, {"page_size": 5}):
            self.assertEqual(self.listed(**query), self.ids, query)

    def test_tasks_come_page_by_page_with_the_projects_totals(self):
        self.client.annotations.create(id=self.ids[0], result=sentiment("Positive"))
        self.client.predictions.create(task=self.ids[1], result=sentiment("Positive"))
        page = self.client.tasks.list(project=self.project.id, page=2, page_size=2)
        self.assertEqual([task.id for task in page.items], self.ids[2:4])
        totals = (page.response.total, page.response.total_annotations, page.response.total_predictions)
        self.assertEqual(totals, (5, 1, 1))

    def test_a_project_without_tasks_has_an_empty_list(self):
        pages = self.client.tasks.list(project=new_project(self.client).id)
        self.assertEqual((list(pages), pages.response.total), ([], 0))

    def test_rows_hold_annotations_and_predictions_unless_only_tasks_are_requested(self):
        self.client.annotations.create(id=self.ids[0], result=sentiment("Positive"))
        self.client.predictions.create(task=self.ids[0], result=sentiment("Negative"), model_version="m1")
        row, *others = self.client.tasks.list(project=self.project.id)
        self.assertEqual([name for name in FIELDS if not hasattr(row, name)], [])
        (annotation,) = plain(row.annotations)
        self.assertEqual((annotation["result"], annotation["completed_by"]), (sentiment("Positive"), self.person.id))
        (prediction,) = plain(row.predictions)
        self.assertEqual((prediction["result"], prediction["model_version"]), (sentiment("Negative"), "m1"))
        self.assertEqual([(each.annotations, each.predictions) for each in others], [([], [])] * 4)
        bare, *_ = self.client.tasks.list(project=self.project.id, fields="task_only")
        self.assertEqual((bare.data, bare.total_annotations), (row.data, 1))
        self.assertIsNone(getattr(bare, "predictions", None))

    def test_enterprises_filters_are_ignored(self):
        self.assertEqual(self.listed(only_annotated=True, review=False, resolve_uri=True), self.ids)

    def test_the_data_managers_filters_choose_and_order(self):
        first = {"filter": "filter:tasks:id", "operator": "equal", "type": "Number", "value": self.ids[0]}
        for asked, expected in (
            ({"selectedItems": {"all": False, "included": self.ids[1:3]}}, self.ids[1:3]),
            ({"ordering": ["-tasks:id"]}, self.ids[::-1]),
            ({"filters": {"conjunction": "and", "items": [first]}}, self.ids[:1]),
            ({"filters": None, "ordering": []}, self.ids),
        ):
            self.assertEqual(self.listed(query=json.dumps(asked)), expected)

    def test_only_the_fields_that_are_requested_are_sent(self):
        row, *_ = self.client.tasks.list(project=self.project.id, include="id,data")
        self.assertEqual((row.id, row.data), (self.ids[0], {"text": "text 1"}))
        self.assertFalse(getattr(row, "meta", None))

    def test_what_is_requested_and_not_there_is_not_found(self):
        with self.assertApiError(404) as caught:
            self.client.tasks.list()
        self.assertEqual(caught.body, {"detail": "Neither project nor view id specified"})
        with self.assertApiError(404):
            self.client.tasks.list(project=999_999)
        with self.assertApiError(404):
            self.client.tasks.list(project=self.project.id, page=9)
        with self.assertApiError(404):
            self.client.tasks.list(project=self.project.id, view=999_999)

    def test_a_wrong_key_is_unauthorized(self):
        with self.assertApiError(401, UnauthorizedError):
            LabelStudio(base_url=URL, api_key="nope").tasks.list(project=self.project.id)

    def test_the_asynchronous_client_walks_all_pages_too(self):
        async def walk(client: AsyncLabelStudio):
            pages = await client.tasks.list(project=self.project.id, page_size=2)
            return [task.id async for task in pages]

        client = AsyncLabelStudio(base_url=URL, api_key=self.person.tokens[self.kind])
        self.assertEqual(asyncio.run(walk(client)), self.ids)
