import type { Knex } from "knex";

const jobTables = ["imports", "exports", "export_conversions"];

export async function up(database: Knex): Promise<void> {
  await database.schema.createTable("stored_files", (table) => {
    table.string("id", 36).primary();
    // The owner: at most one of these; none yet while the file is uploaded.
    table.integer("import_id").references("imports.id").onDelete("CASCADE").index();
    table.integer("export_id").references("exports.id").onDelete("CASCADE").index();
    table.integer("conversion_id").references("export_conversions.id").onDelete("CASCADE").index();
    table.bigInteger("bytes").notNullable().defaultTo(0);
    table.string("created_at", 27).notNullable();
  });
  await database.schema.createTable("stored_file_pieces", (table) => {
    table.string("file_id", 36).notNullable().references("stored_files.id").onDelete("CASCADE");
    table.integer("position").notNullable();
    table.binary("piece").notNullable();
    table.primary(["file_id", "position"]);
  });
  for (const name of jobTables) {
    await database.schema.alterTable(name, (table) => {
      // The id of the lease, and when it expires; both empty without one.
      table.string("lease", 36).notNullable().defaultTo("");
      table.string("leased_until", 27).notNullable().defaultTo("");
    });
  }
  await resetExports(database);
  await failImports(database);
}

/** Their files were in the data folder of one server. They are exported again, of the projects as they are now. */
async function resetExports(database: Knex): Promise<void> {
  const fresh = { status: "created", finished_at: null, created_at: timestamp() };
  await database("exports")
    .whereNot({ status: "failed" })
    .update({ ...fresh, md5: "", task_count: 0 });
  // Conversions are made again on request.
  await database("export_conversions").delete();
}

/** The files of running imports were in that folder, too: these imports fail with a message. */
async function failImports(database: Knex): Promise<void> {
  const running = database("imports").whereIn("state", ["checking", "adding"]);
  for (const { id, files, tasks_added } of await running.clone().select("id", "files", "tasks_added")) {
    const advice = tasks_added > 0 ? "Import the tasks that are missing" : "Import them";
    const message = `The server was updated while these files were imported. ${advice} once more.`;
    const file: string = JSON.parse(files)[0]?.name ?? "";
    await database("import_problems").insert({ import_id: id, file: file.slice(0, 256), line: 1, message });
  }
  await running.update({ state: "refused", problem_count: 1 });
}

function timestamp(): string {
  return new Date().toISOString().replace("Z", "000Z");
}

export async function down(database: Knex): Promise<void> {
  for (const name of jobTables)
    await database.schema.alterTable(name, (table) => table.dropColumns("lease", "leased_until"));
  await database.schema.dropTable("stored_file_pieces");
  await database.schema.dropTable("stored_files");
}
