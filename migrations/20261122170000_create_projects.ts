import type { Knex } from "knex";

export async function up(database: Knex): Promise<void> {
  await createProjects(database);
  await createTasks(database);
  await createAnnotations(database);
  await createContributions(database);
}

async function createProjects(database: Knex): Promise<void> {
  await database.schema.createTable("projects", (table) => {
    table.increments("id");
    table.integer("organization_id").notNullable().references("organizations.id").onDelete("CASCADE");
    table.string("title", 50);
    // The title in lower case, converted by the program, since databases differ in how they do it.
    table.string("search_title", 100).notNullable().defaultTo("");
    table.text("description").notNullable().defaultTo("");
    table.text("label_config").notNullable();
    table.text("expert_instruction").notNullable().defaultTo("");
    for (const flag of ["show_instruction", "show_annotation_history", "is_published", "is_draft"])
      table.boolean(flag).notNullable().defaultTo(false);
    for (const flag of ["show_skip_button", "enable_empty_annotation", "show_collab_predictions"])
      table.boolean(flag).notNullable().defaultTo(true);
    for (const flag of ["show_ground_truth_first", "show_overlap_first", "evaluate_predictions_automatically"])
      table.boolean(flag).notNullable().defaultTo(false);
    table.boolean("reveal_preannotations_interactively").notNullable().defaultTo(false);
    table.string("color", 16).notNullable().defaultTo("#FFFFFF");
    table.integer("maximum_annotations").notNullable().defaultTo(1);
    table.integer("overlap_cohort_percentage").notNullable().defaultTo(100);
    table.integer("min_annotations_to_start_training").notNullable().defaultTo(0);
    table.text("model_version").notNullable().defaultTo("");
    table.string("sampling", 100).notNullable().defaultTo("Sequential sampling");
    table.string("skip_queue", 100).notNullable().defaultTo("REQUEUE_FOR_OTHERS");
    table.string("pinned_at", 27);
    table.integer("created_by_id").references("users.id").onDelete("SET NULL").index();
    table.string("created_at", 27).notNullable();
    table.string("updated_at", 27).notNullable();
    // The time of the last import or annotation.
    table.string("last_activity", 27).notNullable();
    // Counters, updated in the transaction that changes what they count.
    for (const counter of counters) table.integer(counter).notNullable().defaultTo(0);
    table.integer("last_inner_id").notNullable().defaultTo(0);
    table.index(["pinned_at", "id"]);
  });
}

const counters = [
  "task_number",
  "finished_task_number",
  "num_tasks_with_annotations",
  "total_annotations_number",
  "skipped_annotations_number",
  "ground_truth_number",
  "useful_annotation_number",
  "total_predictions_number",
];

async function createTasks(database: Knex): Promise<void> {
  await database.schema.createTable("file_uploads", (table) => {
    table.increments("id");
    table.integer("project_id").notNullable().references("projects.id").onDelete("CASCADE").index();
    table.integer("user_id").references("users.id").onDelete("SET NULL");
    table.string("file", 256).notNullable();
    table.string("created_at", 27).notNullable();
  });
  await database.schema.createTable("tasks", (table) => {
    table.increments("id");
    table.integer("project_id").notNullable().references("projects.id").onDelete("CASCADE");
    table.integer("inner_id").notNullable();
    // JSON, verbatim.
    table.text("data").notNullable();
    table.text("meta").notNullable().defaultTo("{}");
    table.boolean("is_labeled").notNullable().defaultTo(false);
    table.integer("overlap").notNullable().defaultTo(1);
    table.integer("total_annotations").notNullable().defaultTo(0);
    table.integer("cancelled_annotations").notNullable().defaultTo(0);
    table.integer("total_predictions").notNullable().defaultTo(0);
    table.integer("file_upload_id").references("file_uploads.id").onDelete("SET NULL");
    table.integer("updated_by_id").references("users.id").onDelete("SET NULL");
    table.string("created_at", 27).notNullable();
    table.string("updated_at", 27).notNullable();
    table.unique(["project_id", "inner_id"]);
    table.index(["project_id", "id"]);
    table.index(["project_id", "is_labeled", "id"]);
    table.index(["project_id", "updated_at", "id"]);
    table.index(["file_upload_id"], "tasks_file_upload_id_index", {
      predicate: database.whereNotNull("file_upload_id"),
    });
  });
  await database.schema.createTable("task_locks", (table) => {
    table.integer("task_id").primary().references("tasks.id").onDelete("CASCADE");
    table.integer("user_id").notNullable().references("users.id").onDelete("CASCADE").index();
    table.string("unique_id", 36).notNullable();
    table.string("expires_at", 27).notNullable();
  });
}

