import { answer } from "./contract.ts";

/* Records as the API shows them of the first task, in `Reviews`, of an annotation by the owner and of a prediction. */

export const taskFields = {
  id: 1,
  data: { text: "one" },
  meta: {},
  created_at: "a moment",
  updated_at: "a moment",
  is_labeled: false,
  overlap: 1,
  inner_id: 1,
  total_annotations: 0,
  cancelled_annotations: 0,
  total_predictions: 0,
  comment_count: 0,
  unresolved_comment_count: 0,
  last_comment_updated_at: null,
  project: 1,
  file_upload: null,
  comment_authors: [],
};

export const annotationFields = {
  id: 1,
  result: answer("pos"),
  created_username: " owner@example.com, 1",
  created_ago: "0\u00A0minutes",
  completed_by: 1,
  was_cancelled: false,
  ground_truth: false,
  created_at: "a moment",
  updated_at: "a moment",
  draft_created_at: null,
  lead_time: null,
  import_id: null,
  last_action: null,
  bulk_created: false,
  task: 1,
  project: 1,
  updated_by: 1,
  parent_prediction: null,
  parent_annotation: null,
  last_created_by: null,
};

export const predictionFields = {
  id: 1,
  result: answer("pos"),
  model_version: "v1",
  created_ago: "0\u00A0minutes",
  score: 0.5,
  cluster: null,
  neighbors: null,
  mislabeling: 0,
  created_at: "a moment",
  updated_at: "a moment",
  model: null,
  model_run: null,
  task: 1,
  project: 1,
};
