import { createHash } from "node:crypto";

import type { Knex } from "knex";

import { readRows } from "./rows.ts";
import type { Row, Value } from "./rows.ts";
import type { Table } from "./schema.ts";

/** The checksum of a table's rows: equal in every database that holds the same rows. */
export interface TableChecksum {
  table: string;
  rows: number;
  /** Hexadecimal. */
  sha256: string;
}

interface RunningChecksum {
  add(rows: Row[]): void;
  finish(): TableChecksum;
}

/**
 * Starts the checksum of a table, to which its rows are added in the order of the primary key. It is the SHA-256 of a line
 * with the names of the columns and then a line for each row. A line is a JSON array that ends with a line feed, its values in
 * the order of the columns' names: integers as strings of their digits, bytes as base64, the rest as JSON has it.
 */
export function startChecksum(table: Table): RunningChecksum {
  const hash = createHash("sha256").update(`${JSON.stringify(table.columns.map(({ name }) => name))}\n`);
  let count = 0;
  return {
    add(rows) {
      for (const row of rows) hash.update(`${JSON.stringify(row.map(toJsonValue))}\n`);
      count += rows.length;
    },
    finish: () => ({ table: table.name, rows: count, sha256: hash.digest("hex") }),
  };
}

function toJsonValue(value: Value): Value {
  if (Buffer.isBuffer(value)) return value.toString("base64");
  // JSON has no infinity.
  return typeof value === "number" && !Number.isFinite(value) ? String(value) : value;
}

/** Reads the tables and returns their checksums. `onRows` is called with the size of each batch; throwing aborts. */
export async function checksumTables(
  database: Knex,
  tables: Table[],
  onRows: (rows: number) => void,
): Promise<TableChecksum[]> {
  const checksums: TableChecksum[] = [];
  for (const table of tables) {
    const checksum = startChecksum(table);
    for await (const rows of readRows(database, table)) {
      checksum.add(rows);
      onRows(rows.length);
    }
    checksums.push(checksum.finish());
  }
  return checksums;
}

/** Returns a line for each table whose rows differ; `there` is what was read or recorded, `here` what is found now. */
export function describeDifferences(there: TableChecksum[], here: TableChecksum[]): string[] {
  const names = new Set([...there, ...here].map(({ table }) => table));
  return [...names].flatMap((name) => {
    const [one, other] = [there, here].map((checksums) => checksums.find(({ table }) => table === name));
    if (one && other && one.rows === other.rows && one.sha256 === other.sha256) return [];
    return [`${name} (${summary(one)} there, ${summary(other)} here)`];
  });
}

function summary(checksum: TableChecksum | undefined): string {
  return checksum ? `${checksum.rows} rows, ${shortChecksum(checksum)}` : "not at all";
}

/** Returns the first 16 hexadecimal digits, which is enough to compare by eye. */
export function shortChecksum({ sha256 }: TableChecksum): string {
  return sha256.slice(0, 16);
}
