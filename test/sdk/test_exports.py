import csv
import io
import json
import pathlib
import tempfile
from datetime import datetime

from label_studio_sdk.converter import Converter

from sdk_test_case import SdkTestCase, with_each_token

TEXTS = """<View><Text name="text" value="$text"/>
<Choices name="sentiment" toName="text"><Choice value="Positive"/><Choice value="Negative"/></Choices>
<Choices name="topics" toName="text" choice="multiple"><Choice value="food"/><Choice value="service"/></Choices>
<TextArea name="note" toName="text"/><Rating name="stars" toName="text"/>
<Labels name="entity" toName="text"><Label value="PER"/><Label value="LOC"/></Labels></View>"""

IMAGES = """<View><Image name="image" value="$image"/>
<RectangleLabels name="box" toName="image"><Label value="Car"/><Label value="Bus"/></RectangleLabels></View>"""


def answer(name: str, kind: str, value: dict, to: str = "text", **more) -> dict:
    return {"id": f"r-{name}", "from_name": name, "to_name": to, "type": kind, "value": value, **more}


RESULT = [
    answer("sentiment", "choices", {"choices": ["Positive"]}),
    answer("topics", "choices", {"choices": ["food", "service"]}),
    answer("note", "textarea", {"text": ['It says "é", twice;\nand a line']}),
    answer("stars", "rating", {"rating": 4}),
    answer("entity", "labels", {"start": 0, "end": 3, "text": "Ada", "labels": ["PER"]}),
]


class Exported(SdkTestCase):
    """`project` with two texts, the first of which is labeled and then labeled again, and once skipped."""

    config = TEXTS
    data = ({"text": "Ada went to Paris", "n": 7, "deep": {"list": [1.5, None, "a/b"]}}, {"text": "Nobody read this"})
    result = RESULT

    def setUp(self):
        super().setUp()
        self.project = self.client.projects.create(title="Exported", label_config=self.config)
        self.tasks = [self.client.tasks.create(project=self.project.id, data=data).id for data in self.data]
        self.first, self.again, self.skip = (
            self.client.annotations.create(id=self.tasks[0], lead_time=1.25, **fields)
            for fields in ({"result": self.result}, {"result": self.result[:1]}, {"result": [], "was_cancelled": True})
        )
        self.exports = self.client.projects.exports

    def convert_by_sdk(self, exported: bytes, to_format: str, name: str) -> str:
        """Converts a JSON export by the converter of the SDK."""
        with tempfile.TemporaryDirectory() as folder:
            source = pathlib.Path(folder, "export.json")
            source.write_bytes(exported)
            out = pathlib.Path(folder, "out")
            Converter(config=self.config, project_dir=None).convert(str(source), str(out), to_format, is_dir=False)
            return out.joinpath(name).read_bytes().decode()


@with_each_token
class Exports(Exported):
    def test_json_has_all_annotations(self):
        labeled, unlabeled = self.exports.as_json(self.project.id)
        self.assertEqual([labeled["id"], unlabeled["id"]], self.tasks)
        self.assertEqual([labeled["data"], unlabeled["data"]], list(self.data))
        self.assertEqual(unlabeled["annotations"], [])
        presented = [(each["id"], each["result"], each["was_cancelled"]) for each in labeled["annotations"]]
        expected = [(self.first.id, RESULT, False), (self.again.id, RESULT[:1], False), (self.skip.id, [], True)]
        self.assertEqual(presented, expected)
        self.assertEqual({each["completed_by"] for each in labeled["annotations"]}, {self.person.id})

    def test_pandas_reads_the_table(self):
        frame = self.exports.as_pandas(self.project.id)
        # Newest first, skips are left out, and a task without annotations is a row.
        self.assertEqual(list(frame["id"]), [self.tasks[0], self.tasks[0], self.tasks[1]])
        self.assertEqual(list(frame["annotation_id"])[:2], [self.again.id, self.first.id])
        row = frame.iloc[1]
        self.assertEqual((row["sentiment"], row["n"], row["lead_time"]), ("Positive", 7, 1.25))
        self.assertEqual(json.loads(row["topics"]), {"choices": ["food", "service"]})
        self.assertEqual(row["note"], 'It says "é", twice;\nand a line')
        self.assertEqual(json.loads(row["deep"]), self.data[0]["deep"])

    def test_each_listed_format_is_exported(self):
        listed = self.exports.list_formats(id=self.project.id)
        formats = [each["name"] for each in listed if not each.get("disabled")]
        self.assertEqual(formats, ["JSON", "JSON_MIN", "CSV", "TSV", "CONLL2003"])
        self.assertEqual(len(listed), 17)
        for name in formats:
            text = self.exports.as_binary(self.project.id, export_type=name).decode()
            if name.startswith("JSON"):
                self.assertEqual(len(json.loads(text)), 2 if name == "JSON" else 3)
            elif name == "CONLL2003":
                self.assertTrue(text.startswith("-DOCSTART- -X- O\n"))
            else:
                table = list(csv.reader(io.StringIO(text), delimiter="\t" if name == "TSV" else ","))
                self.assertEqual(len(table), 4)
                self.assertEqual(len({len(row) for row in table}), 1)

    def test_tasks_are_chosen(self):
        def selected(**query) -> list[int]:
            pieces = self.exports.download_sync(self.project.id, **query)
            return [task["id"] for task in json.loads(b"".join(pieces))]

        self.assertEqual(selected(), self.tasks[:1])
        self.assertEqual(selected(download_all_tasks=True), self.tasks)
        self.assertEqual(selected(download_all_tasks=True, ids=[str(self.tasks[1])]), self.tasks[1:])
        self.assertEqual(selected(download_all_tasks=True, ids=[str(id) for id in self.tasks]), self.tasks)

    def test_what_cannot_be_exported_is_refused(self):
        with self.assertApiError(400) as caught:
            self.exports.as_binary(self.project.id, export_type="BRUSH_TO_PNG")
        (message,) = caught.body["validation_errors"]["export_type"]
        self.assertTrue(message.startswith("BRUSH_TO_PNG is not supported export format."), message)
        with self.assertApiError(400) as caught:
            self.exports.as_binary(self.project.id, export_type="YOLO")
        (message,) = caught.body["validation_errors"]["exportType"]
        self.assertIn("doesn't fit", message)
        with self.assertApiError(404) as caught:
            self.exports.as_json(999_999)
        self.assertEqual(caught.body["detail"], "No Project matches the given query.")

    def test_an_export_can_be_imported_again(self):
        copy = self.client.projects.create(title="Copy of it", label_config=self.config)
        exported = self.exports.as_json(self.project.id)
        self.client.projects.import_tasks(id=copy.id, request=exported)
        again = self.exports.as_json(copy.id)
        self.assertEqual([task["data"] for task in again], [task["data"] for task in exported])
        results = [[each["result"] for each in task["annotations"]] for task in again]
        self.assertEqual(results, [[RESULT, RESULT[:1], []], []])


