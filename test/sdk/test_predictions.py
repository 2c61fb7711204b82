from datetime import datetime

from labeling import new_project, new_tasks, plain, sentiment
from sdk_test_case import SdkTestCase, with_each_token


@with_each_token
class Predictions(SdkTestCase):
    def setUp(self):
        super().setUp()
        self.project = new_project(self.client)
        self.task, self.other_task = new_tasks(self.client, self.project, 2)

    def predict(self, choice: str = "Positive", **fields):
        return self.client.predictions.create(**{"task": self.task, "result": sentiment(choice), **fields})

    def test_a_created_prediction_is_returned_and_stored_as_it_was_sent(self):
        fields = {"score": 0.9, "model_version": "m1", "cluster": 3, "neighbors": [1, 2], "mislabeling": 0.25}
        created = self.predict(**fields)
        self.assertEqual((created.task, created.project, created.result), (self.task, self.project.id, sentiment("Positive")))
        self.assertEqual({name: getattr(created, name) for name in fields}, fields)
        self.assertIsInstance(created.created_at, datetime)
        self.assertEqual(self.client.predictions.get(id=created.id).dict(), created.dict())

    def test_only_task_and_result_are_required(self):
        created = self.predict()
        self.assertEqual((created.score, created.model_version, created.cluster, created.neighbors), (None, "", None, None))
        self.assertEqual((created.mislabeling, created.model, created.model_run), (0, None, None))

    def test_a_result_is_not_checked_against_the_label_config(self):
        result = [{"foo": 1, "a": [1.5, 10**18, None, "ü😀"]}]
        self.assertEqual(self.client.predictions.create(task=self.task, result=result).result, result)
        self.assertEqual(self.client.predictions.create(task=self.task, result=[]).result, [])

    def test_predictions_are_counted(self):
        self.predict()
        self.predict("Negative", score=0.5)
        results = [sentiment("Positive"), sentiment("Negative")]
        task = self.client.tasks.get(id=str(self.task))
        self.assertEqual((task.total_predictions, task.is_labeled), (2, False))
        self.assertEqual([each["result"] for each in plain(task.predictions)], results)
        self.assertEqual(self.client.projects.get(id=self.project.id).total_predictions_number, 2)

    def test_what_is_wrong_with_a_prediction_is_reported_by_field(self):
        with self.assertApiError(400) as caught:
            self.client.predictions.create(task=999_999, result=[])
        self.assertEqual(caught.body["validation_errors"], {"task": ['Invalid pk "999999" - object does not exist.']})
        with self.assertApiError(400) as caught:
            self.predict(score="x", cluster="x", mislabeling="x")
        expected = {
            "score": ["A valid number is required."],
            "cluster": ["A valid integer is required."],
            "mislabeling": ["A valid number is required."],
        }
        self.assertEqual(caught.body["validation_errors"], expected)
        self.assertEqual(self.client.predictions.list(task=self.task), [])

    def test_predictions_are_listed_by_task_and_by_project(self):
        first, second = self.predict().id, self.predict("Negative").id
        third = self.predict(task=self.other_task).id
        elsewhere = self.predict(task=new_tasks(self.client, new_project(self.client))[0]).id
        listed = self.client.predictions.list(task=self.task)
        self.assertEqual([each.id for each in listed], [first, second])
        self.assertEqual([each.result for each in listed], [sentiment("Positive"), sentiment("Negative")])
        for query in ({"project": self.project.id}, {"task_project": self.project.id}):
            self.assertEqual([each.id for each in self.client.predictions.list(**query)], [first, second, third])
        both = self.client.predictions.list(task=self.other_task, project=self.project.id)
        self.assertEqual([each.id for each in both], [third])
        everything = [each.id for each in self.client.predictions.list()]
        self.assertEqual([id for id in everything if id >= first], [first, second, third, elsewhere])

    def test_a_list_of_what_is_not_there_is_refused(self):
        for name, field in (("task", "task"), ("project", "project"), ("task_project", "task__project")):
            with self.assertApiError(400) as caught:
                self.client.predictions.list(**{name: 999_999})
            problem = "Select a valid choice. That choice is not one of the available choices."
            self.assertEqual(caught.body["validation_errors"], {field: [problem]})

    def test_an_update_leaves_what_was_not_sent(self):
        created = self.predict(score=0.9, model_version="m1", cluster=3)
        changed = self.client.predictions.update(id=created.id, score=0.5)
        self.assertEqual((changed.score, changed.model_version, changed.cluster), (0.5, "m1", 3))
        self.assertEqual(changed.result, sentiment("Positive"))
        changed = self.client.predictions.update(id=created.id, result=sentiment("Negative"), model_version="m2")
        self.assertEqual((changed.result, changed.model_version, changed.score), (sentiment("Negative"), "m2", 0.5))
        self.assertEqual(self.client.predictions.get(id=created.id).dict(), changed.dict())

    def test_a_deleted_prediction_is_gone(self):
        created = self.predict()
        self.assertIsNone(self.client.predictions.delete(id=created.id))
        self.assertEqual(self.client.tasks.get(id=str(self.task)).total_predictions, 0)
        with self.assertApiError(404) as caught:
            self.client.predictions.delete(id=created.id)
        self.assertEqual(caught.body["detail"], "No Prediction matches the given query.")

    def test_a_prediction_that_is_not_there_is_not_found(self):
        with self.assertApiError(404):
            self.client.predictions.get(id=999_999)
        with self.assertApiError(404):
            self.client.predictions.update(id=999_999, score=0.5)
