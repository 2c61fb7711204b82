from labeling import new_project, new_tasks, sentiment
from people import new_person
from sdk_test_case import SdkTestCase, with_each_token


@with_each_token
class Actions(SdkTestCase):
    def setUp(self):
        super().setUp()
        self.project = new_project(self.client)
        self.tasks = new_tasks(self.client, self.project, 4)

    def act(self, action: str, **selected) -> None:
        answer = self.client.actions.create(id=action, project=self.project.id, selected_items=selected or None)
        self.assertIsNone(answer)

    def remaining(self) -> list[int]:
        return [task.id for task in self.client.tasks.list(project=self.project.id)]

    def numbers(self) -> tuple:
        presented = self.client.projects.get(id=self.project.id)
        return presented.task_number, presented.total_annotations_number, presented.total_predictions_number

    def test_actions_are_listed(self):
        listed = {action.id: action.title for action in self.client.actions.list(project=self.project.id)}
        self.assertEqual(listed["delete_tasks"], "Delete Tasks")
        self.assertIn("predictions_to_annotations", listed)

    def test_tasks_that_are_included_are_deleted(self):
        self.act("delete_tasks", all=False, included=self.tasks[1:3])
        self.assertEqual(self.remaining(), [self.tasks[0], self.tasks[3]])
        self.assertEqual(self.numbers(), (2, 0, 0))

    def test_all_tasks_but_those_that_are_excluded_are_deleted(self):
        self.act("delete_tasks", all=True, excluded=self.tasks[:1])
        self.assertEqual(self.remaining(), self.tasks[:1])

    def test_predictions_become_annotations_of_ones_own(self):
        for task in self.tasks[:2]:
            self.client.predictions.create(task=task, result=sentiment("Positive"), model_version="m1")
        self.act("predictions_to_annotations", all=False, included=self.tasks[:1])
        (annotation,) = self.client.annotations.list(id=self.tasks[0])
        self.assertEqual((annotation.result, annotation.completed_by), (sentiment("Positive"), self.person.id))
        self.assertEqual(self.client.annotations.list(id=self.tasks[1]), [])
        self.assertEqual(self.numbers(), (4, 1, 2))

    def test_annotations_and_predictions_are_deleted(self):
        other = self.connect(new_person())
        for task in self.tasks:
            self.client.annotations.create(id=task, result=sentiment("Positive"))
            other.annotations.create(id=task, result=sentiment("Negative"))
            self.client.predictions.create(task=task, result=sentiment("Positive"))
        self.assertEqual(self.numbers(), (4, 8, 4))
        self.act("delete_tasks_annotations", all=False, included=self.tasks[:1])
        self.assertEqual(self.numbers(), (4, 6, 4))
        self.assertEqual(self.client.annotations.list(id=self.tasks[0]), [])
        self.act("delete_tasks_predictions", all=True, excluded=self.tasks[:1])
        self.assertEqual(self.numbers(), (4, 6, 1))

    def test_what_can_not_be_done_changes_nothing(self):
        with self.assertApiError(404):
            self.client.actions.create(id="delete_tasks", project=999_999)
        with self.assertApiError(400):
            self.act("nope", all=False, included=self.tasks)
        with self.assertApiError(400):
            self.client.actions.create(id="delete_tasks", project=self.project.id, selected_items=[1])
        self.assertEqual(self.remaining(), self.tasks)
