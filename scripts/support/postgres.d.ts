/** A server of PostgreSQL that goes, with all that is in it, when it stops. */
export interface PostgresServer {
  /** The address of the database `postgres`, as a user who may do everything. */
  url: string;
  /** Stops it as a restart does, and keeps what is in it. */
  pause(): Promise<void>;
  resume(): Promise<void>;
  /** Creates a database; resolves with its address. */
  createDatabase(name: string): Promise<string>;
  stop(): Promise<void>;
}

/** With `tls` it also talks TLS; when it is `durable` it keeps what it has said to keep. */
export function startPostgres(options?: {
  tls?: { cert: string; key: string };
  durable?: boolean;
}): Promise<PostgresServer>;
