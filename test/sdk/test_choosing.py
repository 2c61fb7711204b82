import json
import os
import tempfile

from label_studio_sdk._legacy import Client
from label_studio_sdk.data_manager import Column, Filters, Operator, Type
from label_studio_sdk.errors.bad_request_error import BadRequestError

from labeling import new_project, new_tasks, sentiment
from people import URL
from sdk_test_case import SdkTestCase, with_each_token


def less(task: int) -> dict:
    return Filters.create(Filters.AND, [Filters.item(Column.id, Operator.LESS, Type.Number, Filters.value(task))])


def text_contains(text: str) -> dict:
    item = Filters.item(Column.data("text"), Operator.CONTAINS, Type.String, Filters.value(text))
    return Filters.create(Filters.OR, [item])


class FourTasks(SdkTestCase):
    """`project` with four tasks, `tasks`, the first of which is labeled."""

    def setUp(self):
        super().setUp()
        self.project = new_project(self.client)
        self.tasks = new_tasks(self.client, self.project, 4)
        self.client.annotations.create(id=self.tasks[0], result=sentiment("Positive"))


@with_each_token
class TestChoosing(FourTasks):
    def listed(self, **query) -> list[int]:
        return [task.id for task in self.client.tasks.list(project=self.project.id, **query)]

    def test_query_chooses_and_orders(self):
        query = {"filters": less(self.tasks[3]), "ordering": ["-tasks:id"]}
        self.assertEqual(self.listed(query=json.dumps(query), page_size=2), self.tasks[2::-1])
        selected = {"selectedItems": {"all": False, "included": [self.tasks[1]]}}
        self.assertEqual(self.listed(query=json.dumps(selected)), [self.tasks[1]])

    def test_a_faulty_query_is_an_error(self):
        with self.assertApiError(400, BadRequestError) as caught:
            self.listed(query=json.dumps({"ordering": ["tasks:nope"]}))
        self.assertIn("nope", caught.body["validation_errors"]["query"][0])

    def test_views(self):
        views, project = self.client.views, self.project.id
        first = views.create(project=project, data={"title": "one", "filters": less(self.tasks[2])})
        second = views.create(project=project, data={"title": "two"})
        self.assertEqual(self.listed(view=first.id), self.tasks[:2])
        changed = views.update(id=str(second.id), project=project, data={"title": "three", "ordering": ["-tasks:id"]})
        self.assertEqual(changed.id, second.id)
        self.assertEqual(self.listed(view=second.id), self.tasks[::-1])
        views.update_order(project=project, ids=[second.id, first.id])
        self.assertEqual([view.id for view in views.list(project=project)], [second.id, first.id])
        self.assertEqual(views.get(id=str(first.id)).project, project)
        views.delete(id=str(first.id))
        self.assertEqual([view.id for view in views.list(project=project)], [second.id])
        views.delete_all(project=project)
        self.assertEqual(views.list(project=project), [])

    def test_an_action_takes_a_view(self):
        view = self.client.views.create(project=self.project.id, data={"filters": text_contains("text 2")})
        self.client.actions.create(id="delete_tasks", project=self.project.id, view=view.id)
        self.assertEqual(self.listed(), [self.tasks[0], *self.tasks[2:]])


@with_each_token
class TestOldClass(FourTasks):
    """The class of the SDK before 1.0, which scripts still use: a refused query gives it an empty list."""

    def setUp(self):
        super().setUp()
        self.old = Client(URL, self.person.tokens[self.kind]).get_project(self.project.id)

    def ids(self, tasks: list) -> list[int]:
        return [task["id"] for task in tasks]

    def test_all_tasks(self):
        self.assertEqual(self.ids(self.old.get_tasks()), self.tasks)
        self.assertEqual(self.old.get_tasks_ids(), self.tasks)

    def test_more_than_a_page(self):
        more = new_tasks(self.client, self.project, 105)
        found = self.old.get_tasks(filters=text_contains("text"), ordering=["-" + Column.id], only_ids=True)
        self.assertEqual(found, [*self.tasks, *more][::-1])

    def test_labeled_and_unlabeled_ones(self):
        self.assertEqual(self.ids(self.old.get_labeled_tasks()), self.tasks[:1])
        self.assertEqual(self.ids(self.old.get_unlabeled_tasks()), self.tasks[1:])
        self.assertEqual(self.old.get_labeled_tasks_ids(), self.tasks[:1])
        self.assertEqual(self.old.get_unlabeled_tasks_ids(), self.tasks[1:])

    def test_filters_ordering_and_ids(self):
        found = self.old.get_tasks(filters=less(self.tasks[2]), ordering=["-" + Column.id])
        self.assertEqual(self.ids(found), self.tasks[1::-1])
        self.assertEqual(self.ids(self.old.get_tasks(filters=text_contains("TEXT 3"))), [self.tasks[2]])
        self.assertEqual(self.ids(self.old.get_tasks(selected_ids=self.tasks[1:3])), self.tasks[1:3])

    def test_views(self):
        view = self.old.create_view(filters=less(self.tasks[1]), ordering=["-" + Column.id], title="Few")
        self.assertEqual([each["id"] for each in self.old.get_views()], [view["id"]])
        self.assertEqual(self.ids(self.old.get_tasks(view_id=view["id"])), self.tasks[:1])

    def test_export_by_filters(self):
        with tempfile.TemporaryDirectory() as folder:
            result = self.old.export(filters=less(self.tasks[2]), output_dir=folder)
            self.assertEqual(result["status"], 200)
            with open(os.path.join(folder, result["filename"])) as file:
                self.assertEqual(self.ids(json.load(file)), self.tasks[:2])
        self.assertEqual(self.old.get_views(), [])