@with_each_token
class Converted(Exported):
    """What the SDK's converter makes of our JSON is what we export in that format, and in other formats all is there."""

    def test_tables_and_short_json_are_the_converters(self):
        exported = self.exports.as_binary(self.project.id)
        for name, file in (("CSV", "result.csv"), ("TSV", "result.csv")):
            ours = self.exports.as_binary(self.project.id, export_type=name).decode()
            self.assertEqual(ours, self.convert_by_sdk(exported, name, file))
        short = self.exports.as_binary(self.project.id, export_type="JSON_MIN")
        self.assertEqual(json.loads(short), json.loads(self.convert_by_sdk(exported, "JSON_MIN", "result.json")))

    def test_json_is_accepted_unchanged(self):
        exported = self.exports.as_binary(self.project.id)
        self.assertEqual(json.loads(self.convert_by_sdk(exported, "JSON", "result.json")), json.loads(exported))


@with_each_token
class Snapshots(Exported):
    def test_a_snapshot_is_created_listed_downloaded_and_deleted(self):
        created = self.exports.create(self.project.id, title="Before the holidays")
        self.assertEqual((created.title, created.created_by.id), ("Before the holidays", self.person.id))
        self.assertIsInstance(created.created_at, datetime)
        presented = self.exports.get(id=self.project.id, export_pk=created.id)
        self.assertEqual((presented.status, presented.counters), ("completed", {"task_number": 2}))
        self.assertEqual([each.id for each in self.exports.list(id=self.project.id)], [created.id])
        pieces = self.exports.download(id=self.project.id, export_pk=created.id)
        tasks = json.loads(b"".join(pieces))
        self.assertEqual([task["data"] for task in tasks], list(self.data))
        self.assertEqual(tasks[0]["annotations"], self.exports.as_json(self.project.id)[0]["annotations"])
        self.assertIsNone(self.exports.delete(id=self.project.id, export_pk=created.id))
        with self.assertApiError(404):
            self.exports.get(id=self.project.id, export_pk=created.id)

    def test_a_snapshot_is_converted(self):
        created = self.exports.create(self.project.id)
        started = self.exports.convert(id=self.project.id, export_pk=created.id, export_type="CSV")
        (converted,) = self.exports.get(id=self.project.id, export_pk=created.id).converted_formats
        self.assertEqual((converted.id, converted.export_type), (started.converted_format, "CSV"))
        pieces = self.exports.download(id=self.project.id, export_pk=created.id, export_type="CSV")
        self.assertEqual(b"".join(pieces), self.exports.as_binary(self.project.id, export_type="CSV"))

    def test_a_filter_chooses_tasks_and_what_is_whole(self):
        created = self.exports.create(
            self.project.id,
            task_filter_options={"annotated": "only"},
            annotation_filter_options={"usual": False, "skipped": True},
            serialization_options={"annotations_completed_by": {"only_id": False}},
        )
        pieces = self.exports.download(id=self.project.id, export_pk=created.id)
        (task,) = json.loads(b"".join(pieces))
        (skip,) = task["annotations"]
        self.assertEqual((skip["id"], skip["completed_by"]["email"]), (self.skip.id, self.person.email))

    def test_invalid_options_are_reported_by_field(self):
        with self.assertApiError(400) as caught:
            self.exports.create(self.project.id, task_filter_options={"skipped": "nope"})
        expected = {"task_filter_options": ['skipped: "nope" is not a valid choice.']}
        self.assertEqual(caught.body["validation_errors"], expected)
