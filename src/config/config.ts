import { existsSync } from "node:fs";
import os from "node:os";
import path from "node:path";

import type { LogLevel } from "../common/logger.ts";
import { InvalidLocationError, postgresLocation, tlsParameters } from "../database/location.ts";
import type { DatabaseLocation, TlsParameters } from "../database/location.ts";
import { ConfigError, createSettingReader, settings } from "./settings.ts";
import type { ConfigOptions, ReadSetting } from "./settings.ts";

/** The validated configuration, frozen. Paths are absolute. */
export interface Config {
  /** The public URL; undefined if it is taken from each request's headers. */
  readonly host: URL | undefined;
  /** The path prefix of all URLs, `""` or `"/prefix"`. */
  readonly base_path: string;
  readonly port: number;
  readonly internal_host: string;
  readonly data_dir: string;
  readonly database: DatabaseLocation;
  /** The size of the connection pool on PostgreSQL. */
  readonly database_connections: number;
  /** How long to wait at start for a PostgreSQL server that is unreachable, in seconds. */
  readonly database_wait: number;
  readonly secret_key: string;
  /** Undefined: one proxy on a private network. */
  readonly trusted_proxies: readonly string[] | undefined;
  /** Who may read the metrics: whoever has the token, and these addresses and networks; nobody by default. */
  readonly metrics_token: string | undefined;
  readonly metrics_networks: readonly string[] | undefined;
  /** Names, or `.example.com` for all below it, or `*`; empty if not configured. */
  readonly allowed_hosts: readonly string[];
  /** Sources of the content security policy; empty if nobody may show pages in a frame. */
  readonly frame_ancestors: readonly string[];
  readonly disable_signup_without_link: boolean;
  readonly enable_legacy_api_token: boolean;
  readonly password_min_length: number;
  readonly password_cost: number;
  readonly session_cookie_secure: boolean;
  readonly hsts_seconds: number;
  readonly logout_redirect_url: string | undefined;
  /** The server that mail is sent through, with its credentials; no mail is sent without it or without `host`. */
  readonly smtp_url: string | undefined;
  /** The sender of mail: an address, or a name with one; undefined for one that follows from the two above. */
  readonly mail_from: string | undefined;
  /** The folder for uploaded files; undefined to keep them in the database. */
  readonly uploads_dir: string | undefined;
  /** How many megabytes the files of uploads may have together; undefined for any number. */
  readonly uploads_quota: number | undefined;
  /** The folder whose files members may read; undefined if that is switched off. */
  readonly local_files_root: string | undefined;
  /** How long the activity log keeps events. */
  readonly event_retention_days: number;
  readonly log_level: LogLevel;
  /** The first user, whom commands create if there is none. */
  readonly username: string | undefined;
  readonly password: string | undefined;
  readonly user_token: string | undefined;
}

/** The configuration before its database was opened, which decides on the secret key of the data directory. */
export type LoadedConfig = Omit<Config, "secret_key"> & {
  /** Undefined where the data directory is to have it. */
  readonly secret_key: string | undefined;
  /** Whether a database that was never used is a mistake, such as in the name of the data directory. */
  readonly must_exist: boolean;
};

const logLevels = { DEBUG: "debug", INFO: "info", WARNING: "warn", ERROR: "error" } as const;

/**
 * Reads the configuration from the command-line options and the environment. Creates nothing. Throws ConfigError at the first
 * invalid setting; with `mustExist` also for a file of SQLite that is not there.
 */
