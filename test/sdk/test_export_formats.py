import io
import json
import logging
import math
import pathlib
import tempfile
import wave
import zipfile

from label_studio_sdk.converter import Converter

from labeling import new_title
from sdk_test_case import SdkTestCase, with_each_token

# It names each task without regions.
logging.getLogger("label_studio_sdk.converter").setLevel(logging.ERROR)

BOXES = """<View><Image name="image" value="$image"/>
<RectangleLabels name="box" toName="image"><Label value="Van" category="7"/><Label value="Car"/><Label value="Bus"/></RectangleLabels>
<PolygonLabels name="outline" toName="image"><Label value="Tree" alias="tree"/></PolygonLabels></View>"""

KEYPOINTS = """<View><Image name="image" value="$image"/>
<RectangleLabels name="box" toName="image"><Label value="Cat"/><Label value="Dog"/></RectangleLabels>
<KeyPointLabels name="point" toName="image"><Label value="tail" model_index="1"/><Label value="nose" model_index="0"/></KeyPointLabels></View>"""

TEXTS = """<View><Text name="text" value="$text"/>
<Labels name="entity" toName="text"><Label value="PER"/><Label value="ORG"/></Labels></View>"""

SPEECH = """<View><Audio name="audio" value="$audio"/><TextArea name="words" toName="audio"/></View>"""

WORDS = (
    "Ada went to Paris, then home.",
    "He said \"it's fine\" (really), don't go...",
    "Good muffins cost $3.88\nin New (York). Please (buy) me\ntwo of them.",
    "cannot gonna d'ye 'tis More'n",
    "👩\u200d🚀 Ada's 'quoted' -- dash; a:b 10:30, x,y",
    "``odd'' \"quotes\" and it''s",
    "",
)


def region(name: str, kind: str, value: dict, **more) -> dict:
    return {"from_name": name, "to_name": "image", "type": kind, "value": value, **more}


def box(number: int, *labels: str, rotation: float = 0, **more) -> dict:
    place = {"x": 7.3 * number % 60, "y": 11.7 * number % 60, "width": 3.1 + number, "height": 13.9, "rotation": rotation}
    size = {"original_width": 640, "original_height": 427}
    return region("box", "rectanglelabels", {**place, "rectanglelabels": list(labels)}, **size, **more)


def outline(number: int) -> dict:
    points = [[10, 10], [50.5, 10 + number], [50, 90], [number, 33.3]]
    value = {"points": points, "polygonlabels": ["tree"], "closed": True}
    return region("outline", "polygonlabels", value, original_width=640, original_height=427)


def point(label: str, parent: dict, x: float) -> dict:
    value = {"x": x, "y": 40.5, "width": 0.5, "keypointlabels": [label]}
    return region("point", "keypointlabels", value, parentID=parent["id"], original_width=640, original_height=427)


def animals() -> list[dict]:
    cat, dog = box(1, "Cat", id="cat"), box(2, "Dog", id="dog")
    return [cat, point("nose", cat, 10), dog, point("tail", dog, 20), point("nose", dog, 30)]


