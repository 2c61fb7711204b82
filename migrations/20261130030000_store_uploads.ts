import type { Knex } from "knex";

export async function up(database: Knex): Promise<void> {
  // Bytes of the file; null for names that came from elsewhere without their files.
  await database.raw("alter table file_uploads add column bytes bigint");
  await database.schema.alterTable("file_uploads", (table) => {
    // Addresses of uploads have the project and this name.
    table.index(["project_id", "file"]);
  });
  await database.raw(
    "alter table stored_files add column upload_id integer references file_uploads (id) on delete cascade",
  );
  // `database`, in chunks, or `folder`, for uploads of a server that has a folder for them.
  await database.raw("alter table stored_files add column place varchar(8) not null default 'database'");
  await database.schema.alterTable("stored_files", (table) => {
    table.index("upload_id");
  });
}

export async function down(database: Knex): Promise<void> {
  await database.schema.alterTable("stored_files", (table) => {
    table.dropIndex("upload_id");
  });
  await database.raw("alter table stored_files drop column place");
  await database.raw("alter table stored_files drop column upload_id");
  await database.schema.alterTable("file_uploads", (table) => {
    table.dropIndex(["project_id", "file"]);
  });
  await database.raw("alter table file_uploads drop column bytes");
}
