import KnexSqliteClient from "knex/lib/dialects/sqlite3/index.js";

import { adaptTransaction } from "./sqlite-transaction.ts";
import type { KnexTransaction } from "./sqlite-transaction.ts";
import { StatementCache } from "./statement-cache.ts";
import type { SqliteConnection } from "./statement-cache.ts";

/** A statement with its values, as Knex compiles it. */
interface CompiledQuery {
  sql: string;
  bindings?: unknown[];
  method?: string;
  returning?: unknown;
}

/** What is awaited: a query, a statement as text, or a change of the schema, which may be several. */
interface Builder {
  _method?: string;
  _connection?: unknown;
  _timeout?: unknown;
  sql?: unknown;
  toSQL(): CompiledQuery;
}

interface Runner {
  run(): Promise<unknown>;
}

/** The pool of Knex, which is tarn's. */
interface Pool {
  free: { resource: SqliteConnection }[];
  used: { resource: SqliteConnection }[];
  pendingAcquires: unknown[];
  destroyed: boolean;
}

/** Connections that read at the same time; each has a cache of up to 2 MB. */
const maxReaders = 3;

interface Connection extends SqliteConnection {
  statements: StatementCache;
}

/**
 * Knex's client for SQLite, with what its own lacks: it prepares each statement anew, and what surrounds a statement takes it
 * longer than SQLite takes for the statement.
 */
export class SqliteClient extends KnexSqliteClient {
  /** The same client with connections that only read; clients of transactions have none. */
  readers: SqliteClient | undefined = undefined;

  /**
   * Lets reads outside of transactions use connections of their own, since the one that writes may be busy with somebody's import:
   * SQLite that writes ahead gives each reader what was committed last, and lets nobody wait for it.
   */
  openReaders(): void {
    const { pool } = this.config;
    // Whoever listens to this client hears of the readers' queries, too.
    this.readers = Object.create(this, { pool: { value: undefined, writable: true } }) as SqliteClient;
    this.readers.initializePool({ ...this.config, pool: { ...pool, min: 0, max: maxReaders } });
  }

  override async destroy(callback?: unknown): Promise<void> {
    await this.readers?.pool?.destroy();
    await super.destroy(callback);
  }

  override transaction(...args: unknown[]): KnexTransaction {
    return adaptTransaction(super.transaction(...args) as KnexTransaction);
  }

  override acquireConnection(): unknown {
    return takeFree(this.pool as unknown as Pool | undefined) ?? super.acquireConnection();
  }

  override async acquireRawConnection(): Promise<Connection> {
    const connection = (await super.acquireRawConnection()) as SqliteConnection;
    return Object.assign(connection, { statements: new StatementCache(connection) });
  }

  override async destroyRawConnection(connection: Connection): Promise<void> {
    await connection.statements.finalize();
    await super.destroyRawConnection(connection);
  }

  override async _query(connection: Connection, query: CompiledQuery): Promise<CompiledQuery> {
    if (!query.sql) throw new Error("The query is empty");
    const { sql, bindings = [] } = query;
    return Object.assign(query, await connection.statements.execute(sql, bindings, isChange(query)));
  }

  override runner(builder: Builder): Runner {
    const client = this.readers && isRead(builder) ? this.readers : this;
    const runner = super.runner.call(client, builder) as Runner;
    if (isSingle(builder)) runner.run = () => run(client, builder, runner);
    return runner;
  }
}

/**
 * Takes a connection that is free and that nobody waits for. tarn's own way takes two timers and a dozen promises, since it lets
 * connections be validated, which those to a file need not.
 */
function takeFree(pool: Pool | undefined): SqliteConnection | undefined {
  if (!pool || pool.destroyed || pool.pendingAcquires.length > 0) return undefined;
  const free = pool.free.pop();
  if (free) pool.used.push(free);
  return free?.resource;
}

/** As Knex's own client: other statements have rows. */
function isChange({ method, returning }: CompiledQuery): boolean {
  return method === "del" || method === "counter" || ((method === "insert" || method === "update") && !returning);
}

function isRead({ _method, sql }: Builder): boolean {
  if (typeof sql === "string") return /^\s*select\b/i.test(sql);
  return _method === "select" || _method === "first" || _method === "pluck";
}

function isSingle({ _method, _connection, _timeout, sql }: Builder): boolean {
  return (typeof _method === "string" || typeof sql === "string") && !_connection && !_timeout;
}

/** What the runner of Knex does for one statement, without the events of a builder, which nobody listens to here. */
async function run(client: SqliteClient, builder: Builder, runner: Runner): Promise<unknown> {
  const connection = await client.acquireConnection();
  try {
    const query = builder.toSQL();
    await client.query(connection, query);
    const response: unknown = client.postProcessResponse(client.processResponse(query, runner), undefined);
    client.emit("query-response", response, query, builder);
    return response;
  } finally {
    client.releaseConnection(connection);
  }
}
