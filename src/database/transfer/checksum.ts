import { createHash } from "node:crypto";

import type { Knex } from "knex";

import { readRows } from "./rows.ts";
import type { Row, Value } from "./rows.ts";
import type { Table } from "./schema.ts";

/** What a table holds: alike in every database that holds the same. */
export interface TableSum {
  table: string;
  rows: number;
  /** Hexadecimal. */
  sha256: string;
}

export interface OpenSum {
  add(rows: Row[]): void;
  end(): TableSum;
}

/**
 * Sums up rows that come in the order of the primary key. The checksum is the SHA-256 of a line for each row and one with
 * the columns' names before them. A line is a JSON array, its values in the order of the columns' names, and ends with a
 * line feed: integers as texts of their digits, bytes as base64, the rest as JSON has it.
 */
export function openSum(table: Table): OpenSum {
  const hash = createHash("sha256").update(`${JSON.stringify(table.columns.map(({ name }) => name))}\n`);
  let count = 0;
  return {
    add(rows) {
      for (const row of rows) hash.update(`${JSON.stringify(row.map(inJson))}\n`);
      count += rows.length;
    },
    end: () => ({ table: table.name, rows: count, sha256: hash.digest("hex") }),
  };
}

function inJson(value: Value): Value {
  if (Buffer.isBuffer(value)) return value.toString("base64");
  // JSON has no infinity.
  return typeof value === "number" && !Number.isFinite(value) ? String(value) : value;
}

/** Reads the tables and sums them up. `look` hears of each piece of rows, and may throw. */
export async function sumTables(
  database: Knex,
  tables: Table[],
  look: (rows: number) => void = () => undefined,
): Promise<TableSum[]> {
  const sums: TableSum[] = [];
  for (const table of tables) {
    const sum = openSum(table);
    for await (const rows of readRows(database, table)) {
      sum.add(rows);
      look(rows.length);
    }
    sums.push(sum.end());
  }
  return sums;
}

/** One line about every table that holds something else there than here. */
export function differences(there: TableSum[], here: TableSum[]): string[] {
  const names = new Set([...there, ...here].map(({ table }) => table));
  return [...names].flatMap((name) => {
    const [one, other] = [there, here].map((sums) => sums.find(({ table }) => table === name));
    if (one && other && one.rows === other.rows && one.sha256 === other.sha256) return [];
    return [`${name} (${shortly(one)} there, ${shortly(other)} here)`];
  });
}

function shortly(sum: TableSum | undefined): string {
  return sum ? `${sum.rows} rows, ${shortSum(sum)}` : "not at all";
}

/** Enough of it to compare by eye. */
export function shortSum({ sha256 }: TableSum): string {
  return sha256.slice(0, 16);
}
