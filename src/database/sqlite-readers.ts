import type { Knex } from "knex";

/** Connections that read at the same time; each has a cache of up to 2 MB. */
const maxReaders = 3;

/** What Knex has built and not yet run: a query, or a statement as text. */
interface Builder {
  _method?: string;
  sql?: unknown;
}

interface SqliteClient extends Knex.Client {
  runner: (builder: Builder) => unknown;
  initializePool: (config: object) => void;
}

/**
 * Lets reads outside of transactions use connections of their own, since the one that writes may be busy with somebody's import:
 * SQLite that writes ahead gives each reader what was committed last, and lets nobody wait for it.
 */
export function readOnOtherConnections(database: Knex): void {
  const client = database.client as SqliteClient;
  const { afterCreate } = client.config.pool as { afterCreate: (connection: unknown, done: unknown) => void };
  // Whoever listens to the client hears of the readers' queries, too.
  const readers = Object.create(client, { pool: { value: undefined, writable: true } }) as SqliteClient;
  readers.initializePool({ ...client.config, pool: { min: 0, max: maxReaders, afterCreate } });

  // Of this client alone: queries in a transaction have a client of theirs.
  const runner = client.runner.bind(client);
  const readersRunner = client.runner.bind(readers);
  const destroy = client.destroy.bind(client);
  client.runner = (builder) => (isRead(builder) ? readersRunner(builder) : runner(builder));
  client.destroy = async (callback) => {
    await readers.pool?.destroy();
    await destroy(callback);
  };
}

function isRead({ _method, sql }: Builder): boolean {
  if (typeof sql === "string") return /^\s*select\b/i.test(sql);
  return _method === "select" || _method === "first" || _method === "pluck";
}