export function loadConfig(
  options: ConfigOptions,
  environment: NodeJS.ProcessEnv,
  { mustExist = false }: { mustExist?: boolean } = {},
): LoadedConfig {
  const read = createSettingReader(options, environment);

  const { host, base_path } = read("host") ?? { host: undefined, base_path: "" };
  const data_dir = path.resolve(read("data_dir") ?? defaultDataDirectory(environment));
  const database = databaseLocation(read, options, environment, data_dir);
  if (mustExist) assertExists(database);
  const level = read("log_level");
  const uploads_dir = read("uploads_dir");
  return Object.freeze({
    host,
    base_path,
    port: read("port") ?? 8080,
    internal_host: read("internal_host") ?? "0.0.0.0",
    data_dir,
    database,
    database_connections: read("database_connections") ?? 10,
    database_wait: read("database_wait") ?? 0,
    secret_key: read("secret_key"),
    trusted_proxies: read("trusted_proxies"),
    metrics_token: read("metrics_token"),
    metrics_networks: read("metrics_networks"),
    allowed_hosts: read("allowed_hosts") ?? [],
    frame_ancestors: read("frame_ancestors") ?? [],
    disable_signup_without_link: read("disable_signup_without_link") ?? false,
    enable_legacy_api_token: read("enable_legacy_api_token") ?? false,
    password_min_length: read("password_min_length") ?? 8,
    password_cost: read("password_cost") ?? 10,
    session_cookie_secure: read("session_cookie_secure") ?? false,
    uploads_dir: uploads_dir === undefined ? undefined : path.resolve(data_dir, uploads_dir),
    uploads_quota: read("uploads_quota"),
    local_files_root: localFilesRoot(read),
    event_retention_days: read("event_retention_days") ?? 400,
    hsts_seconds: read("hsts_seconds") ?? 31_536_000,
    logout_redirect_url: read("logout_redirect_url"),
    smtp_url: read("smtp_url"),
    mail_from: read("mail_from"),
    log_level: level ? logLevels[level] : "info",
    username: read("username"),
    password: read("password"),
    user_token: read("user_token"),
    must_exist: mustExist,
  });
}

/** By precedence: the file of the command-line option, DATABASE_URL, the POSTGRE_ variables or the file by DJANGO_DB. */
function databaseLocation(
  read: ReadSetting,
  options: ConfigOptions,
  environment: NodeJS.ProcessEnv,
  data_dir: string,
): DatabaseLocation {
  const file = read("database_file") ?? "label_studio.sqlite3";
  const url = read("database_url");
  const engine = read("database_engine") ?? "sqlite";
  if (options.database_file !== undefined || (!url && engine === "sqlite"))
    return { client: "sqlite3", file: path.resolve(data_dir, file) };
  const tls = Object.fromEntries(tlsParameters.map((name) => [name, environment[`PG${name.toUpperCase()}`]]));
  return url
    ? parsePostgresLocation("DATABASE_URL", url, tls)
    : parsePostgresLocation("POSTGRE_HOST", postgresAddress(read), tls);
}

/** Returns the connection string for Label Studio's POSTGRE_ variables, with its defaults. */
function postgresAddress(read: ReadSetting): string {
  const host = encodeURIComponent(read("postgres_host") ?? "localhost");
  const user = encodeURIComponent(read("postgres_user") ?? "postgres");
  const password = encodeURIComponent(read("postgres_password") ?? "postgres");
  const name = encodeURIComponent(read("postgres_name") ?? "postgres");
  return `postgresql://${user}:${password}@${host}:${read("postgres_port") ?? 5432}/${name}`;
}

function parsePostgresLocation(source: string, address: string, tls: TlsParameters): DatabaseLocation {
  try {
    return postgresLocation(address, tls);
  } catch (error) {
    if (!(error instanceof InvalidLocationError)) throw error;
    throw new ConfigError(`${source} is not usable (${error.message}): use ${settings.database_url.allowed}`);
  }
}

/** Throws ConfigError where files are to be served, but not from where: the default of Label Studio is the whole disk. */
function localFilesRoot(read: ReadSetting): string | undefined {
  if (!read("local_files_serving")) return undefined;
  const root = read("local_files_root");
  if (root !== undefined) return path.resolve(root);
  throw new ConfigError(
    `LOCAL_FILES_SERVING_ENABLED is true without LOCAL_FILES_DOCUMENT_ROOT: use ${settings.local_files_root.allowed}`,
  );
}

function assertExists(database: DatabaseLocation): void {
  if (database.client === "sqlite3" && !existsSync(database.file))
    throw new ConfigError(
      `There is no database ${database.file}: say where the server has it, with --data-dir or --database`,
    );
}

/** Where Label Studio keeps its data on this platform. */
function defaultDataDirectory(environment: NodeJS.ProcessEnv): string {
  const home = os.homedir();
  switch (process.platform) {
    case "win32":
      return path.join(environment.LOCALAPPDATA || path.join(home, "AppData", "Local"), "label-studio", "label-studio");
    case "darwin":
      return path.join(home, "Library", "Application Support", "label-studio");
    default:
      return path.join(environment.XDG_DATA_HOME || path.join(home, ".local", "share"), "label-studio");
  }
}
