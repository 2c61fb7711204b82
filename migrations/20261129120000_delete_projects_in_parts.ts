import type { Knex } from "knex";

export async function up(database: Knex): Promise<void> {
  await database.schema.createTable("project_deletions", (table) => {
    // The project, which is hidden from the moment that it has a row here, until all that belongs to it is deleted.
    table.integer("id").primary().references("projects.id").onDelete("CASCADE");
    table.string("created_at", 27).notNullable();
    table.string("lease", 36).notNullable().defaultTo("");
    table.string("leased_until", 27).notNullable().defaultTo("");
  });
  await replaceDays(database, ["project_id", "user_id", "day"]);
  await database.schema.alterTable("contribution_days", (table) => table.index(["user_id", "day"]));
}

export async function down(database: Knex): Promise<void> {
  // Without its row a project that is deleted in part would be there again.
  await database("projects").whereIn("id", database("project_deletions").select("id")).delete();
  await replaceDays(database, ["user_id", "day"]);
  await database.schema.dropTable("project_deletions");
}

/** With the project, the days of one that is deleted need not be subtracted from the others' first. */
async function replaceDays(database: Knex, key: string[]): Promise<void> {
  await database.schema.dropTable("contribution_days");
  await database.schema.createTable("contribution_days", (table) => {
    if (key.includes("project_id"))
      table.integer("project_id").notNullable().references("projects.id").onDelete("CASCADE");
    table.integer("user_id").notNullable().references("users.id").onDelete("CASCADE");
    table.string("day", 10).notNullable();
    table.integer("annotations").notNullable();
    table.primary(key);
  });
  const columns = key.map(
    (column) => ({ user_id: "completed_by_id", day: "substr(created_at, 1, 10)" })[column] ?? column,
  );
  await database.raw(
    `insert into contribution_days (${key.join(", ")}, annotations)
     select ${columns.join(", ")}, count(*) from annotations
     where completed_by_id is not null and was_cancelled = false group by ${columns.join(", ")}`,
  );
}
