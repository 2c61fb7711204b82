from datetime import datetime, timezone

from labeling import CONFIG, COUNTS, new_project, new_tasks, sentiment
from people import new_person
from sdk_test_case import SdkTestCase, with_each_token

@with_each_token
class Projects(SdkTestCase):
    def test_a_created_project_has_its_creator_and_label_studios_defaults(self):
        created = self.client.projects.create(title="Reviews", label_config=CONFIG, description="d")
        self.assertEqual((created.title, created.description, created.organization), ("Reviews", "d", 1))
        self.assertEqual((created.created_by.id, created.created_by.email), (self.person.id, self.person.email))
        self.assertIsInstance(created.created_at, datetime)
        self.assertEqual((created.maximum_annotations, created.overlap_cohort_percentage), (1, 100))
        self.assertEqual((created.sampling, created.skip_queue), ("Sequential sampling", "REQUEUE_FOR_OTHERS"))
        self.assertEqual((created.color, created.expert_instruction, created.model_version), ("#FFFFFF", "", ""))
        self.assertEqual((created.show_skip_button, created.enable_empty_annotation), (True, True))
        self.assertEqual((created.show_instruction, created.is_published, created.is_draft), (False, False, False))
        self.assertIsNone(created.pinned_at)
        self.assertEqual({name: getattr(created, name) for name in COUNTS}, dict.fromkeys(COUNTS))

    def test_nothing_is_required_of_a_new_project(self):
        created = self.client.projects.create()
        self.assertEqual((created.title, created.label_config), ("", "<View></View>"))
        self.assertEqual((created.parsed_label_config, created.control_weights), ({}, {}))
        self.assertIs(created.config_has_control_tags, False)

    def test_what_is_wrong_with_a_new_project_is_reported_by_field(self):
        with self.assertApiError(400) as caught:
            self.client.projects.create(title="ab", label_config="<View", color="red", sampling="x")
        expected = {
            "title": ["Ensure this field has at least 3 characters."],
            "label_config": ["unclosed token: line 1, column 0"],
            "color": ['Color must be in "#RRGGBB" format'],
            "sampling": ['"x" is not a valid choice.'],
        }
        self.assertEqual(caught.body["validation_errors"], expected)

    def test_a_project_is_visible_to_every_member(self):
        created = new_project(self.client)
        presented = self.connect(new_person()).projects.get(id=created.id)
        self.assertEqual((presented.title, presented.created_by.id), (created.title, self.person.id))
        self.assertEqual({name: getattr(presented, name) for name in COUNTS}, dict.fromkeys(COUNTS, 0))
        self.assertEqual((presented.queue_total, presented.queue_done), (0, 0))

    def test_an_update_leaves_what_was_not_sent(self):
        created = new_project(self.client, description="d")
        moment = datetime(2026, 1, 2, 3, 4, 5, tzinfo=timezone.utc)
        self.client.projects.update(id=created.id, maximum_annotations=2, color="#12ABef", pinned_at=moment)
        changed = self.client.projects.update(id=created.id, sampling="Uniform sampling", skip_queue="REQUEUE_FOR_ME")
        self.assertEqual((changed.title, changed.description, changed.label_config), (created.title, "d", CONFIG))
        self.assertEqual((changed.maximum_annotations, changed.color), (2, "#12ABef"))
        self.assertEqual((changed.sampling, changed.skip_queue), ("Uniform sampling", "REQUEUE_FOR_ME"))
        self.assertEqual(changed.pinned_at, moment)
        stored = self.client.projects.get(id=created.id)
        for field in ("title", "description", "label_config", "maximum_annotations", "color", "sampling", "pinned_at"):
            self.assertEqual(getattr(stored, field), getattr(changed, field), field)

    def test_an_update_clears_what_is_sent_empty(self):
        created = new_project(self.client, description="d", expert_instruction="<b>Read</b>")
        changed = self.client.projects.update(id=created.id, description="", expert_instruction="")
        self.assertEqual((changed.description, changed.expert_instruction), ("", ""))

    def test_an_update_ignores_enterprises_fields(self):
        created = new_project(self.client)
        changed = self.client.projects.update(
            id=created.id,
            title="Film reviews",
            workspace=5,
            require_comment_on_skip=True,
            review_settings={"anonymize_annotations": True},
            assignment_settings={"label_stream_task_distribution": "auto_distribution"},
        )
        self.assertEqual(changed.title, "Film reviews")
        self.assertIsNone(changed.workspace)

    def test_what_is_wrong_with_an_update_is_reported_by_field(self):
        created = new_project(self.client)
        with self.assertApiError(400) as caught:
            self.client.projects.update(id=created.id, title="x" * 51, maximum_annotations=0)
        expected = {
            "title": ["Ensure this field has no more than 50 characters."],
            "maximum_annotations": ["Ensure this value is greater than or equal to 1."],
        }
        self.assertEqual(caught.body["validation_errors"], expected)
        self.assertEqual(self.client.projects.get(id=created.id).title, created.title)

    def test_a_deleted_project_is_gone_with_its_tasks(self):
        created = new_project(self.client)
        (task,) = new_tasks(self.client, created)
        annotation = self.client.annotations.create(id=task, result=sentiment("Positive"))
        self.assertIsNone(self.client.projects.delete(id=created.id))
        with self.assertApiError(404):
            self.client.tasks.get(id=str(task))
        with self.assertApiError(404):
            self.client.annotations.get(id=annotation.id)
        with self.assertApiError(404) as caught:
            self.client.projects.delete(id=created.id)
        self.assertEqual(caught.body["detail"], "No Project matches the given query.")

    def test_a_project_that_is_not_there_is_not_found(self):
        with self.assertApiError(404) as caught:
            self.client.projects.get(id=999_999)
        self.assertEqual(caught.body["detail"], "No Project matches the given query.")
        with self.assertApiError(404):
            self.client.projects.update(id=999_999, title="Film reviews")
        with self.assertApiError(404):
            self.client.projects.list_unique_annotators(id=999_999)

    def test_what_enterprise_adds_is_not_found(self):
        created = new_project(self.client)
        with self.assertApiError(404):
            self.client.projects.duplicate(id=created.id, mode="settings", title="Copy of it", workspace=1)
        with self.assertApiError(404):
            self.client.projects.members.paginated.list(id=created.id)
        with self.assertApiError(404):
            self.client.projects.assignments.list(id=created.id, task_pk=1)


