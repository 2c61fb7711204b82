import { randomUUID } from "node:crypto";
import { once } from "node:events";
import http from "node:http";
import type { AddressInfo } from "node:net";

import { Router } from "@koa/router";
import Koa from "koa";
import nunjucks from "nunjucks";
import sqlite3 from "sqlite3";

import { createApp } from "../src/app.ts";
import { createLogger } from "../src/common/logger.ts";
import { loadConfig } from "../src/config/config.ts";
import { closeDatabase } from "../src/database/close.ts";
import { openSqlite } from "../src/database/sqlite.ts";
import { staticFiles } from "../src/rendering/assets.ts";
import { loadCompiledTemplates, loadViews } from "../src/rendering/templates.ts";
import type { Views } from "../src/rendering/templates.ts";
import { ask } from "./ask.ts";
import type { LoadRequest } from "./load.ts";
import { secret_key } from "./server.ts";

/** What the process that measures asks for. */
export type CeilingTask = { request: LoadRequest; status: number };

/** Where the recorded request is served now, and how long its answer is. */
export interface CeilingPorts {
  ceiling: number;
  bare: number;
  bytes: number;
  queries: number;
}

/** What it answers with: why a request could not be recorded, in the second case. */
export type CeilingAnswer = CeilingPorts | { problem: string };

interface Query {
  sql: string;
  bindings: unknown[];
}

/** A page as its template and what it shows, or else a body of JSON or of nothing. */
type Answer = { view: string; locals: Record<string, unknown> } | { json: unknown };

interface Recording {
  queries: Query[];
  answer: Answer;
  /** The bytes of the whole answer's body. */
  body: string;
}

type Render = (this: unknown, view: string, locals: Record<string, unknown>, ...rest: unknown[]) => string;

/** As many as the product reads with. */
const readers = 3;

/** How often the product is asked before what it does is recorded: the first requests fill caches and note that somebody came. */
const warmUps = 3;

/**
 * What the stack could do at most for a request: the statements that the product runs, prepared once, and the template that it
 * renders with what it renders it with, behind Koa and its router alone. Both are recorded from the product, so that they are
 * never of another version.
 */
async function main(file: string): Promise<void> {
  const views = await loadViews("", staticFiles(), await loadCompiledTemplates());
  const database = await openStatements(file);
  const app = new Koa();
  const router = new Router();
  app.use(router.routes());
  let bareBody = "";
  const bare = new Koa();
  bare.use((ctx) => {
    ctx.body = bareBody;
  });
  const ports = { ceiling: await listen(app), bare: await listen(bare) };

  const prepare = async (task: CeilingTask, isRepeated = false): Promise<CeilingPorts> => {
    const recording = await record(file, task);
    serve(router, task, recording, { views, database });
    const own = await ask(ports.ceiling, task.request);
    if (own.status !== task.status || own.body !== recording.body) {
      // "3 minutes ago" may have become "4 minutes ago" meanwhile, but not twice.
      if (!isRepeated) return prepare(task, true);
      throw new Error(`The ceiling of ${task.request.path} answers something else than the product: ${own.body}`);
    }
    bareBody = recording.body;
    return { ...ports, bytes: Buffer.byteLength(recording.body), queries: recording.queries.length };
  };
  process.on("message", (task: CeilingTask) => {
    const problem = (error: Error) => ({ problem: error.message });
    void prepare(task)
      .catch(problem)
      .then((answer: CeilingAnswer) => process.send?.(answer));
  });
  process.on("disconnect", () => process.exit(0));
}

