import type { Knex } from "knex";

/** Named keys of people. Organizations limit how long they last; 73,000 days are no limit. */
export async function up(database: Knex): Promise<void> {
  await database.schema.createTable("api_keys", (table) => {
    table.increments("id");
    table.integer("user_id").notNullable().references("users.id").onDelete("CASCADE").index();
    table.string("name", 100).notNullable();
    // Of the whole key, which is stored nowhere.
    table.string("digest", 64).notNullable().unique();
    table.string("last_four", 4).notNullable();
    table.boolean("is_read_only").notNullable();
    table.string("created_at", 27).notNullable();
    // Null for a key that never expires.
    table.string("expires_at", 27);
    table.string("last_used_at", 27);
    table.string("revoked_at", 27);
    // Of the form that made the key: a form that is sent twice makes one.
    table.string("form_key", 43);
    table.unique(["user_id", "form_key"]);
  });
  await database.raw("alter table organizations add column api_key_ttl_days integer not null default 73000");
}

export async function down(database: Knex): Promise<void> {
  await database.raw("alter table organizations drop column api_key_ttl_days");
  await database.schema.dropTable("api_keys");
}
