"""Requests of a labeling screen, for which the SDK has no methods."""

from labeling import LabeledTask, new_project, new_tasks, plain, sentiment
from people import new_person
from sdk_test_case import SdkTestCase, with_each_token


@with_each_token
class NextTask(SdkTestCase):
    def setUp(self):
        super().setUp()
        self.project = new_project(self.client)

    def next(self, client=None):
        return self.request("GET", f"api/projects/{self.project.id}/next/", client=client)

    def test_tasks_come_one_after_another_until_none_is_left(self):
        ids = new_tasks(self.client, self.project, 3)
        for id in ids:
            task = self.next().json()
            self.assertEqual((task["id"], task["project"]), (id, self.project.id))
            self.assertEqual((task["queue"], task["annotations"]), ("Sequence queue", []))
            self.client.annotations.create(id=id, result=sentiment("Positive"))
        answer = self.next()
        self.assertEqual(answer.status_code, 404)
        self.assertEqual(answer.json()["detail"], f"There are no tasks for {self.person.email}")

    def test_two_people_never_get_the_same_task(self):
        first, second = new_tasks(self.client, self.project, 2)
        other = self.connect(new_person())
        self.assertEqual(self.next().json()["id"], first)
        self.assertEqual(self.next(other).json()["id"], second)
        self.assertEqual(self.next().json()["id"], first)
        third = self.connect(new_person())
        self.assertEqual(self.next(third).status_code, 404)

    def test_the_next_task_of_no_project_is_not_found(self):
        self.assertEqual(self.request("GET", "api/projects/999999/next/").status_code, 404)


@with_each_token
class Drafts(LabeledTask):
    def test_a_draft_is_stored_for_the_user_who_started_it(self):
        draft = {"result": sentiment("Positive"), "lead_time": 1.5}
        answer = self.request("POST", f"api/tasks/{self.task}/drafts", draft)
        self.assertEqual(answer.status_code, 201)
        created = answer.json()
        self.assertEqual((created["result"], created["lead_time"]), (sentiment("Positive"), 1.5))
        self.assertEqual((created["task"], created["annotation"], created["user"]), (self.task, None, self.person.email))
        self.assertEqual(self.request("GET", f"api/tasks/{self.task}/drafts").json(), [created])
        other = self.connect(new_person())
        self.assertEqual(self.request("GET", f"api/tasks/{self.task}/drafts", client=other).json(), [])
        task = self.client.tasks.get(id=str(self.task))
        self.assertEqual(([each["id"] for each in plain(task.drafts)], task.draft_exists), ([created["id"]], True))
        self.assertEqual(other.tasks.get(id=str(self.task)).drafts, [])
        self.assertEqual(self.state(), (False, 0, 0))

    def test_a_draft_is_changed_and_deleted(self):
        created = self.request("POST", f"api/tasks/{self.task}/drafts", {"result": []}).json()
        address = f"api/drafts/{created['id']}/"
        changed = self.request("PATCH", address, {"result": sentiment("Negative")})
        self.assertEqual((changed.status_code, changed.json()["result"]), (200, sentiment("Negative")))
        self.assertEqual(self.request("GET", address).json(), changed.json())
        other = self.connect(new_person())
        self.assertEqual(self.request("GET", address, client=other).status_code, 404)
        self.assertEqual(self.request("DELETE", address, client=other).status_code, 404)
        self.assertEqual(self.request("DELETE", address).status_code, 204)
        self.assertEqual(self.request("GET", address).status_code, 404)
        self.assertEqual(self.request("GET", f"api/tasks/{self.task}/drafts").json(), [])
