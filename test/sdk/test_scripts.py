"""What teams' own scripts do around the SDK, by kind; those of the SDK's first years are in walk_old_versions.py."""

import io
import json
import re
import time
import zipfile

import httpx
from label_studio_sdk.data_manager import Column, Filters, Operator, Type

from labeling import CONFIG, new_project, new_tasks, new_title, sentiment
from people import PASSWORD, URL
from sdk_test_case import SdkTestCase, with_each_token

BOXES = """<View><Image name="image" value="$image"/>
<RectangleLabels name="box" toName="image"><Label value="Car"/><Label value="Bus"/></RectangleLabels></View>"""


@with_each_token
class TestTraining(SdkTestCase):
    """Scripts that fetch what was labeled, or what was not, to train a model with it."""

    def setUp(self):
        super().setUp()
        self.project = new_project(self.client)
        self.tasks = new_tasks(self.client, self.project, 4)
        self.client.annotations.create(id=self.tasks[1], result=sentiment("Positive"))

    def fetch(self, *items: dict, conjunction: str = Filters.AND, ordering: list | None = None) -> list[int]:
        query = {"filters": Filters.create(conjunction, list(items)), "ordering": ordering or []}
        found = self.client.tasks.list(project=self.project.id, query=json.dumps(query))
        return [task.id for task in found]

    def item(self, column: str, operator: str, kind: str, value) -> dict:
        return Filters.item(column, operator, kind, value)

    def test_labeled_and_unlabeled_ones(self):
        for is_unlabeled, expected in ((False, self.tasks[1:2]), (True, [self.tasks[0], *self.tasks[2:]])):
            item = self.item(Column.completed_at, Operator.EMPTY, Type.Datetime, is_unlabeled)
            self.assertEqual(self.fetch(item), expected)
        annotated = self.item(Column.total_annotations, Operator.GREATER, Type.Number, 0)
        self.assertEqual(self.fetch(annotated), self.tasks[1:2])
        (task,) = self.client.tasks.list(project=self.project.id, query=json.dumps({"filters": Filters.create("and", [annotated])}))
        self.assertEqual(task.annotations[0]["result"], sentiment("Positive"))

    def test_ids_and_ranges(self):
        ids = self.item(Column.id, "in_list", Type.List, self.tasks[2:])
        self.assertEqual(self.fetch(ids), self.tasks[2:])
        inner = self.item(Column.inner_id, Operator.IN, Type.Number, {"min": 2, "max": 3})
        self.assertEqual(self.fetch(inner, ordering=["-tasks:id"]), self.tasks[2:0:-1])

    def test_since_a_moment(self):
        hour = "%Y-%m-%dT%H:%M:%S.000000Z"
        for column in (Column.created_at, Column.updated_at):
            past, future = (time.strftime(hour, time.gmtime(time.time() + hours * 3600)) for hours in (-1, 1))
            self.assertEqual(self.fetch(self.item(column, Operator.GREATER, Type.Datetime, past)), self.tasks)
            self.assertEqual(self.fetch(self.item(column, Operator.GREATER, Type.Datetime, future)), [])

    def test_fields_of_the_data(self):
        equal = self.item(Column.data("text"), Operator.EQUAL, Type.String, "text 1")
        contains = self.item(Column.data("text"), Operator.CONTAINS, Type.String, "T 3")
        self.assertEqual(self.fetch(equal, contains, conjunction=Filters.OR), [self.tasks[0], self.tasks[2]])
        self.assertEqual(self.fetch(equal, contains), [])

    def test_a_forgotten_variable_is_no_empty_list(self):
        for query in ("project={project_id}", "project=None", f"project={self.project.id}&view=None"):
            self.assertEqual(self.request("GET", f"api/tasks/?{query}").status_code, 400)


@with_each_token
class TestViewsAndSnapshots(SdkTestCase):
    def test_a_view_with_hidden_columns_a_snapshot_of_it_and_both_gone(self):
        project = new_project(self.client)
        tasks = new_tasks(self.client, project, 3)
        columns = [column["id"] for column in self.request("GET", f"api/dm/columns?project={project.id}").json()["columns"]]
        self.assertLessEqual({"text", "id", "completed_at", "annotations_results"}, set(columns))
        hidden = {"explore": ["tasks:inner_id", "tasks:annotations_results"], "labeling": []}
        item = Filters.item(Column.id, Operator.GREATER, Type.Number, tasks[0])
        data = {"title": "Later", "filters": Filters.create(Filters.AND, [item]), "hiddenColumns": hidden}
        view = self.client.views.create(project=project.id, data=data)
        self.assertEqual(self.client.views.get(id=str(view.id)).data["hiddenColumns"], hidden)
        exports = self.client.projects.exports
        snapshot = exports.create(project.id, task_filter_options={"view": view.id})
        while exports.get(id=project.id, export_pk=snapshot.id).status != "completed":
            time.sleep(0.1)
        content = b"".join(exports.download(id=project.id, export_pk=snapshot.id))
        self.assertEqual([task["id"] for task in json.loads(content)], tasks[1:])
        exports.delete(id=project.id, export_pk=snapshot.id)
        self.client.views.delete(id=str(view.id))
        self.assertEqual((exports.list(id=project.id), self.client.views.list(project=project.id)), ([], []))


