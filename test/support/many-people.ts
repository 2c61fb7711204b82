import type { Knex } from "knex";

import { isPostgres } from "../../src/database/open.ts";

/** What a common first name and a common last name begin with, and a word that one person in a thousand has. */
export const commonFirstName = "maria";
export const commonLastName = "garcia";
export const rareName = "quist7";

const sign = ["ra", "ne", "lo", "sti", "ka", "mi", "vo", "du", "be", "tha", "ja", "pe", "fi", "gu", "xe", "wil"];

/** Different names, with one beginning as often as another. */
function names(first: string, count: number, end: string): string[] {
  const at = (index: number) => sign[index % sign.length] ?? "";
  const made = Array.from({ length: count }, (_, index) => at(index * 7) + at(index >> 4) + at(index >> 8) + end);
  return [first, ...made.slice(1)];
}

/**
 * Adds so many members, as users.create makes them but for their passwords, in a few statements: a few names are very
 * common and most are not, one person in a hundred was removed, one in ten has a session, a personal token, and work in
 * projects. Somebody has to be there already.
 */
export async function addManyPeople(database: Knex, count: number): Promise<void> {
  // Room for the indexes, which grow everywhere at once.
  if (!isPostgres(database)) await database.raw("PRAGMA cache_size = -400000");
  await database.transaction(async (transaction) => {
    const run = (sql: string) => transaction.raw(sql);
    // Nothing refers to what is not there: checking that of each row takes half of the time.
    if (isPostgres(database)) await run("set local session_replication_role = replica");
    const last = Number((await transaction("users").max({ id: "id" }).first())?.id);
    await addNames(transaction, "first_names", names(commonFirstName, 400, "n"));
    await addNames(transaction, "last_names", names(commonLastName, 2000, "s"));
    await run(usersSql(last + 1, last + count));
    if (isPostgres(database)) await run("select setval(pg_get_serial_sequence('users', 'id'), max(id)) from users");
    await run(`insert into organization_members (organization_id, user_id, created_at, deleted_at)
      select 1, id, date_joined, case when id % 100 = 99 then date_joined end from users where id > ${last}`);
    const words = ["lower(first_name)", "lower(last_name)", "'n' || id", "'example'", "'com'"];
    await run(`insert into user_search_terms (user_id, term, email, sort_name)
      select id, email, null, null from users where id > ${last}
      ${words.map((word) => `union all select id, ${word}, email, sort_name from users where id > ${last}`).join("\n")}`);
    await run(`insert into legacy_tokens (user_id, digest, token_encrypted, created_at)
      select id, 'token ' || id, '${"s".repeat(90)}', date_joined from users where id > ${last}`);
    await run(`insert into sessions (digest, user_id, data, user_agent, created_at, last_seen_at, expires_at)
      select 'session ' || id, id, '{}', 'Mozilla/5.0', date_joined, last_activity, '2226-01-01T00:00:00.000000Z'
      from users where id > ${last} and id % 10 = 3`);
    await run(`insert into personal_tokens (user_id, jti, token, created_at, expires_at)
      select id, 'jti ' || id, 'header.payload', date_joined, '2226-01-01T00:00:00.000000Z'
      from users where id > ${last} and id % 10 = 4`);
    await addProjects(transaction, last);
    await run(`update organizations set member_count =
      (select count(*) from organization_members where deleted_at is null)`);
    for (const table of ["first_names", "last_names"]) await transaction.schema.dropTable(table);
  });
  // In production PostgreSQL does that by itself; SQLite goes without.
  if (isPostgres(database)) await database.raw("vacuum analyze");
}

/** Adds so many members for lists, without tokens: `person2@example.com` has the id 2, if the owner is all there is. */
export async function addMembers(database: Knex, count: number): Promise<void> {
  await database.raw(
    `insert into users (email, username, sort_name, date_joined, last_activity)
      with recursive numbers(n) as (select 2 union all select n + 1 from numbers where n <= ?)
      select 'person' || n || '@example.com', '', '', joined.date_joined, joined.date_joined
      from numbers join users joined on joined.id = 1`,
    [count],
  );
  await database.raw(`insert into organization_members (organization_id, user_id, created_at)
    select 1, id, date_joined from users where id > 1`);
}

/** A table for this while, with a number for each name. */
async function addNames(transaction: Knex, table: string, all: string[]): Promise<void> {
  await transaction.raw("create temporary table ?? (place integer primary key, name text)", [table]);
  const values = all.map((name, place) => `(${place}, '${name[0]?.toUpperCase()}${name.slice(1)}')`);
  await transaction.raw(`insert into ${table} (place, name) values ${values.join(", ")}`);
}

function usersSql(from: number, to: number): string {
  return `
    with recursive numbers(n) as (select cast(${from} as bigint) union all select n + 1 from numbers where n < ${to}),
      spread as (select n, (n * 7919) % 10007 as one, (n * 6007) % 10009 as other from numbers),
      people as (
        select n, one, first_names.name as first_name,
          case when n % 1000 = 7 then 'Quist' || n else last_names.name end as last_name
        from spread
        join first_names on first_names.place = one * one / 10007 * 400 / 10007
        join last_names on last_names.place = other * other / 10009 * 2000 / 10009
      )
    insert into users (id, email, username, first_name, last_name, sort_name, date_joined, last_activity, last_seen_at)
    select n, lower(first_name || '.' || last_name || '.n' || n) || '@example.com', 'n' || n, first_name, last_name,
      lower(first_name || ' ' || last_name), ${momentSql("n")}, ${momentSql("one * 100003")},
      case when n % 50 = 9 then '' else ${momentSql("one * 100003")} end
    from people`;
}

/** A moment of 2025, as scattered as the number. */
function momentSql(number: string): string {
  const digits = (part: string, from: number, to: number) =>
    `substr(cast(${100 + from} + (${part}) % ${to - from} as text), 2)`;
  return `'2025-' || ${digits(number, 1, 13)} || '-' || ${digits(number, 1, 29)} || 'T' || ${digits(number, 0, 24)}
    || ':' || ${digits(number, 0, 60)} || ':' || ${digits(`${number} / 60`, 0, 60)} || '.000000Z'`;
}

/** A hundred projects, and what people did in them. */
async function addProjects(transaction: Knex, last: number): Promise<void> {
  await transaction.raw(`
    with recursive numbers(n) as (select 1 union all select n + 1 from numbers where n < 100)
    insert into projects (organization_id, title, label_config, created_by_id, created_at, updated_at, last_activity)
    select 1, 'Project ' || n, '<View></View>', ${last} + n, ${momentSql("n")}, ${momentSql("n")}, ${momentSql("n")}
    from numbers`);
  const worked = `from users where users.id > ${last} and users.id % 10 = 5`;
  await transaction.raw(`insert into contributions (user_id, project_id, annotations, tasks, last_at)
    select users.id, projects.id, 5, 5, users.last_activity
    from projects join users on users.id % 1000 = projects.id * 10 - 5 where users.id > ${last}`);
  await transaction.raw(`insert into contribution_days (project_id, user_id, day, annotations)
    select 1, id, substr(last_activity, 1, 10), 5 ${worked}`);
}