@with_each_token
class Numbers(SdkTestCase):
    def test_numbers_follow_what_is_done(self):
        project = new_project(self.client)
        first, second, third = new_tasks(self.client, project, 3)
        self.client.annotations.create(id=first, result=sentiment("Positive"))
        self.client.annotations.create(id=first, result=sentiment("Negative"), ground_truth=True)
        self.client.annotations.create(id=second, result=[], was_cancelled=True)
        self.client.predictions.create(task=third, result=sentiment("Positive"))
        expected = {
            "task_number": 3,
            "finished_task_number": 1,
            "total_annotations_number": 2,
            "skipped_annotations_number": 1,
            "num_tasks_with_annotations": 1,
            "useful_annotation_number": 1,
            "ground_truth_number": 1,
            "total_predictions_number": 1,
        }
        presented = self.client.projects.get(id=project.id)
        self.assertEqual({name: getattr(presented, name) for name in COUNTS}, expected)
        self.assertEqual(presented.queue_total, 3)
        (counts,) = self.client.projects.list_counts(ids=str(project.id)).results
        self.assertEqual({name: getattr(counts, name) for name in COUNTS}, expected)

    def test_each_annotator_is_listed_once(self):
        project = new_project(self.client)
        first, second = new_tasks(self.client, project, 2)
        self.assertEqual(self.client.projects.list_unique_annotators(id=project.id), [])
        other = new_person()
        for client in (self.client, self.connect(other)):
            client.annotations.create(id=first, result=sentiment("Positive"))
            client.annotations.create(id=second, result=sentiment("Positive"))
        annotators = self.client.projects.list_unique_annotators(id=project.id)
        self.assertCountEqual([each.id for each in annotators], [self.person.id, other.id])
        self.assertCountEqual([each.email for each in annotators], [self.person.email, other.email])
