import type { Knex } from "knex";

export async function up(database: Knex): Promise<void> {
  // Who may sign up: open, link or link_and_domains.
  await database.raw("alter table organizations add column signup_policy varchar(16) not null default 'open'");
  // Domains of emails, with spaces between; empty for any.
  await database.raw("alter table organizations add column signup_domains text not null default ''");
}

export async function down(database: Knex): Promise<void> {
  await database.raw("alter table organizations drop column signup_domains");
  await database.raw("alter table organizations drop column signup_policy");
}
