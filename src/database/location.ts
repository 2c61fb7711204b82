import path from "node:path";

import { parse, toClientConfig } from "pg-connection-string";

/** Where a database is. */
export type DatabaseLocation = SqliteLocation | PostgresLocation;

interface SqliteLocation {
  client: "sqlite3";
  /** An absolute path, or `":memory:"`. */
  file: string;
}

export interface PostgresLocation {
  client: "pg";
  host: string;
  port: number;
  user: string;
  password: string;
  database: string;
  /** Options for node:tls; false for a connection without TLS. */
  ssl: object | false;
}

/** A connection string that can't be used. The message gives the reason without the password. */
export class InvalidLocationError extends Error {}

/** TLS parameters of a connection string; libpq's environment variables have the same names after PG. */
export const tlsParameters = ["sslmode", "sslrootcert", "sslcert", "sslkey"] as const;

export type TlsParameters = Partial<Record<(typeof tlsParameters)[number], string>>;

const sslModes = ["disable", "require", "verify-ca", "verify-full"];

/** Parses a connection string as `postgresLocation` does, or the name of an SQLite file. */
export function parseLocation(text: string, tls?: TlsParameters): DatabaseLocation {
  return isPostgresAddress(text) ? postgresLocation(text, tls) : { client: "sqlite3", file: path.resolve(text) };
}

export function isPostgresAddress(text: string): boolean {
  return /^postgres(ql)?:\/\//i.test(text);
}

/**
 * Parses `postgresql://user:password@host:port/name?sslmode=…`; `tls` supplies the TLS parameters that the connection string
 * lacks. Throws InvalidLocationError.
 * Source: PostgreSQL's documentation, 34.1.1 Connection Strings and 34.19 SSL Support.
 */
export function postgresLocation(connectionString: string, tls: TlsParameters = {}): PostgresLocation {
  const url = parseUrl(connectionString);
  for (const name of tlsParameters) if (tls[name] && !url.searchParams.has(name)) url.searchParams.set(name, tls[name]);
  const mode = url.searchParams.get("sslmode");
  if (mode !== null && !sslModes.includes(mode))
    throw new InvalidLocationError(`sslmode is ${mode}: use ${sslModes.join(", ")}`);
  const { host, port, user, password, database, ssl } = parseParameters(url);
  if (!host || !database) throw new InvalidLocationError("it names no host or no database");
  return {
    client: "pg",
    host,
    port: port ?? 5432,
    user: user ?? "postgres",
    password: typeof password === "string" ? password : "",
    database,
    ssl: typeof ssl === "object" ? ssl : ssl === true && {},
  };
}

function parseUrl(connectionString: string): URL {
  if (!isPostgresAddress(connectionString) || !URL.canParse(connectionString))
    throw new InvalidLocationError("it is no address of PostgreSQL");
  return new URL(connectionString);
}

/** Reads the files of certificates, too. */
function parseParameters(url: URL) {
  try {
    return toClientConfig(parse(url.href, { useLibpqCompat: true }));
  } catch (error) {
    throw new InvalidLocationError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

/** Returns a name for messages: the file, or the connection string without user and password. */
export function locationName(location: DatabaseLocation): string {
  if (location.client === "sqlite3") return location.file;
  const host = location.host.includes(":") ? `[${location.host}]` : location.host;
  return `postgresql://${host}:${location.port}/${location.database}`;
}
