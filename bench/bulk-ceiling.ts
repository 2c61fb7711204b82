import { createReadStream } from "node:fs";
import os from "node:os";

import bcrypt from "bcrypt";
import pLimit from "p-limit";
import sqlite3 from "sqlite3";
import type { Statement } from "sqlite3";

import { now } from "../src/common/timestamps.ts";
import { CsvScanner } from "../src/imports/csv-scanner.ts";

/** What the process that measures asks for. */
export type BulkTask =
  | { kind: "import"; database: string; project: number; file: string }
  | { kind: "export"; database: string; project: number }
  | { kind: "log-ins"; count: number; cost: number };

/** How long it took, in seconds, and the processor time of all threads. */
export interface BulkOutcome {
  seconds: number;
  processor: number;
}

const insertedRows = 1000;
const exportedRows = 500;

process.on("message", (task: BulkTask) => {
  void measure(task).then((outcome) => process.send?.(outcome));
});
process.on("disconnect", () => process.exit(0));

async function measure(task: BulkTask): Promise<BulkOutcome> {
  const work = await prepare(task);
  const [started, before] = [performance.now(), process.cpuUsage()];
  await work();
  const { user, system } = process.cpuUsage(before);
  return { seconds: (performance.now() - started) / 1000, processor: (user + system) / 1e6 };
}

async function prepare(task: BulkTask): Promise<() => Promise<void>> {
  if (task.kind === "log-ins") {
    const hash = await bcrypt.hash("correct horse battery", task.cost);
    const queue = pLimit(os.availableParallelism());
    const compare = () => queue(() => bcrypt.compare("correct horse battery", hash));
    return async () => void (await Promise.all(Array.from({ length: task.count }, compare)));
  }
  const database = await open(task.database);
  return async () => {
    await (task.kind === "import" ? importTable(database, task) : exportTasks(database, task.project));
    await new Promise<void>((resolve) => database.close(() => resolve()));
  };
}

/** Reads the table twice, as is needed to know which columns hold numbers, and gives each statement many rows as one text of JSON. */
async function importTable(
  database: sqlite3.Database,
  { project, file }: { project: number; file: string },
): Promise<void> {
  for await (const _ of rows(file)) continue;
  const statement = await prepared(
    database,
    `insert into tasks (project_id, inner_id, data, meta, overlap, created_at, updated_at)
     select ?, ? + key, value, '{}', 1, ?, ? from json_each(?)`,
  );
  let added = 0;
  let batch: string[] = [];
  const flush = async () => {
    await run(statement, [project, added + 1, now(), now(), JSON.stringify(batch)]);
    added += batch.length;
    batch = [];
  };
  for await (const row of rows(file)) {
    batch.push(JSON.stringify(row));
    if (batch.length === insertedRows) await flush();
  }
  await flush();
  await new Promise((resolve) => void statement.finalize(resolve));
}

async function* rows(file: string): AsyncGenerator<Record<string, string>> {
  const scanner = new CsvScanner(",");
  let names: string[] | undefined;
  for await (const chunk of createReadStream(file, "utf8")) {
    for (const { cells } of scanner.push(chunk as string)) {
      if (names) yield Object.fromEntries(names.map((name, index) => [name, cells[index] ?? ""]));
      else names = cells;
    }
  }
}

async function exportTasks(database: sqlite3.Database, project: number): Promise<void> {
  const statement = await prepared(
    database,
    `select * from tasks where project_id = ? and id > ? order by id limit ${exportedRows}`,
  );
  let bytes = 0;
  for (let after = 0, found = exportedRows; found === exportedRows;) {
    const list = await new Promise<{ id: number }[]>((resolve, reject) => {
      statement.all<{ id: number }>([project, after], (error, all) => (error ? reject(error) : resolve(all)));
    });
    for (const row of list) bytes += JSON.stringify(row).length;
    found = list.length;
    after = list.at(-1)?.id ?? after;
  }
  if (bytes === 0) throw new Error("There is nothing to export.");
  await new Promise((resolve) => void statement.finalize(resolve));
}

async function open(file: string): Promise<sqlite3.Database> {
  const database = await new Promise<sqlite3.Database>((resolve, reject) => {
    const opened = new sqlite3.Database(file, (error) => (error ? reject(error) : resolve(opened)));
  });
  await new Promise((resolve) => void database.exec("PRAGMA busy_timeout = 5000; PRAGMA synchronous = FULL;", resolve));
  return database;
}

function prepared(database: sqlite3.Database, sql: string): Promise<Statement> {
  return new Promise((resolve, reject) => {
    const statement = database.prepare(sql, (error: Error | null) => (error ? reject(error) : resolve(statement)));
  });
}

function run(statement: Statement, values: unknown[]): Promise<void> {
  return new Promise((resolve, reject) => {
    statement.run(values, (error) => (error ? reject(error) : resolve()));
  });
}
