import type { SourceTable } from "./source.ts";

/*
 * The tables and columns of Label Studio 1.23 that are read. Columns that an older version lacks are read as null; the
 * migration of each table knows what that version meant by it.
 */

export const user = {
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
    is_active: "boolean",
    is_deleted: "boolean",
    allow_newsletters: "boolean",
    date_joined: "timestamp",
    last_activity: "timestamp",
    last_login: "timestamp",
  },
} as const satisfies SourceTable;

export const userEmail = { name: "htx_user", columns: { id: "number", email: "text" } } as const satisfies SourceTable;

export const organization = {
  name: "organization",
  columns: {
    id: "number",
    title: "text",
    token: "text",
    created_by_id: "number",
    contact_info: "text",
    created_at: "timestamp",
    updated_at: "timestamp",
  },
} as const satisfies SourceTable;

export const organizationMember = {
  name: "organizations_organizationmember",
  columns: {
    id: "number",
    user_id: "number",
    created_at: "timestamp",
    updated_at: "timestamp",
    deleted_at: "timestamp",
  },
} as const satisfies SourceTable;

export const jwtSettings = {
  name: "jwt_auth_jwtsettings",
  key: "organization_id",
  columns: { api_tokens_enabled: "boolean", api_token_ttl_days: "number", legacy_api_tokens_enabled: "boolean" },
} as const satisfies SourceTable;

export const sessionPolicy = {
  name: "session_policy_sessiontimeoutpolicy",
  key: "organization_id",
  columns: { max_session_age: "number", max_time_between_activity: "number", updated_at: "timestamp" },
} as const satisfies SourceTable;

export const legacyToken = {
  name: "authtoken_token",
  key: "user_id",
  columns: { user_id: "number", key: "text", created: "timestamp" },
} as const satisfies SourceTable;

export const personalToken = {
  name: "token_blacklist_outstandingtoken",
  columns: {
    id: "number",
    user_id: "number",
    jti: "text",
    token: "text",
    created_at: "timestamp",
    expires_at: "timestamp",
    revoked_at: "timestamp",
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
    show_instruction: "boolean",
    show_skip_button: "boolean",
    enable_empty_annotation: "boolean",
    show_annotation_history: "boolean",
    show_collab_predictions: "boolean",
    show_ground_truth_first: "boolean",
    show_overlap_first: "boolean",
    evaluate_predictions_automatically: "boolean",
    reveal_preannotations_interactively: "boolean",
    is_published: "boolean",
    is_draft: "boolean",
    color: "text",
    maximum_annotations: "number",
    overlap_cohort_percentage: "number",
    min_annotations_to_start_training: "number",
    model_version: "text",
    sampling: "text",
    skip_queue: "text",
    pinned_at: "timestamp",
    created_by_id: "number",
    created_at: "timestamp",
    updated_at: "timestamp",
    deleted_at: "timestamp",
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
    created_at: "timestamp",
    updated_at: "timestamp",
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
    created_at: "timestamp",
    updated_at: "timestamp",
  },
  // The column was added after some predictions, and may be null for these.
  computed: { project_id: "(select task.project_id from task where task.id = prediction.task_id)" },
} as const satisfies SourceTable;

export const annotation = {
  name: "task_completion",
  columns: {
    id: "number",
    task_id: "number",
    project_id: "number",
    result: "json",
    result_count: "number",
    completed_by_id: "number",
    updated_by_id: "number",
    was_cancelled: "boolean",
    ground_truth: "boolean",
    lead_time: "number",
    unique_id: "text",
    import_id: "number",
    last_action: "text",
    parent_prediction_id: "number",
    parent_annotation_id: "number",
    draft_created_at: "timestamp",
    created_at: "timestamp",
    updated_at: "timestamp",
  },
  computed: { project_id: "(select task.project_id from task where task.id = task_completion.task_id)" },
} as const satisfies SourceTable;

export const draft = {
  name: "tasks_annotationdraft",
  columns: {
    id: "number",
    task_id: "number",
    annotation_id: "number",
    user_id: "number",
    result: "json",
    lead_time: "number",
    was_postponed: "boolean",
    created_at: "timestamp",
    updated_at: "timestamp",
  },
} as const satisfies SourceTable;
