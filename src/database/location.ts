import path from "node:path";

import { parse, toClientConfig } from "pg-connection-string";

/** Where the data is kept. */
export type DatabaseLocation = SqliteLocation | PostgresLocation;

export interface SqliteLocation {
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
  /** What node:tls is given; false for none. */
  ssl: object | false;
}

/** An address that names no database. The message says what is wrong with it, and holds no password. */
export class InvalidLocationError extends Error {}

/** TLS as libpq's variables and the parameters of an address name it. */
export const tlsParameters = ["sslmode", "sslrootcert", "sslcert", "sslkey"] as const;

export type TlsParameters = Partial<Record<(typeof tlsParameters)[number], string>>;

const sslModes = ["disable", "require", "verify-ca", "verify-full"];

/** Reads a file's name, or an address as `postgresPlace` does. */
export function parseLocation(text: string, tls?: TlsParameters): DatabaseLocation {
  return isPostgresAddress(text) ? postgresLocation(text, tls) : { client: "sqlite3", file: path.resolve(text) };
}

export function isPostgresAddress(text: string): boolean {
  return /^postgres(ql)?:\/\//i.test(text);
}

/**
 * Reads `postgresql://user:password@host:port/name?sslmode=…`; what the address leaves out of TLS comes from `tls`. Throws
 * PlaceError.
 * Source: PostgreSQL's documentation, 34.1.1 Connection Strings and 34.19 SSL Support.
 */
export function postgresLocation(address: string, tls: TlsParameters = {}): PostgresLocation {
  const url = urlFrom(address);
  for (const name of tlsParameters) if (tls[name] && !url.searchParams.has(name)) url.searchParams.set(name, tls[name]);
  const mode = url.searchParams.get("sslmode");
  if (mode !== null && !sslModes.includes(mode))
    throw new InvalidLocationError(`sslmode is ${mode}: use ${sslModes.join(", ")}`);
  const { host, port, user, password, database, ssl } = read(url);
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

function urlFrom(address: string): URL {
  if (!isPostgresAddress(address) || !URL.canParse(address))
    throw new InvalidLocationError("it is no address of PostgreSQL");
  return new URL(address);
}

function read(url: URL) {
  try {
    return toClientConfig(parse(url.href, { useLibpqCompat: true }));
  } catch (error) {
    throw new InvalidLocationError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

/** For messages: the file, or the address without user and password. */
export function locationName(place: DatabaseLocation): string {
  if (place.client === "sqlite3") return place.file;
  const host = place.host.includes(":") ? `[${place.host}]` : place.host;
  return `postgresql://${host}:${place.port}/${place.database}`;
}
