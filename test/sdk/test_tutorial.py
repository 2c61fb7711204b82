from label_studio_sdk import LabelStudio
from label_studio_sdk.label_interface import LabelInterface
from label_studio_sdk.label_interface.create import choices
from label_studio_sdk.label_interface.objects import PredictionValue

from labeling import new_title
from people import PREFIXED_URL, owner
from sdk_test_case import SdkTestCase, with_each_token

REVIEWS = ["Wonderful, twice", "A waste of an evening", "I do not know"]


@with_each_token
class Tutorial(SdkTestCase):
    """From a new project to its export, as Label Studio's guide goes."""

    def test_a_project_is_set_up_labeled_exported_and_deleted(self):
        self.run_tutorial(self.client)

    def test_the_same_under_a_prefix(self):
        self.run_tutorial(LabelStudio(base_url=PREFIXED_URL, api_key=owner(PREFIXED_URL).tokens[self.kind]))

    def run_tutorial(self, client: LabelStudio):
        me = client.users.whoami()
        config = LabelInterface.create({"text": "Text", "sentiment": choices(("Positive", "Negative"))})
        project = client.projects.create(title=new_title(), label_config=config)
        client.projects.import_tasks(id=project.id, request=[{"text": text} for text in REVIEWS])
        tasks = list(client.tasks.list(project=project.id))
        self.assertEqual([task.data["text"] for task in tasks], REVIEWS)

        control = client.projects.get(id=project.id).get_label_interface().get_control("sentiment")
        for task in tasks:
            prediction = PredictionValue(model_version="guess", score=0.5, result=[control.label(["Positive"])])
            client.predictions.create(task=task.id, **prediction.model_dump())
        self.assertEqual(len(client.predictions.list(project=project.id)), 3)

        good, bad, unclear = (task.id for task in tasks)
        for id, choice in ((good, "Positive"), (bad, "Negative")):
            client.annotations.create(id=id, result=[control.label([choice])._dict()], lead_time=2.5)
        client.annotations.create(id=unclear, result=[], was_cancelled=True)
        answered = [task.id for task in client.tasks.list(project=project.id) if task.total_annotations]
        self.assertEqual(answered, [good, bad])
        self.assertEqual([each.id for each in client.projects.list_unique_annotators(id=project.id)], [me.id])

        exported = client.projects.exports.as_json(project.id)
        self.assertEqual([task["data"]["text"] for task in exported], REVIEWS)
        values = [answer["value"] for task in exported for each in task["annotations"] for answer in each["result"]]
        self.assertEqual(values, [{"choices": ["Positive"]}, {"choices": ["Negative"]}])
        table = client.projects.exports.as_pandas(project.id).set_index("id")
        self.assertEqual(list(table.loc[[good, bad], "sentiment"]), ["Positive", "Negative"])
        self.assertEqual(list(table.loc[[good, bad], "text"]), REVIEWS[:2])

        client.tasks.delete(id=str(bad))
        self.assertEqual([task.id for task in client.tasks.list(project=project.id)], [good, unclear])
        client.projects.delete(id=project.id)
        with self.assertApiError(404):
            client.projects.get(id=project.id)
