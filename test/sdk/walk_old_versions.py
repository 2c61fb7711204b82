"""What scripts of the SDK's first years do, with one of its old versions, whose class raises nothing for some refusals."""

import csv
import json
import logging
import os
import pathlib
import tempfile
import unittest
import uuid

import label_studio_sdk
import requests
from label_studio_sdk import Client
from label_studio_sdk.data_manager import Column, Filters, Operator, Type

# It prints each refusal, of which some are meant.
logging.disable(logging.CRITICAL)

URL = os.environ["ATELIER_URL"]
TOKEN = os.environ["ATELIER_TOKEN"]

TEXTS = """<View><Text name="text" value="$text"/>
<Choices name="sentiment" toName="text"><Choice value="Positive"/><Choice value="Negative"/></Choices></View>"""

BOXES = """<View><Image name="image" value="$image"/>
<RectangleLabels name="box" toName="image"><Label value="Car"/></RectangleLabels></View>"""


def sentiment(choice: str) -> list[dict]:
    return [{"from_name": "sentiment", "to_name": "text", "type": "choices", "value": {"choices": [choice]}}]


class OldClass(unittest.TestCase):
    def setUp(self):
        self.client = Client(URL, TOKEN)
        self.project = self.client.start_project(title=uuid.uuid4().hex, label_config=TEXTS)
        self.tasks = self.project.import_tasks([{"text": f"text {number}"} for number in range(1, 6)])

    def test_it_is_an_old_version(self):
        self.assertIn(os.environ["ATELIER_OLD_SDK"], label_studio_sdk.__file__)

    def test_connection_people_and_projects(self):
        self.assertEqual(self.client.check_connection(), {"status": "UP"})
        self.assertIn(os.environ["ATELIER_EMAIL"], [user.email for user in self.client.get_users()])
        self.assertIn(self.project.id, [each.id for each in self.client.list_projects()])
        found = self.client.get_project(self.project.id)
        self.assertEqual(found.parsed_label_config["sentiment"]["labels"], ["Positive", "Negative"])
        found.set_params(title="Renamed", sampling="Uniform sampling")
        self.assertEqual(self.client.get_project(self.project.id).title, "Renamed")
        found.set_published(True)
        self.assertEqual(found.get_params()["is_published"], True)
        self.client.delete_project(self.project.id)
        self.assertNotIn(self.project.id, [each.id for each in self.client.list_projects()])

    def test_tasks_come_from_lists_and_files_and_go(self):
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder, "tasks.csv")
            with file.open("w", newline="") as table:
                csv.writer(table).writerows([["text"], ["from a file"], ["again"]])
            more = self.project.import_tasks(str(file))
        self.assertEqual(self.project.tasks_ids, [*self.tasks, *more])
        self.assertEqual(self.project.get_task(more[0])["data"], {"text": "from a file"})
        changed = self.project.update_task(more[0], data={"text": "changed"})
        self.assertEqual(changed["data"], {"text": "changed"})
        self.project.delete_task(more[0])
        self.project.delete_tasks(more[1:])
        self.project.delete_all_tasks(excluded_ids=self.tasks[:1])
        self.assertEqual(self.project.tasks_ids, self.tasks[:1])
        self.assertRaises(requests.HTTPError, self.project.get_task, more[0])

    def test_annotations(self):
        made = self.project.create_annotation(self.tasks[0], result=sentiment("Positive"), lead_time=2.5)
        self.assertEqual(self.project.get_annotation(made["id"])["lead_time"], 2.5)
        self.project.update_annotation(made["id"], result=sentiment("Negative"), ground_truth=True)
        (listed,) = self.project.list_annotations(self.tasks[0])
        self.assertEqual((listed["result"], listed["ground_truth"]), (sentiment("Negative"), True))
        self.assertEqual([task["id"] for task in self.project.get_labeled_tasks()], self.tasks[:1])
        self.assertEqual(self.project.get_unlabeled_tasks_ids(), self.tasks[1:])
        self.project.delete_annotation(made["id"])
        self.assertEqual(self.project.get_labeled_tasks_ids(), [])

    def test_predictions_in_short(self):
        self.project.create_prediction(self.tasks[0], result="Positive", score=0.9, model_version="v1")
        self.project.create_predictions([{"task": task, "result": sentiment("Negative"), "model_version": "v2"} for task in self.tasks[:2]])
        self.assertEqual(self.project.get_model_versions(), {"v2": 2, "v1": 1})
        self.assertEqual(self.project.get_predictions_coverage(), {"v2": 0.4, "v1": 0.2})
        (first, *_) = self.project.get_task(self.tasks[0])["predictions"]
        self.assertEqual(first["result"][0]["value"], {"choices": ["Positive"]})
        self.project.create_annotations_from_predictions(model_versions=["v1"])
        self.assertEqual(self.project.get_labeled_tasks_ids(), self.tasks[:1])
        self.project.set_model_version("v1")

    def test_filters_views_and_snapshots(self):
        item = Filters.item(Column.id, Operator.LESS, Type.Number, Filters.value(self.tasks[2]))
        few = Filters.create(Filters.AND, [item])
        self.assertEqual(self.project.get_tasks(filters=few, ordering=["-" + Column.id], only_ids=True), self.tasks[1::-1])
        self.assertEqual(self.project.get_tasks(selected_ids=self.tasks[3:], only_ids=True), self.tasks[3:])
        page = self.project.get_paginated_tasks(page=2, page_size=2)
        self.assertEqual([task["id"] for task in page["tasks"]], self.tasks[2:4])
        view = self.project.create_view(filters=few, title="Few")
        self.assertEqual([each["id"] for each in self.project.get_views()], [view["id"]])
        self.assertEqual(self.project.get_tasks(view_id=view["id"], only_ids=True), self.tasks[:2])
        snapshot = self.project.export_snapshot_create(title="Few", task_filter_options={"view": view["id"]})
        self.assertTrue(self.project.export_snapshot_status(snapshot["id"]).is_completed())
        with tempfile.TemporaryDirectory() as folder:
            status, name = self.project.export_snapshot_download(snapshot["id"], export_type="JSON", path=folder)
            self.assertEqual(status, 200)
            self.assertEqual([task["id"] for task in json.loads(pathlib.Path(folder, name).read_text())], self.tasks[:2])
        self.assertEqual([each["id"] for each in self.project.export_snapshot_list()], [snapshot["id"]])
        self.project.export_snapshot_delete(snapshot["id"])
        self.assertEqual(self.project.export_snapshot_list(), [])

    def test_exports(self):
        self.project.create_annotation(self.tasks[0], result=sentiment("Positive"))
        self.assertEqual([task["id"] for task in self.project.export_tasks()], self.tasks[:1])
        self.assertEqual(len(self.project.export_tasks(download_all_tasks=True)), 5)
        chosen = self.project.export_tasks(ids=self.tasks[1:3], download_all_tasks=True)
        self.assertEqual([task["id"] for task in chosen], self.tasks[1:3])
        boxes = self.client.start_project(title=uuid.uuid4().hex, label_config=BOXES)
        boxes.import_tasks([{"image": "https://example.com/a.png"}])
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder, "yolo.zip")
            boxes.export_tasks(export_type="YOLO", download_all_tasks=True, export_location=str(file))
            self.assertTrue(file.read_bytes().startswith(b"PK"))
        self.assertRaises(requests.HTTPError, self.project.export_tasks, export_type="YOLO")

    def test_what_is_not_here_says_so(self):
        self.assertEqual(self.project.get_import_storages(), [])
        self.assertEqual(self.project.get_export_storages(), [])
        with self.assertRaises(requests.HTTPError) as caught:
            self.project.connect_s3_import_storage("bucket")
        self.assertEqual(caught.exception.response.status_code, 403)
        self.assertIn("connects to no storage", caught.exception.response.json()["detail"])