async function createAnnotations(database: Knex): Promise<void> {
  await database.schema.createTable("predictions", (table) => {
    table.increments("id");
    table.integer("task_id").notNullable().references("tasks.id").onDelete("CASCADE").index();
    table.integer("project_id").notNullable().references("projects.id").onDelete("CASCADE");
    table.text("result").notNullable();
    table.double("score");
    table.text("model_version").notNullable().defaultTo("");
    table.integer("cluster");
    table.text("neighbors");
    table.double("mislabeling").notNullable().defaultTo(0);
    table.string("created_at", 27).notNullable();
    table.string("updated_at", 27).notNullable();
    table.index(["project_id", "id"]);
    table.index(["project_id", "score"]);
  });
  await database.schema.createTable("annotations", (table) => {
    table.increments("id");
    table.integer("task_id").notNullable().references("tasks.id").onDelete("CASCADE");
    table.integer("project_id").notNullable().references("projects.id").onDelete("CASCADE");
    table.text("result").notNullable();
    table.integer("result_count").notNullable().defaultTo(0);
    table.integer("completed_by_id").references("users.id").onDelete("SET NULL");
    table.integer("updated_by_id").references("users.id").onDelete("SET NULL");
    table.boolean("was_cancelled").notNullable().defaultTo(false);
    table.boolean("ground_truth").notNullable().defaultTo(false);
    table.double("lead_time");
    table.string("unique_id", 36).notNullable().unique();
    table.bigInteger("import_id");
    table.string("last_action", 128);
    table.integer("parent_prediction_id").references("predictions.id").onDelete("SET NULL");
    table.integer("parent_annotation_id").references("annotations.id").onDelete("SET NULL");
    table.string("draft_created_at", 27);
    table.string("created_at", 27).notNullable();
    table.string("updated_at", 27).notNullable();
    table.index(["task_id", "completed_by_id"]);
    table.index(["project_id", "id"]);
    table.index(["project_id", "completed_by_id", "task_id"]);
    table.index("completed_by_id");
    // Partial indexes, since few have a parent; deleting a parent looks up its children here.
    for (const parent of ["parent_prediction_id", "parent_annotation_id"])
      table.index([parent], `annotations_${parent}_index`, { predicate: database.whereNotNull(parent) });
  });
  await database.schema.createTable("drafts", (table) => {
    table.increments("id");
    table.integer("task_id").notNullable().references("tasks.id").onDelete("CASCADE");
    table.integer("annotation_id").references("annotations.id").onDelete("CASCADE");
    table.integer("user_id").notNullable().references("users.id").onDelete("CASCADE");
    table.text("result").notNullable();
    table.double("lead_time");
    table.boolean("was_postponed").notNullable().defaultTo(false);
    table.string("created_at", 27).notNullable();
    table.string("updated_at", 27).notNullable();
    table.index(["task_id", "user_id"]);
    table.index("annotation_id");
    table.index("user_id");
  });
}

/** Counters of each user's annotations, so that pages need not count rows. Skipped tasks do not count. */
async function createContributions(database: Knex): Promise<void> {
  await database.schema.createTable("contributions", (table) => {
    table.integer("user_id").notNullable().references("users.id").onDelete("CASCADE");
    table.integer("project_id").notNullable().references("projects.id").onDelete("CASCADE").index();
    table.integer("annotations").notNullable();
    // Tasks that the user annotated, tasks that they only skipped, and how many of both are labeled.
    for (const counter of ["tasks", "skipped_tasks", "labeled_tasks"])
      table.integer(counter).notNullable().defaultTo(0);
    table.string("last_at", 27).notNullable();
    table.primary(["user_id", "project_id"]);
  });
  await database.schema.createTable("contribution_days", (table) => {
    table.integer("user_id").notNullable().references("users.id").onDelete("CASCADE");
    table.string("day", 10).notNullable();
    table.integer("annotations").notNullable();
    table.primary(["user_id", "day"]);
  });
}

export async function down(database: Knex): Promise<void> {
  const tables = ["contribution_days", "contributions", "drafts", "annotations", "predictions", "task_locks"];
  for (const table of [...tables, "tasks", "file_uploads", "projects"]) await database.schema.dropTable(table);
}
