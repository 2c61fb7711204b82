"""Projects whose texts are labeled by sentiment."""

import uuid

from label_studio_sdk import LabelStudio
from label_studio_sdk.label_interface import LabelInterface
from label_studio_sdk.label_interface.create import choices

from sdk_test_case import SdkTestCase

CONFIG = LabelInterface.create({"text": "Text", "sentiment": choices(("Positive", "Negative"))})

OTHER_CONFIG = LabelInterface.create({"image": "Image", "animal": choices(("Cat", "Dog"))})

COUNTS = (
    "task_number",
    "finished_task_number",
    "total_annotations_number",
    "skipped_annotations_number",
    "num_tasks_with_annotations",
    "useful_annotation_number",
    "ground_truth_number",
    "total_predictions_number",
)
"""The counters of a project."""


def new_title() -> str:
    """Returns a unique title: all tests share the server, and every member sees all projects."""
    return uuid.uuid4().hex


def new_project(client: LabelStudio, **settings):
    return client.projects.create(**{"title": new_title(), "label_config": CONFIG, **settings})


def new_tasks(client: LabelStudio, project, count: int = 1) -> list[int]:
    """Creates tasks with the texts "text 1", "text 2" and so on, and returns their ids."""
    texts = [f"text {number}" for number in range(1, count + 1)]
    return [client.tasks.create(project=project.id, data={"text": text}).id for text in texts]


def sentiment(choice: str, region: str = "r1") -> list[dict]:
    """A result with one choice."""
    value = {"choices": [choice]}
    return [{"id": region, "from_name": "sentiment", "to_name": "text", "type": "choices", "value": value}]


def plain(items: list) -> list[dict]:
    """Nested records as dictionaries; the SDK returns dictionaries or objects."""
    return [item if isinstance(item, dict) else item.dict() for item in items]


class LabeledTask(SdkTestCase):
    """`project` with one task, `task`."""

    def setUp(self):
        super().setUp()
        self.project = new_project(self.client)
        (self.task,) = new_tasks(self.client, self.project)

    def state(self) -> tuple:
        task = self.client.tasks.get(id=str(self.task))
        return task.is_labeled, task.total_annotations, task.cancelled_annotations
