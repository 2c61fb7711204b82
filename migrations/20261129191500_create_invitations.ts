import type { Knex } from "knex";

export async function up(database: Knex): Promise<void> {
  await database.schema.createTable("invitations", (table) => {
    table.increments("id");
    table.string("digest", 64).notNullable().unique();
    table.string("last_four", 4).notNullable();
    table.string("note", 200).notNullable().defaultTo("");
    // Who may join: empty for anybody.
    table.string("email", 254).notNullable().defaultTo("");
    table.string("domain", 253).notNullable().defaultTo("");
    // Null for any number.
    table.integer("max_uses");
    table.integer("uses").notNullable().defaultTo(0);
    // Null for never.
    table.string("expires_at", 27);
    table.string("revoked_at", 27);
    // Null on the command line, and once the account is deleted.
    table.integer("created_by_id").references("users.id").onDelete("SET NULL").index();
    table.string("created_at", 27).notNullable();
  });
  // Which invitation somebody joined by, and whose it was. The former has no foreign key, since invitations are never deleted, and
  // two tables that refer to each other could not be copied one after the other.
  await database.raw("alter table users add column invitation_id integer");
  await database.raw("alter table users add column invited_by_id integer references users (id) on delete set null");
  for (const column of ["invitation_id", "invited_by_id"])
    await database.raw("create index ?? on users (??, id) where ?? is not null", [
      `users_${column}_index`,
      column,
      column,
    ]);
}

export async function down(database: Knex): Promise<void> {
  for (const column of ["invited_by_id", "invitation_id"]) {
    await database.raw("drop index ??", [`users_${column}_index`]);
    await database.raw("alter table users drop column ??", [column]);
  }
  await database.schema.dropTable("invitations");
}