@with_each_token
class ServerMadeFormats(SdkTestCase):
    """What the server writes, directly and from a snapshot, is file by file what the SDK's converter makes of its JSON."""

    def import_project(self, config: str, tasks: list[dict]) -> None:
        self.project = self.client.projects.create(title=new_title(), label_config=config)
        self.client.projects.import_tasks(id=self.project.id, request=tasks)

    def assert_as_converted(self, *formats: str, **options) -> None:
        exports = self.client.projects.exports
        listed = [each["name"] for each in exports.list_formats(id=self.project.id) if not each.get("disabled")]
        self.assertLessEqual(set(formats), set(listed))
        snapshot = exports.create(self.project.id)
        exported = exports.as_binary(self.project.id)
        for name in formats:
            theirs = self.convert(exported, name, **options)
            self.assertTrue(theirs)
            direct = exports.as_binary(self.project.id, export_type=name)
            stored = b"".join(exports.download(id=self.project.id, export_pk=snapshot.id, export_type=name))
            for content in (direct, stored):
                ours = files_of(content)
                self.assertEqual(sorted(ours), sorted(theirs), name)
                for file, text in theirs.items():
                    assert_same(self, f"{name}: {file}", ours[file], text)

    def convert(self, exported: bytes, to_format: str, **options) -> dict[str, str]:
        config = self.client.projects.get(id=self.project.id).parsed_label_config
        with tempfile.TemporaryDirectory() as folder:
            source, out = pathlib.Path(folder, "export.json"), pathlib.Path(folder, "out")
            source.write_bytes(exported)
            converter = Converter(config=config, project_dir=None, **{"download_resources": False, **options})
            converter.convert(str(source), str(out), to_format, is_dir=False)
            files = {str(each.relative_to(out)): each for each in out.rglob("*") if each.suffix != ".wav"}
            return {name: each.read_text(encoding="utf-8") for name, each in files.items() if each.is_file()}

    def test_boxes_and_outlines(self):
        addresses = ["https://example.com/a/b.jpg?x=1", "https://example.com/p;v=1/q.tar.gz;v=2#f", "s3://bucket/k/c.png", "plain.png"]
        results = [
            [box(1, "Car"), box(2, "Bus", "Car"), outline(3)],
            [outline(1), box(4, "Van", rotation=30), box(5, "Not in the setup")],
            [box(6), box(7, "Car", rotation=-12.5)],
            [],
        ]
        tasks = [
            {"data": {"image": address}, "annotations": [{"result": result}]}
            for address, result in zip(addresses, results)
        ]
        tasks.append({"data": {"image": "https://example.com/unlabeled.png"}})
        tasks.append({"data": {"image": "https://example.com/skip.png"}, "annotations": [{"result": [], "was_cancelled": True}]})
        self.import_project(BOXES, tasks)
        self.assert_as_converted("YOLO", "YOLO_OBB", "COCO", "VOC")

    def test_several_annotations_of_an_image(self):
        self.import_project(BOXES, [{"data": {"image": "https://example.com/a.png"}}])
        (task,) = self.client.tasks.list(project=self.project.id)
        for number in (1, 2):
            self.client.annotations.create(id=task.id, result=[box(number, "Car")])
        self.assert_as_converted("YOLO", "COCO", "VOC")

    def test_keypoints(self):
        tasks = [{"data": {"image": f"https://example.com/{number}.png"}} for number in range(3)]
        tasks[0]["annotations"] = [{"result": animals()}]
        tasks[1]["annotations"] = [{"result": animals()[2:]}]
        self.import_project(KEYPOINTS, tasks)
        self.assert_as_converted("YOLO", "COCO")

    def test_words(self):
        spans = [{"start": 4, "end": 7, "labels": ["PER"]}, {"start": 0, "end": 3, "labels": ["ORG"]}]
        result = [{"from_name": "entity", "to_name": "text", "type": "labels", "value": span} for span in spans]
        tasks = [{"data": {"text": text}, "annotations": [{"result": result}]} for text in WORDS]
        self.import_project(TEXTS, [*tasks, {"data": {"text": WORDS[0]}}])
        self.assert_as_converted("CONLL2003")

    def test_speech(self):
        with tempfile.TemporaryDirectory() as folder:
            pathlib.Path(folder, "1").mkdir()
            with wave.open(str(pathlib.Path(folder, "1", "22be5089-s.wav")), "wb") as file:
                file.setparams((1, 2, 8000, 0, "NONE", "not compressed"))
                file.writeframes(bytes(2 * 2400))
            words = {"from_name": "words", "to_name": "audio", "type": "textarea", "value": {"text": ["grüß dich"]}}
            task = {
                "data": {"audio": "/data/upload/1/22be5089-s.wav"},
                "annotations": [{"result": [{**words, "original_length": 0.3}]}],
            }
            self.import_project(SPEECH, [task])
            self.assert_as_converted("ASR_MANIFEST", upload_dir=folder, download_resources=True)


def files_of(content: bytes) -> dict[str, str]:
    """The files of a zip, or the one file."""
    if not content.startswith(b"PK"):
        return {"result.conll": content.decode()}
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        names = [name for name in archive.namelist() if not name.endswith("/")]
        return {name: archive.read(name).decode() for name in names}


def assert_same(test: SdkTestCase, name: str, ours: str, theirs: str) -> None:
    """Sines differ in their last digit between languages, and the day is another one at midnight."""
    if name.endswith(("result.json", "notes.json")):
        one, other = json.loads(ours), json.loads(theirs)
        test.assertEqual(one.pop("info").keys(), other.pop("info").keys())
        assert_close(test, name, one, other)
    elif ours != theirs:
        test.assertTrue(name.endswith(".txt"), f"{name}\n{ours}\n{theirs}")
        lines = [[list(map(float, line.split())) for line in text.splitlines()] for text in (ours, theirs)]
        assert_close(test, name, *lines)


def assert_close(test: SdkTestCase, name: str, one, other) -> None:
    if isinstance(one, dict):
        test.assertEqual(one.keys(), other.keys(), name)
        for key in one:
            assert_close(test, f"{name}/{key}", one[key], other[key])
    elif isinstance(one, list):
        test.assertEqual(len(one), len(other), name)
        for index, pair in enumerate(zip(one, other)):
            assert_close(test, f"{name}/{index}", *pair)
    elif isinstance(one, (int, float)) and isinstance(other, (int, float)):
        test.assertTrue(math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-9), f"{name}: {one}, {other}")
    else:
        test.assertEqual(one, other, name)
