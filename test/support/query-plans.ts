import type { Knex } from "knex";

import { isPostgres } from "../../src/database/open.ts";

/** A statement as it was sent. */
export interface Statement {
  sql: string;
  bindings: readonly unknown[];
}

/** What the work asks of the database: of statements that differ in their values alone, the last one. */
export async function statementsOf(database: Knex, work: () => Promise<unknown>): Promise<Statement[]> {
  const sent = new Map<string, Statement>();
  const hear = ({ sql, bindings = [] }: Partial<Statement> & { sql: string }) => void sent.set(sql, { sql, bindings });
  database.on("query", hear);
  try {
    await work();
  } finally {
    database.off("query", hear);
  }
  return [...sent.values()].filter(({ sql }) => /^(?:select|with|update|delete)\b/i.test(sql));
}

/** Of these tables, those that a statement reads whole or sorts whole, each with the line of the plan that says so. */
export async function fullScans(database: Knex, statement: Statement, tables: Map<string, number>): Promise<string[]> {
  return isPostgres(database)
    ? wholeInPostgres(await postgresPlan(database, statement), tables)
    : wholeInSqlite(await sqlitePlan(database, statement), statement, tables);
}

interface PostgresNode {
  "Node Type": string;
  "Relation Name"?: string;
  "Actual Rows"?: number;
  "Actual Loops"?: number;
  "Rows Removed by Filter"?: number;
  Plans?: PostgresNode[];
}

/** What it really reads, unless it is a change. */
async function postgresPlan(database: Knex, { sql, bindings }: Statement): Promise<PostgresNode> {
  const analyze = /^(?:select|with)\b/i.test(sql) ? "analyze, " : "";
  const asked = `explain (${analyze}format json) ${sql.replaceAll("?", "\\?").replaceAll(/\$\d+/g, "?")}`;
  const { rows } = await database.raw(asked, bindings as Knex.RawBinding[]);
  return rows[0]["QUERY PLAN"][0].Plan;
}

/** What is nearly a whole table. */
const most = 0.7;

function wholeInPostgres(node: PostgresNode, tables: Map<string, number>): string[] {
  const { "Node Type": type, "Relation Name": table = "", Plans: children = [] } = node;
  const below = children.flatMap((child) => wholeInPostgres(child, tables));
  const isWhole = type === "Seq Scan" && tables.has(table);
  if (isWhole || rowsOf(node) > most * (tables.get(table) ?? Infinity))
    return [...below, `${type} of ${rowsOf(node)} rows of ${table}`];
  const sorted = type.endsWith("Sort") ? Math.max(...children.map(rowsOf)) : 0;
  return sorted > most * (tables.get("users") ?? Infinity) ? [...below, `${type} of ${sorted} rows`] : below;
}

function rowsOf(node: PostgresNode): number {
  const each = (node["Actual Rows"] ?? 0) + (node["Rows Removed by Filter"] ?? 0);
  return each * (node["Actual Loops"] ?? 0);
}

interface SqliteNode {
  id: number;
  parent: number;
  detail: string;
}

async function sqlitePlan(database: Knex, { sql, bindings }: Statement): Promise<SqliteNode[]> {
  return database.raw(`explain query plan ${sql}`, bindings as Knex.RawBinding[]);
}

/** An index may be followed as far as a limit goes. What a subquery gives is no table. */
function wholeInSqlite(plan: SqliteNode[], { sql }: Statement, tables: Map<string, number>): string[] {
  return plan.flatMap(({ parent, detail }) => {
    const beside = plan.filter((each) => each.parent === parent).map((each) => each.detail);
    const name = /^SCAN (\w+)/.exec(detail)?.[1];
    const table = name === "members" ? "organization_members" : (name ?? "");
    const isSubquery = beside.some((each) => new RegExp(`^(?:CO-ROUTINE|MATERIALIZE) ${name}$`).test(each));
    if (!tables.has(table) || isSubquery) return [];
    const isSorted = beside.some((each) => each.startsWith("USE TEMP B-TREE FOR ORDER BY"));
    return /USING (?:COVERING )?INDEX/.test(detail) && /\blimit\b/i.test(sql) && !isSorted ? [] : [detail];
  });
}