try:
    from label_studio_sdk.client import LabelStudio
except ImportError:
    LabelStudio = None


@unittest.skipIf(LabelStudio is None, "this version has the old class alone")
class FirstNewClass(unittest.TestCase):
    """The class that came with 1.0, beside the old one."""

    def test_a_project_is_labeled_and_exported(self):
        client = LabelStudio(base_url=URL, api_key=TOKEN)
        project = client.projects.create(title=uuid.uuid4().hex, label_config=TEXTS)
        client.projects.import_tasks(id=project.id, request=[{"text": "a"}, {"text": "b"}])
        tasks = [task.id for task in client.tasks.list(project=project.id)]
        self.assertEqual(len(tasks), 2)
        client.annotations.create(id=tasks[0], result=sentiment("Positive"))
        client.predictions.create(task=tasks[1], result=sentiment("Negative"), model_version="v1")
        self.assertEqual(len(client.annotations.list(id=tasks[0])), 1)
        view = client.views.create(project=project.id, data={"title": "All"})
        self.assertEqual([each.id for each in client.views.list(project=project.id)], [view.id])
        self.assertIn(project.id, [each.id for each in client.projects.list()])
        client.tasks.delete(id=str(tasks[1]))
        client.projects.delete(id=project.id)


if __name__ == "__main__":
    unittest.main()
