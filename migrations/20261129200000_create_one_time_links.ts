import type { Knex } from "knex";

export async function up(database: Knex): Promise<void> {
  await database.schema.createTable("one_time_links", (table) => {
    table.increments("id");
    table.integer("user_id").notNullable().references("users.id").onDelete("CASCADE");
    // "password" to set one, "email" to confirm a new address.
    table.string("purpose", 16).notNullable();
    // The new address.
    table.string("email", 254);
    table.string("digest", 64).notNullable().unique();
    // Who made it; null for the command line, and once the account is deleted.
    table.integer("created_by_id").references("users.id").onDelete("SET NULL").index();
    // A digest of the form that made it, so that one that is sent twice makes one link.
    table.string("form_digest", 64);
    table.string("created_at", 27).notNullable();
    table.string("expires_at", 27).notNullable().index();
    table.string("ended_at", 27);
    table.string("end_reason", 16);
    table.unique(["user_id", "form_digest"]);
  });
}

export async function down(database: Knex): Promise<void> {
  await database.schema.dropTable("one_time_links");
}
