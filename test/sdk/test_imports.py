from label_studio_sdk.errors import BadRequestError

from labeling import new_project, new_tasks, plain, sentiment
from sdk_test_case import SdkTestCase, with_each_token


class WithProject(SdkTestCase):
    def setUp(self):
        super().setUp()
        self.project = new_project(self.client)

    def listed(self) -> list:
        return list(self.client.tasks.list(project=self.project.id))


@with_each_token
class ImportedTasks(WithProject):
    def send(self, request, **query):
        return self.client.projects.import_tasks(id=self.project.id, request=request, **query)

    def assertRefused(self, request, problem: str):
        with self.assertApiError(400, BadRequestError) as caught:
            self.send(request)
        self.assertEqual(caught.body["detail"], "Validation error")
        (message, *_) = caught.body["validation_errors"]["non_field_errors"]
        self.assertEqual(message, problem)
        self.assertEqual(self.listed(), [])

    def test_tasks_are_imported_and_counted(self):
        done = self.send([{"text": "one"}, {"data": {"text": "two", "n": 1}, "meta": {"k": [1]}}])
        self.assertEqual((done.task_count, done.annotation_count, done.prediction_count), (2, 0, 0))
        self.assertGreaterEqual(done.duration, 0)
        self.assertEqual((done.file_upload_ids, done.could_be_tasks_list, done.data_columns), ([], False, []))
        first, second = self.listed()
        self.assertEqual((first.data, second.data, second.meta), ({"text": "one"}, {"text": "two", "n": 1}, {"k": [1]}))
        self.assertEqual((first.inner_id, second.inner_id), (1, 2))

    def test_one_object_is_one_task(self):
        self.assertEqual(self.send({"text": "one"}).task_count, 1)
        self.assertEqual([task.data for task in self.listed()], [{"text": "one"}])

    def test_the_new_ids_are_returned_when_they_are_requested(self):
        done = self.send([{"text": "one"}, {"text": "two"}], return_task_ids=True)
        self.assertEqual(done.task_ids, [task.id for task in self.listed()])

    def test_annotations_and_predictions_come_along(self):
        prediction = {"result": sentiment("Negative"), "model_version": "m1", "score": 0.5}
        annotation = {"result": sentiment("Positive")}
        done = self.send([{"data": {"text": "one"}, "annotations": [annotation], "predictions": [prediction]}])
        self.assertEqual((done.task_count, done.annotation_count, done.prediction_count), (1, 1, 1))
        (imported,) = self.listed()
        (annotation,) = plain(imported.annotations)
        self.assertEqual((annotation["result"], annotation["completed_by"]), (sentiment("Positive"), self.person.id))
        self.assertIs(annotation["ground_truth"], True)
        (stored,) = plain(imported.predictions)
        self.assertEqual({name: stored[name] for name in prediction}, prediction)
        self.assertIs(imported.is_labeled, True)

    def test_columns_become_predictions(self):
        tasks = [{"text": "one", "sentiment": "Positive"}, {"text": "two", "sentiment": "Negative"}]
        done = self.send(tasks, preannotated_from_fields=["sentiment"])
        self.assertEqual((done.task_count, done.prediction_count), (2, 2))
        answers = [plain(task.predictions)[0]["result"][0] for task in self.listed()]
        self.assertEqual([answer["value"]["choices"] for answer in answers], [["Positive"], ["Negative"]])
        self.assertEqual({(answer["from_name"], answer["to_name"]) for answer in answers}, {("sentiment", "text")})

    def test_imported_tasks_are_for_as_many_people_as_the_project_says(self):
        self.client.projects.update(id=self.project.id, maximum_annotations=3)
        self.send([{"text": "one"}])
        self.assertEqual([task.overlap for task in self.listed()], [3])

    def test_nothing_is_imported_that_is_not_to_be(self):
        self.assertEqual(self.send([{"text": "one"}], commit_to_project=False).task_count, 1)
        self.assertEqual(self.listed(), [])

    def test_nothing_is_imported_when_one_task_is_wrong(self):
        problem = '"text" key is expected in task data [assume: item as is = task root with values]'
        self.assertRefused([{"text": "one"}, {"foo": "x"}], f"Error at item 1: {problem}  :: {{'foo': 'x'}}")
        self.assertRefused([], "load_tasks: No tasks added")
        task = {"data": {"text": "x"}, "annotations": [{}]}
        self.assertRefused([task], f'Error at item 0: Annotation must have "result" fields :: {task}')

    def test_many_tasks_are_imported_and_listed(self):
        texts = [f"text {number}" for number in range(2_500)]
        self.assertEqual(self.send([{"text": text} for text in texts]).task_count, len(texts))
        listed = self.client.tasks.list(project=self.project.id, page_size=1_000, fields="task_only")
        self.assertEqual([task.data["text"] for task in listed], texts)
        self.assertEqual(self.client.projects.get(id=self.project.id).task_number, len(texts))

    def test_a_file_is_imported(self):
        """The SDK has no method for it."""
        path = f"api/projects/{self.project.id}/import"
        file = ("texts.csv", b'text,n\none,1\n"two, too",2\n', "text/csv")
        answer = self.client._client_wrapper.httpx_client.request(path, method="POST", files={"file": file})
        self.assertEqual(answer.status_code, 201)
        done = answer.json()
        self.assertEqual((done["task_count"], done["found_formats"]), (2, {".csv": 1}))
        self.assertEqual(done["data_columns"], ["text", "n"])
        self.assertEqual([task.data["text"] for task in self.listed()], ["one", "two, too"])

    def test_a_project_that_is_not_there_is_not_found(self):
        with self.assertApiError(404):
            self.client.projects.import_tasks(id=999_999, request=[{"text": "one"}])


@with_each_token
class ImportedPredictions(WithProject):
    def setUp(self):
        super().setUp()
        self.tasks = new_tasks(self.client, self.project, 2)

    def send(self, request):
        return self.client.projects.import_predictions(id=self.project.id, request=request)

    def test_predictions_are_imported_and_counted(self):
        first = {"task": self.tasks[0], "result": sentiment("Positive"), "score": 0.25, "model_version": "m1"}
        self.assertEqual(self.send([first, {"task": self.tasks[1], "result": sentiment("Negative")}]).created, 2)
        (stored,) = self.client.predictions.list(task=self.tasks[0])
        self.assertEqual({name: getattr(stored, name) for name in first}, first)
        self.assertEqual([task.total_predictions for task in self.listed()], [1, 1])
        self.assertEqual(self.client.projects.get(id=self.project.id).total_predictions_number, 2)

    def test_nothing_is_imported_when_one_prediction_is_wrong(self):
        good = {"task": self.tasks[0], "result": sentiment("Positive")}
        elsewhere = new_tasks(self.client, new_project(self.client))[0]
        for wrong in ({"task": elsewhere, "result": []}, {"task": 999_999, "result": []}, {"result": []}):
            with self.assertApiError(400, BadRequestError) as caught:
                self.send([good, wrong])
            (problem,) = caught.body["validation_errors"]["non_field_errors"]
            self.assertIn('"task" field', problem)
        self.assertEqual(self.client.predictions.list(project=self.project.id), [])

    def test_an_empty_list_imports_nothing(self):
        self.assertEqual(self.send([]).created, 0)

    def test_a_project_that_is_not_there_is_not_found(self):
        with self.assertApiError(404):
            self.client.projects.import_predictions(id=999_999, request=[])
