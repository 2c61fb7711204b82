import type { Knex } from "knex";

export async function up(database: Knex): Promise<void> {
  await database.schema.createTable("legacy_tokens", (table) => {
    table.integer("user_id").primary().references("users.id").onDelete("CASCADE");
    table.string("digest", 64).notNullable().unique();
    table.text("sealed").notNullable();
    table.string("created_at", 27).notNullable();
  });
  await database.schema.createTable("personal_tokens", (table) => {
    table.increments("id");
    table.integer("user_id").notNullable().references("users.id").onDelete("CASCADE").index();
    table.string("jti", 255).notNullable().unique();
    table.string("name", 100).notNullable().defaultTo("");
    // Header and payload of the JWT, without its signature.
    table.text("token").notNullable();
    table.string("created_at", 27).notNullable();
    table.string("expires_at", 27).notNullable();
    table.string("revoked_at", 27);
  });
}

export async function down(database: Knex): Promise<void> {
  await database.schema.dropTable("personal_tokens");
  await database.schema.dropTable("legacy_tokens");
}