@with_each_token
class TestIntegrations(SdkTestCase):
    def test_backends_webhooks_and_storages_are_none_and_connecting_says_what_to_do(self):
        project = new_project(self.client)
        self.assertEqual(self.client.ml.list(project=project.id), [])
        self.assertEqual(self.client.webhooks.list(project=project.id), [])
        self.assertEqual(self.client.import_storage.s3.list(project=project.id), [])
        self.assertEqual(self.client.export_storage.s3.list(project=project.id), [])
        for refused in (
            lambda: self.client.ml.create(project=project.id, url="http://backend.example"),
            lambda: self.client.webhooks.create(url="http://hook.example"),
            lambda: self.client.import_storage.s3.create(project=project.id, bucket="b"),
        ):
            with self.assertApiError(403) as caught:
                refused()
            self.assertRegex(caught.body["detail"], r"^Atelier (calls|connects)")

    def test_boxes_are_exported_as_listed_formats(self):
        project = self.client.projects.create(title=new_title(), label_config=BOXES)
        value = {"x": 10, "y": 20, "width": 25, "height": 50, "rotation": 0, "rectanglelabels": ["Bus"]}
        region = {"from_name": "box", "to_name": "image", "type": "rectanglelabels", "value": value}
        result = [{**region, "original_width": 40, "original_height": 20}]
        task = {"data": {"image": "https://example.com/a.png"}, "annotations": [{"result": result}]}
        self.client.projects.import_tasks(id=project.id, request=[task])
        exports = self.client.projects.exports
        offered = {each["name"] for each in exports.list_formats(id=project.id) if not each.get("disabled")}
        self.assertLessEqual({"YOLO", "COCO", "VOC"}, offered)
        with zipfile.ZipFile(io.BytesIO(exports.as_binary(project.id, export_type="YOLO"))) as archive:
            classes = archive.read("classes.txt").decode().split()
            (labels,) = [name for name in archive.namelist() if re.search(r"labels/.+\.txt$", name)]
            index, *box = archive.read(labels).decode().split()
        self.assertEqual((classes[int(index)], [float(number) for number in box]), ("Bus", [0.225, 0.45, 0.25, 0.5]))
        with zipfile.ZipFile(io.BytesIO(exports.as_binary(project.id, export_type="COCO"))) as archive:
            (annotation,) = json.loads(archive.read("result.json"))["annotations"]
        self.assertEqual(annotation["bbox"], [4, 4, 10, 10])


@with_each_token
class TestPredictionsInShort(SdkTestCase):
    def test_in_tasks_and_by_themselves(self):
        project = self.client.projects.create(title=new_title(), label_config=CONFIG)
        tasks = [{"data": {"text": text}, "predictions": [{"result": "Positive", "model_version": "m1"}]} for text in "ab"]
        answer = self.client.projects.import_tasks(id=project.id, request=tasks, return_task_ids=True)
        first = answer.task_ids[0]
        self.client.predictions.create(task=first, result="Negative", score=0.4, model_version="m2")
        choices = [each.result[0]["value"]["choices"] for each in self.client.predictions.list(task=first)]
        self.assertEqual(choices, [["Positive"], ["Negative"]])
        versions = self.request("GET", f"api/projects/{project.id}/model-versions/").json()
        self.assertEqual(versions, {"m2": 1, "m1": 2})


class TestLogInByForm(SdkTestCase):
    kind = "legacy"

    def test_the_hidden_field_is_read_and_sent_back(self):
        with httpx.Client(base_url=URL) as browser:
            page = browser.get("/user/login/").text
            (field,) = re.findall(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
            form = {"email": self.person.email, "password": PASSWORD, "csrfmiddlewaretoken": field}
            answer = browser.post("/user/login/", data=form, headers={"Referer": f"{URL}user/login/"})
            self.assertIn(answer.status_code, (302, 303))
            self.assertIn("csrftoken", browser.cookies)
            self.assertEqual(browser.get("/api/current-user/whoami").json()["email"], self.person.email)
