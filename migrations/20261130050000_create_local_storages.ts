import type { Knex } from "knex";

export async function up(database: Knex): Promise<void> {
  // Folders on the server's disk whose files become tasks of a project.
  await database.schema.createTable("local_storages", (table) => {
    table.increments("id");
    table.integer("project_id").notNullable().references("projects.id").onDelete("CASCADE").index();
    table.text("title");
    table.text("description");
    table.text("path").notNullable();
    table.text("regex_filter");
    table.boolean("use_blob_urls").notNullable().defaultTo(false);
    table.boolean("recursive_scan").notNullable().defaultTo(false);
    // initialized, in_progress, completed or failed.
    table.string("status", 16).notNullable().defaultTo("initialized");
    // The import that the last synchronization has started.
    table.integer("import_id").references("imports.id").onDelete("SET NULL").index();
    table.string("sync_started_at", 27);
    table.string("last_sync", 27);
    table.integer("last_sync_count");
    table.integer("tasks_existed").notNullable().defaultTo(0);
    table.text("traceback");
    table.string("created_at", 27).notNullable();
  });
  // The files that became tasks.
  await database.schema.createTable("local_storage_links", (table) => {
    table.integer("storage_id").notNullable().references("local_storages.id").onDelete("CASCADE");
    // SHA-256 of the path, which is too long for an index.
    table.string("path_digest", 64).notNullable();
    // The place of the task in its file.
    table.integer("row_index").notNullable();
    table.text("path").notNullable();
    table.integer("task_id").notNullable().references("tasks.id").onDelete("CASCADE").index();
    table.primary(["storage_id", "path_digest", "row_index"]);
  });
}

export async function down(database: Knex): Promise<void> {
  await database.schema.dropTable("local_storage_links");
  await database.schema.dropTable("local_storages");
}
