import subprocess

import httpx
from label_studio_sdk import LabelStudio
from label_studio_sdk.core.api_error import ApiError

from people import URL, connect_owner, log_in, new_person
from sdk_test_case import SdkTestCase


class Keys(SdkTestCase):
    """A key is what the SDK calls an API key: nothing is exchanged for it."""

    kind = "personal"

    def make_key(self, **fields) -> dict:
        with log_in(self.person.email) as browser:
            answer = browser.post("/api/keys/", json={"name": "walk", **fields})
            self.assertEqual(answer.status_code, 201, answer.text)
            return answer.json()

    def test_the_sdk_works_with_a_key(self):
        client = LabelStudio(base_url=URL, api_key=self.make_key()["key"])
        self.assertEqual(client.users.whoami().id, self.person.id)
        config = '<View><Text name="t" value="$text"/><Choices name="c" toName="t"><Choice value="A"/></Choices></View>'
        project = client.projects.create(title="By a key", label_config=config)
        client.projects.import_tasks(id=project.id, request=[{"text": "one"}])
        (task,) = client.tasks.list(project=project.id)
        result = [{"from_name": "c", "to_name": "t", "type": "choices", "value": {"choices": ["A"]}}]
        annotation = client.annotations.create(id=task.id, result=result)
        self.assertEqual(annotation.completed_by, self.person.id)
        client.projects.delete(id=project.id)

    def test_curl_works_with_a_key(self):
        key = self.make_key()["key"]
        for header in (f"Authorization: Token {key}", f"X-Api-Key: {key}"):
            command = ["curl", "-sS", "-H", header, f"{URL}api/current-user/whoami"]
            self.assertIn(f'"id":{self.person.id}', subprocess.check_output(command, text=True).replace(" ", ""))

    def test_an_ml_backend_reads_tasks_and_stores_predictions_with_a_key(self):
        owner = connect_owner("personal")
        config = '<View><Text name="t" value="$text"/><Choices name="c" toName="t"><Choice value="A"/></Choices></View>'
        project = owner.projects.create(title="Predicted", label_config=config)
        owner.projects.import_tasks(id=project.id, request=[{"text": "one"}])
        backend = LabelStudio(base_url=URL, api_key=self.make_key(days=None)["key"])
        (task,) = backend.tasks.list(project=project.id)
        result = [{"from_name": "c", "to_name": "t", "type": "choices", "value": {"choices": ["A"]}}]
        prediction = backend.predictions.create(task=task.id, result=result, score=0.5, model_version="1")
        self.assertEqual(prediction.task, task.id)
        owner.projects.delete(id=project.id)

    def test_a_key_that_only_reads_changes_nothing(self):
        client = LabelStudio(base_url=URL, api_key=self.make_key(read_only=True)["key"])
        self.assertEqual(client.users.whoami().id, self.person.id)
        with self.assertApiError(403, ApiError) as caught:
            client.annotations.delete(id=1)
        self.assertRegex(caught.body["detail"], "^This key only reads")

    def test_no_key_makes_tokens_or_shows_the_legacy_one(self):
        client = LabelStudio(base_url=URL, api_key=self.make_key()["key"])
        for call in (client.tokens.create, client.users.get_token, client.users.reset_token):
            with self.assertRaises(ApiError) as caught:
                call()
            self.assertEqual(caught.exception.status_code, 403)

    def test_keys_are_made_listed_and_revoked_with_a_personal_token(self):
        made = self.request("POST", "api/keys/", {"name": "walk", "days": 30})
        self.assertEqual(made.status_code, 201)
        headers = {"Authorization": f"Token {made.json()['key']}"}
        self.assertEqual(httpx.get(f"{URL}api/keys/", headers=headers).json()[0]["name"], "walk")
        self.assertEqual(self.request("DELETE", f"api/keys/{made.json()['id']}/").status_code, 204)
        self.assertEqual(httpx.get(f"{URL}api/keys/", headers=headers).status_code, 401)

    def test_the_key_of_a_removed_member_stops(self):
        self.person = new_person()
        headers = {"Authorization": f"Token {self.make_key()['key']}"}
        connect_owner("personal").organizations.members.delete(id=1, user_pk=self.person.id)
        self.assertEqual(httpx.get(f"{URL}api/current-user/whoami", headers=headers).status_code, 401)