async function listen(app: Koa): Promise<number> {
  const server = http.createServer(app.callback() as http.RequestListener).listen(0, "127.0.0.1");
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

/** Sends the request to the product in this process, and notes what it does. */
async function record(file: string, { request, status }: CeilingTask): Promise<Recording> {
  const database = openSqlite(file);
  const config = { ...loadConfig({}, {}), secret_key };
  const log = createLogger("error", process.stderr);
  const app = await createApp({ config, database, log, templates: await loadCompiledTemplates() });
  const queries: Query[] = [];
  database.on("query", ({ sql, bindings }: Partial<Query>) => {
    queries.push({ sql: sql ?? "", bindings: [...(bindings ?? [])] });
  });
  let rendered: Answer | undefined;
  const environments = nunjucks.Environment.prototype as { render: Render };
  const render = Reflect.get(environments, "render") as Render;
  environments.render = function record(view, locals, ...rest) {
    rendered = { view, locals };
    return render.call(this, view, locals, ...rest);
  };
  const port = await listen(app as unknown as Koa);
  let body = "";
  for (let visit = 0; visit <= warmUps; visit++) {
    queries.length = 0;
    const answer = await ask(port, request);
    body = answer.body;
    if (answer.status !== status) throw new Error(`${request.path} was answered with ${answer.status}: ${body}`);
  }
  environments.render = render;
  const recorded = [...queries];
  await closeDatabase(database);
  return { queries: recorded, answer: rendered ?? { json: JSON.parse(body) }, body };
}

/** Lets the router answer the recorded request, and none before it; ids in its path stand for any. */
function serve(
  router: Router,
  { request, status }: CeilingTask,
  { queries, answer }: Recording,
  { views, database }: { views: Views; database: Statements },
): void {
  const [path = ""] = request.path.split("?");
  // Of two requests with one address it would answer the first.
  router.stack.length = 0;
  router.register(
    path.replaceAll(/\/\d+(?=\/|$)/g, (_, offset: number) => `/:id${offset}`),
    [request.method],
    [
      async (ctx) => {
        await database.run(queries);
        ctx.status = status;
        if ("view" in answer) {
          ctx.type = "html";
          ctx.body = views.render(answer.view, answer.locals);
        } else {
          ctx.type = "json";
          ctx.body = JSON.stringify(answer.json);
        }
      },
    ],
  );
}

interface Statements {
  /** Runs the statements one after the other. */
  run(queries: Query[]): Promise<void>;
}

/** The file with statements that are prepared once: connections that read, and one that writes for one request at a time. */
async function openStatements(file: string): Promise<Statements> {
  const writer = await connect(file);
  const reading = await Promise.all(Array.from({ length: readers }, () => connect(file)));
  let turn = 0;
  let written: Promise<unknown> = Promise.resolve();
  return {
    async run(queries) {
      const reader = reading[turn++ % readers] as Connection;
      const begin = queries.findIndex(({ sql }) => /^\s*begin\b/i.test(sql));
      const end = queries.findLastIndex(({ sql }) => /^\s*commit\b/i.test(sql)) + 1;
      const transaction = begin === -1 ? [] : queries.slice(begin, end);
      for (const query of queries) if (!transaction.includes(query)) await reader(query.sql, query.bindings);
      if (transaction.length === 0) return;
      // A row's UUID is in no row yet.
      const fresh = new Map<unknown, string>();
      const renew = (value: unknown) => {
        if (typeof value !== "string" || !/^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/.test(value)) return value;
        if (!fresh.has(value)) fresh.set(value, randomUUID());
        return fresh.get(value);
      };
      const work = async () => {
        for (const { sql, bindings } of transaction) await writer(sql, bindings.map(renew));
      };
      await (written = written.then(work));
    },
  };
}

type Connection = (sql: string, bindings: unknown[]) => Promise<unknown>;

async function connect(file: string): Promise<Connection> {
  const database = new sqlite3.Database(file);
  const pragmas = "PRAGMA busy_timeout = 5000; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;";
  await new Promise<void>((resolve, reject) => database.exec(pragmas, (error) => (error ? reject(error) : resolve())));
  const statements = new Map<string, sqlite3.Statement>();
  return (sql, bindings) => {
    let statement = statements.get(sql);
    if (!statement) statements.set(sql, (statement = database.prepare(sql)));
    return new Promise((resolve, reject) => {
      statement.all(bindings, (error: Error | null, rows: unknown) => (error ? reject(error) : resolve(rows)));
    });
  };
}

await main(process.argv[2] ?? "");
