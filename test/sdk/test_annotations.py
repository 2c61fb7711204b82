from datetime import datetime

from labeling import LabeledTask, new_project, sentiment
from people import new_person
from sdk_test_case import SdkTestCase, with_each_token


@with_each_token
class Annotations(LabeledTask):
    def test_a_created_annotation_is_ones_own_and_labels_the_task(self):
        created = self.client.annotations.create(id=self.task, result=sentiment("Positive"), lead_time=2.5)
        self.assertEqual((created.task, created.project, created.completed_by), (self.task, self.project.id, self.person.id))
        self.assertEqual((created.result, created.lead_time), (sentiment("Positive"), 2.5))
        self.assertEqual((created.was_cancelled, created.ground_truth, created.updated_by), (False, False, self.person.id))
        self.assertIsInstance(created.created_at, datetime)
        self.assertIn(f"{self.person.email}, {self.person.id}", created.created_username)
        self.assertEqual(self.state(), (True, 1, 0))
        self.assertEqual(self.client.annotations.get(id=created.id).dict(), created.dict())

    def test_a_result_is_stored_as_it_was_sent(self):
        result = [*sentiment("Positive"), {"foo": 1, "a": [1.5, 10**18, None, "ü😀"], "": {}}]
        created = self.client.annotations.create(id=self.task, result=result)
        self.assertEqual(created.result, result)
        stored = self.client.annotations.get(id=created.id).result
        self.assertEqual(stored, result)
        self.assertEqual(list(stored[1]), list(result[1]))

    def test_regions_of_the_label_interface_are_accepted(self):
        interface = self.client.projects.get(id=self.project.id).get_label_interface()
        region = interface.get_control("sentiment").label(["Negative"])._dict()
        created = self.client.annotations.create(id=self.task, result=[region])
        self.assertEqual(created.result, [region])
        self.assertTrue(interface.validate_annotation({"result": created.result}))

    def test_a_skip_counts_by_itself(self):
        created = self.client.annotations.create(id=self.task, result=[], was_cancelled=True)
        self.assertEqual((created.result, created.was_cancelled), ([], True))
        self.assertEqual(self.state(), (False, 0, 1))
        self.assertEqual(self.client.annotations.list(id=self.task), [])

    def test_an_annotation_can_be_another_users_and_ground_truth(self):
        other = new_person()
        created = self.client.annotations.create(id=self.task, result=[], completed_by=other.id, ground_truth=True)
        self.assertEqual((created.completed_by, created.ground_truth), (other.id, True))

    def test_an_annotation_names_what_it_was_created_from(self):
        prediction = self.client.predictions.create(task=self.task, result=sentiment("Positive"))
        first = self.client.annotations.create(id=self.task, result=[], parent_prediction=prediction.id)
        second = self.client.annotations.create(id=self.task, result=[], parent_annotation=first.id)
        self.assertEqual((first.parent_prediction, first.parent_annotation), (prediction.id, None))
        self.assertEqual((second.parent_prediction, second.parent_annotation), (None, first.id))

    def test_what_is_wrong_with_an_annotation_is_reported_by_field(self):
        with self.assertApiError(400) as caught:
            self.client.annotations.create(id=self.task, result={})
        problem = 'annotation "result" field in annotation must be list'
        self.assertEqual(caught.body["validation_errors"], {"result": [problem]})
        with self.assertApiError(400) as caught:
            self.client.annotations.create(id=self.task, result=[], completed_by=999_999)
        problem = 'Invalid pk "999999" - object does not exist.'
        self.assertEqual(caught.body["validation_errors"], {"completed_by": [problem]})
        with self.assertApiError(400) as caught:
            self.client.annotations.create(id=self.task, result=[], lead_time="x")
        self.assertEqual(caught.body["validation_errors"], {"lead_time": ["A valid number is required."]})
        self.assertEqual(self.state(), (False, 0, 0))

    def test_annotations_of_a_task_are_listed(self):
        other = self.connect(new_person())
        created = [
            client.annotations.create(id=self.task, result=sentiment(choice)).id
            for client, choice in ((self.client, "Positive"), (other, "Negative"))
        ]
        listed = self.client.annotations.list(id=self.task)
        self.assertEqual([each.id for each in listed], created)
        self.assertEqual([each.result for each in listed], [sentiment("Positive"), sentiment("Negative")])
        self.assertCountEqual([each.id for each in self.client.annotations.list(id=self.task, ordering="-id")], created)

    def test_an_update_leaves_what_was_not_sent(self):
        created = self.client.annotations.create(id=self.task, result=sentiment("Positive"), lead_time=2.5)
        other = new_person()
        changed = self.connect(other).annotations.update(id=created.id, ground_truth=True)
        self.assertEqual((changed.result, changed.lead_time), (sentiment("Positive"), 2.5))
        self.assertEqual((changed.ground_truth, changed.completed_by), (True, self.person.id))
        self.assertEqual(changed.updated_by, other.id)
        changed = self.client.annotations.update(id=created.id, result=sentiment("Negative", "r2"))
        self.assertEqual((changed.result, changed.ground_truth), (sentiment("Negative", "r2"), True))
        self.assertGreaterEqual(changed.updated_at, created.updated_at)
        self.assertEqual(changed.created_at, created.created_at)

    def test_an_annotation_becomes_a_skip_and_back(self):
        created = self.client.annotations.create(id=self.task, result=sentiment("Positive"))
        self.client.annotations.update(id=created.id, was_cancelled=True)
        self.assertEqual(self.state(), (False, 0, 1))
        self.client.annotations.update(id=created.id, was_cancelled=False)
        self.assertEqual(self.state(), (True, 1, 0))

    def test_a_deleted_annotation_labels_no_more(self):
        created = self.client.annotations.create(id=self.task, result=sentiment("Positive"))
        self.assertIsNone(self.client.annotations.delete(id=created.id))
        self.assertEqual(self.state(), (False, 0, 0))
        with self.assertApiError(404) as caught:
            self.client.annotations.delete(id=created.id)
        self.assertEqual(caught.body["detail"], "No Annotation matches the given query.")

    def test_what_is_not_there_is_not_found(self):
        with self.assertApiError(404) as caught:
            self.client.annotations.create(id=999_999, result=[])
        self.assertEqual(caught.body["detail"], "No Task matches the given query.")
        with self.assertApiError(404):
            self.client.annotations.list(id=999_999)
        with self.assertApiError(404):
            self.client.annotations.get(id=999_999)
        with self.assertApiError(404):
            self.client.annotations.update(id=999_999, result=[])

    def test_what_enterprise_adds_is_not_found(self):
        with self.assertApiError(404):
            self.client.annotations.create_bulk(tasks=[self.task], result=[])
        with self.assertApiError(404):
            self.client.annotations.delete_bulk(ids=[1], project=self.project.id)


@with_each_token
class Overlap(SdkTestCase):
    def test_a_task_is_labeled_when_as_many_people_have_annotated_it(self):
        project = new_project(self.client, maximum_annotations=2)
        # Tasks that are created one by one are for one person, as in Label Studio.
        self.client.projects.import_tasks(id=project.id, request=[{"text": "a"}])
        (task,) = self.client.tasks.list(project=project.id)
        other = self.connect(new_person())
        for client, labeled in ((self.client, False), (self.client, False), (other, True)):
            client.annotations.create(id=task.id, result=sentiment("Positive"))
            self.assertIs(self.client.tasks.get(id=str(task.id)).is_labeled, labeled)
