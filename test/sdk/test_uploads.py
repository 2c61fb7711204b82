import os
import tempfile
import unittest

from label_studio_sdk import LabelStudio
from label_studio_sdk._extensions.label_studio_tools.core.utils.io import get_local_path
from label_studio_sdk._legacy import Client

from labeling import OTHER_CONFIG, new_project, new_title
from people import PREFIXED_URL, URL, owner
from sdk_test_case import SdkTestCase, with_each_token

RED = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de"
    "0000000c4944415408d763f8cfc000000301010018dd8db00000000049454e44ae426082"
)
"""A PNG of one red pixel."""


def send(client: LabelStudio, project_id: int, *names: str, **query):
    """Uploads an image under each of these names; the SDK has no method for it."""
    files = {f"file{number}": (name, RED, "image/png") for number, name in enumerate(names)}
    wrapper = client._client_wrapper
    path = f"api/projects/{project_id}/import"
    return wrapper.httpx_client.request(path, method="POST", files=files, params=query)


@with_each_token
class Uploads(SdkTestCase):
    def setUp(self):
        super().setUp()
        self.project = new_project(self.client, label_config=OTHER_CONFIG)

    def access_token(self) -> str:
        """What `get_local_path` sends as it is: of a personal token an access token."""
        if self.kind == "legacy":
            return self.person.tokens["legacy"]
        return self.client.tokens.refresh(refresh=self.person.tokens["personal"]).access

    def test_images_become_tasks_and_are_read_back(self):
        done = send(self.client, self.project.id, "one é.png", "two.png").json()
        self.assertEqual((done["task_count"], len(done["file_upload_ids"])), (2, 2))
        tasks = list(self.client.tasks.list(project=self.project.id, fields="all"))
        self.assertEqual([task.file_upload[9:] for task in tasks], ["one_é.png", "two.png"])
        for task in tasks:
            with tempfile.TemporaryDirectory() as folder:
                path = get_local_path(
                    task.data["image"], hostname=URL, access_token=self.access_token(), cache_dir=folder, task_id=task.id
                )
                with open(path, "rb") as file:
                    self.assertEqual(file.read(), RED)

    def test_frames_are_uploaded_and_named_by_tasks(self):
        """As scripts do that cut a video into frames."""
        done = send(self.client, self.project.id, "frame.png", commit_to_project="false").json()
        self.assertEqual((done["task_count"], done["annotation_count"]), (1, None))
        self.assertEqual(list(self.client.tasks.list(project=self.project.id)), [])
        (upload_id,) = done["file_upload_ids"]
        upload = self.request("GET", f"api/import/file-upload/{upload_id}").json()
        self.assertEqual(upload["size"], len(RED))
        image = f"/data/{upload['file']}"
        self.client.projects.import_tasks(id=self.project.id, request=[{"image": image, "frame": 1}])
        (task,) = self.client.tasks.list(project=self.project.id)
        self.assertEqual(task.data, {"image": image, "frame": 1})
        with tempfile.TemporaryDirectory() as folder:
            path = get_local_path(upload["file"], hostname=URL, access_token=self.access_token(), cache_dir=folder)
            self.assertEqual(os.path.getsize(path), len(RED))

    def test_uploads_are_listed_imported_again_and_deleted(self):
        done = send(self.client, self.project.id, "a.png", "b.png", commit_to_project="false").json()
        path = f"api/projects/{self.project.id}"
        listed = self.request("GET", f"{path}/file-uploads?all=true").json()
        self.assertEqual([upload["id"] for upload in listed], done["file_upload_ids"])
        again = {"file_upload_ids": done["file_upload_ids"], "files_as_tasks_list": False}
        for _ in range(2):
            answer = self.request("POST", f"{path}/reimport", again)
            self.assertEqual((answer.status_code, answer.json()["task_count"]), (201, 2))
        self.assertEqual(len(list(self.client.tasks.list(project=self.project.id))), 2)
        self.assertEqual(self.request("DELETE", f"{path}/file-uploads").json(), {"deleted": 2})
        self.assertEqual(self.request("GET", f"{path}/file-uploads?all=true").json(), [])


@with_each_token
class LocalFiles(SdkTestCase):
    def test_a_folder_on_the_server_becomes_tasks(self):
        project = new_project(self.client, label_config=OTHER_CONFIG)
        folder = tempfile.mkdtemp(dir=os.environ["ATELIER_FILES"])
        for name in ("a.png", "b.png", "notes.txt"):
            with open(os.path.join(folder, name), "wb") as file:
                file.write(RED)
        local = self.client.import_storage.local
        wanted = {"project": project.id, "path": folder, "use_blob_urls": True, "regex_filter": r".*\.png"}
        local.validate(**wanted)
        storage = local.create(**wanted)
        self.assertEqual((storage.status, storage.path, storage.last_sync), ("initialized", folder, None))
        synced = local.sync(id=storage.id)
        self.assertEqual((synced.status, synced.last_sync_count), ("completed", 2))
        self.assertEqual([each.id for each in local.list(project=project.id)], [storage.id])
        self.assertEqual(local.update(id=storage.id, title="Frames").title, "Frames")
        tasks = list(self.client.tasks.list(project=project.id, fields="all"))
        self.assertEqual([os.path.basename(task.storage_filename) for task in tasks], ["a.png", "b.png"])
        with tempfile.TemporaryDirectory() as cache:
            token = self.person.tokens["legacy"]
            path = get_local_path(tasks[0].data["image"], hostname=URL, access_token=token, cache_dir=cache)
            self.assertEqual(os.path.getsize(path), len(RED))
        local.delete(id=storage.id)
        with self.assertApiError(404):
            local.get(id=storage.id)


class OldClass(unittest.TestCase):
    def test_it_imports_an_image(self):
        client = Client(URL, owner().tokens["legacy"])
        project = client.start_project(title=new_title(), label_config=OTHER_CONFIG)
        with tempfile.TemporaryDirectory() as folder:
            name = os.path.join(folder, "old.png")
            with open(name, "wb") as file:
                file.write(RED)
            (task_id,) = project.import_tasks(name)
        task = project.get_task(task_id)
        self.assertRegex(task["data"]["image"], rf"^/data/upload/{project.id}/[0-9a-f]{{8}}-old\.png$")


class BelowAPath(unittest.TestCase):
    def test_images_are_read_back(self):
        token = owner(PREFIXED_URL).tokens["legacy"]
        client = LabelStudio(base_url=PREFIXED_URL, api_key=token)
        project = new_project(client, label_config=OTHER_CONFIG)
        send(client, project.id, "one.png")
        (task,) = client.tasks.list(project=project.id)
        with tempfile.TemporaryDirectory() as folder:
            path = get_local_path(task.data["image"], hostname=PREFIXED_URL, access_token=token, cache_dir=folder)
            self.assertEqual(os.path.getsize(path), len(RED))
