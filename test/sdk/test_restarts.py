import os
import re
import signal
import socket
import subprocess
import tempfile
import threading
import time
import unittest
from contextlib import contextmanager

from label_studio_sdk import LabelStudio

from labeling import CONFIG

TASKS = int(os.environ.get("ATELIER_RESTART_TASKS", "5000"))
TOKEN = os.environ["ATELIER_TOKEN"]


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


class Restarts(unittest.TestCase):
    """The SDK repeats a request by itself after a 503 and after a broken connection."""

    @contextmanager
    def serve(self, folder: str, port: int):
        args = [os.environ["ATELIER_NODE"], os.environ["ATELIER_PROGRAM"], "start", "--no-browser"]
        args += ["--internal-host", "127.0.0.1", "-p", str(port), "--data-dir", folder, "--log-level", "ERROR"]
        args += ["--username", "owner@example.com", "--password", "wide open meadow", "--user-token", TOKEN]
        args += ["--enable-legacy-api-token"]
        environment = {"PATH": os.environ["PATH"], "HOME": folder}
        process = subprocess.Popen(args, env=environment, stdout=subprocess.PIPE, text=True)
        try:
            said = ""
            while not re.search(r"running at", said):
                line = process.stdout.readline()
                self.assertTrue(line, said)
                said += line
            yield process
        finally:
            process.kill()
            process.wait()
            process.stdout.close()

    def import_while(self, stopped_by: signal.Signals) -> tuple[int, int]:
        """Imports while the server is stopped and started again. Returns what the SDK was told, and what is there."""
        outcome = []
        with tempfile.TemporaryDirectory() as folder:
            port = free_port()
            client = LabelStudio(base_url=f"http://127.0.0.1:{port}", api_key=TOKEN, timeout=600)
            with self.serve(folder, port) as process:
                project = client.projects.create(title="Restarts", label_config=CONFIG)
                tasks = [{"text": f"text {number}"} for number in range(TASKS)]
                send = lambda: outcome.append(client.projects.import_tasks(id=project.id, request=tasks))
                script = threading.Thread(target=send)
                script.start()
                end = time.monotonic() + 60
                while client.projects.get(id=project.id).task_number == 0:
                    self.assertLess(time.monotonic(), end)
                process.send_signal(stopped_by)
                self.assertIn(process.wait(15), (0, -signal.SIGKILL))
            with self.serve(folder, port):
                script.join(600)
                return outcome[0].task_count, client.projects.get(id=project.id).task_number

    def test_an_import_during_which_the_server_is_stopped_is_imported_once(self):
        self.assertEqual(self.import_while(signal.SIGTERM), (TASKS, TASKS))

    def test_an_import_during_which_the_server_is_killed_is_imported_once(self):
        """The lease of the killed server lasts half a minute."""
        self.assertEqual(self.import_while(signal.SIGKILL), (TASKS, TASKS))
