import type { SourceTable } from "./source.ts";

/*
 * What is read of Label Studio's tables, as 1.23 has them. Columns that an older version lacks are null there, and whoever
 * reads them knows what that version meant by it.
 */

export const htxUser = {
  name: "htx_user",
  columns: {
    id: "number",
    password: "text",
    email: "text",
    username: "text",
    first_name: "text",
    last_name: "text",
    phone: "text",
    avatar: "text",
    custom_hotkeys: "json",
    is_active: "flag",
    is_deleted: "flag",
    allow_newsletters: "flag",
    date_joined: "moment",
    last_activity: "moment",
  },
} as const satisfies SourceTable;

export const emails = { name: "htx_user", columns: { id: "number", email: "text" } } as const satisfies SourceTable;

export const organization = {
  name: "organization",
  columns: {
    id: "number",
    title: "text",
    token: "text",
    created_by_id: "number",
    contact_info: "text",
    created_at: "moment",
    updated_at: "moment",
  },
} as const satisfies SourceTable;

export const organizationMember = {
  name: "organizations_organizationmember",
  columns: {
    id: "number",
    user_id: "number",
    created_at: "moment",
    updated_at: "moment",
    deleted_at: "moment",
  },
} as const satisfies SourceTable;

export const jwtSettings = {
  name: "jwt_auth_jwtsettings",
  key: "organization_id",
  columns: { api_tokens_enabled: "flag", api_token_ttl_days: "number", legacy_api_tokens_enabled: "flag" },
} as const satisfies SourceTable;

export const sessionPolicy = {
  name: "session_policy_sessiontimeoutpolicy",
  key: "organization_id",
  columns: { max_session_age: "number", max_time_between_activity: "number", updated_at: "moment" },
} as const satisfies SourceTable;

export const authToken = {
  name: "authtoken_token",
  key: "user_id",
  columns: { user_id: "number", key: "text", created: "moment" },
} as const satisfies SourceTable;

export const outstandingToken = {
  name: "token_blacklist_outstandingtoken",
  columns: {
    id: "number",
    user_id: "number",
    jti: "text",
    token: "text",
    created_at: "moment",
    expires_at: "moment",
    revoked_at: "moment",
  },
  computed: {
    revoked_at: `(select blacklisted_at from token_blacklist_blacklistedtoken as revoked
      where revoked.token_id = token_blacklist_outstandingtoken.id)`,
  },
} as const satisfies SourceTable;

export const project = {
  name: "project",
  columns: {
    id: "number",
    organization_id: "number",
    title: "text",
    description: "text",
    label_config: "text",
    expert_instruction: "text",
    show_instruction: "flag",
    show_skip_button: "flag",
    enable_empty_annotation: "flag",
    show_annotation_history: "flag",
    show_collab_predictions: "flag",
    show_ground_truth_first: "flag",
    show_overlap_first: "flag",
    evaluate_predictions_automatically: "flag",
    reveal_preannotations_interactively: "flag",
    is_published: "flag",
    is_draft: "flag",
    color: "text",
    maximum_annotations: "number",
    overlap_cohort_percentage: "number",
    min_annotations_to_start_training: "number",
    model_version: "text",
    sampling: "text",
    skip_queue: "text",
    pinned_at: "moment",
    created_by_id: "number",
    created_at: "moment",
    updated_at: "moment",
    deleted_at: "moment",
  },
} as const satisfies SourceTable;

export const fileUpload = {
  name: "data_import_fileupload",
  columns: { id: "number", user_id: "number", project_id: "number", file: "text" },
} as const satisfies SourceTable;

export const task = {
  name: "task",
  columns: {
    id: "number",
    data: "json",
    meta: "json",
    project_id: "number",
    inner_id: "number",
    overlap: "number",
    file_upload_id: "number",
    updated_by_id: "number",
    created_at: "moment",
    updated_at: "moment",
  },
} as const satisfies SourceTable;

export const prediction = {
  name: "prediction",
  columns: {
    id: "number",
    task_id: "number",
    project_id: "number",
    result: "json",
    score: "number",
    model_version: "text",
    cluster: "number",
    neighbors: "json",
    mislabeling: "number",
    created_at: "moment",
    updated_at: "moment",
  },
  // The column of this name is younger than some predictions, and not filled for them everywhere.
  computed: { project_id: "(select task.project_id from task where task.id = prediction.task_id)" },
} as const satisfies SourceTable;

export const taskCompletion = {
  name: "task_completion",
  columns: {
    id: "number",
    task_id: "number",
    project_id: "number",
    result: "json",
    result_count: "number",
    completed_by_id: "number",
    updated_by_id: "number",
    was_cancelled: "flag",
    ground_truth: "flag",
    lead_time: "number",
    unique_id: "text",
    import_id: "number",
    last_action: "text",
    parent_prediction_id: "number",
    parent_annotation_id: "number",
    draft_created_at: "moment",
    created_at: "moment",
    updated_at: "moment",
  },
  computed: { project_id: "(select task.project_id from task where task.id = task_completion.task_id)" },
} as const satisfies SourceTable;

export const annotationDraft = {
  name: "tasks_annotationdraft",
  columns: {
    id: "number",
    task_id: "number",
    annotation_id: "number",
    user_id: "number",
    result: "json",
    lead_time: "number",
    was_postponed: "flag",
    created_at: "moment",
    updated_at: "moment",
  },
} as const satisfies SourceTable;
