import { firstReason, isUnreachable, oneLine } from "./errors.ts";
import type { PostgresLocation } from "./location.ts";

/** How long a server may take to answer, in milliseconds. */
const answerTimeout = 4000;

/** The oldest version that this program runs on, as in `server_version_num`. */
const oldestVersion = 130_000;

/** Why a server of PostgreSQL can't be used, in one line, and what to do about it. */
interface ConnectionFailure {
  reason: string;
  remedy: string;
  /** Whether it may answer later. */
  isUnreachable: boolean;
}

interface Names {
  /** What names the whole address in messages, such as `--to`; undefined for the configured database. */
  option?: string | undefined;
  /** For a database that is only read, of any version. */
  isSource?: boolean;
}

/**
 * Connects to a server of PostgreSQL and asks for its version. Undefined if it can be used. By itself and not through Knex, whose
 * pool tries again until its own time is over, and leaves connections open that were refused in the middle.
 */
export async function findConnectionFailure(
  location: PostgresLocation,
  { option, isSource = false }: Names = {},
): Promise<ConnectionFailure | undefined> {
  const { default: pg } = await import("pg");
  const { client: _, ...connection } = location;
  const client = new pg.Client({
    ...connection,
    application_name: "atelier",
    connectionTimeoutMillis: answerTimeout,
    query_timeout: answerTimeout,
  });
  // What comes after the first error says nothing more.
  client.on("error", () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<{ version: string }>("select current_setting('server_version_num') as version");
    const version = Number(rows[0]?.version);
    return isSource || version >= oldestVersion ? undefined : oldVersion(version);
  } catch (error) {
    return describe(firstReason(error) as Error & { code?: string }, location, { option, isSource });
  } finally {
    // A server that waits for an answer would keep the connection, and with it this process, for a minute.
    (client as unknown as { connection: { stream: { destroy: () => void } } }).connection.stream.destroy();
  }
}

function oldVersion(version: number): ConnectionFailure {
  const name = version >= 100_000 ? Math.floor(version / 10_000) : version / 10_000;
  return {
    reason: `it is PostgreSQL ${name}`,
    remedy: "use PostgreSQL 13 or newer",
    isUnreachable: false,
  };
}

/** Reasons by the words of the driver or the server, which have no code of their own, with what to do. */
const refusals: [pattern: RegExp, reason: string | undefined, remedy: (names: Names) => string][] = [
  [
    /password must be a (?:non-empty )?string|empty password returned/,
    "it asks for a password, and none was given",
    ({ option }) => `put it into ${option ?? "DATABASE_URL, or into POSTGRE_PASSWORD or POSTGRE_PASSWORD_FILE"}`,
  ],
  [
    /no encryption|SSL off/,
    undefined,
    ({ option }) => `if it wants TLS, add ?sslmode=require to ${option ?? "DATABASE_URL"}, else see its pg_hba.conf`,
  ],
  [
    /does not support SSL/,
    undefined,
    ({ option }) =>
      `let the server speak TLS, or leave sslmode out of ${option ?? "DATABASE_URL (and PGSSLMODE unset)"}`,
  ],
  [
    /certificate|altnames|establishing an SSL connection|SSL routines|CERT/i,
    undefined,
    ({ option }) => `see that sslmode and sslrootcert of ${option ?? "DATABASE_URL"} fit this server`,
  ],
  [
    /^timeout exp|^Query read timeout/,
    `no answer of PostgreSQL within ${answerTimeout / 1000} seconds`,
    unreachableRemedy,
  ],
  [/^Connection terminated unexpectedly/, "no answer of PostgreSQL: it closed the connection", unreachableRemedy],
];

function describe(error: Error & { code?: string }, location: PostgresLocation, names: Names): ConnectionFailure {
  const { message, code = "" } = error;
  const known = refusals.find(([pattern]) => pattern.test(message) || pattern.test(code));
  const [, reason = oneLine(message || code || "no reason given"), remedy = remedyByState(code, location)] =
    known ?? [];
  const unreachable = isUnreachable(error) || known?.[2] === unreachableRemedy;
  return {
    reason: withoutPassword(reason, location),
    remedy: known === undefined && unreachable ? unreachableRemedy(names) : remedy(names),
    isUnreachable: unreachable,
  };
}

/** By SQLSTATE. */
function remedyByState(code: string, { user, database }: PostgresLocation): (names: Names) => string {
  if (code === "3D000")
    return ({ option }) =>
      `create it (create database "${database}" owner "${user}"), or see that ${option ?? "DATABASE_URL (or POSTGRE_NAME)"} is right`;
  if (code === "42501") return () => `let "${user}" connect to it (grant connect on database "${database}")`;
  return ({ option }) =>
    `see that ${option ?? "DATABASE_URL (or POSTGRE_USER, POSTGRE_PASSWORD and POSTGRE_NAME)"} is right`;
}

function unreachableRemedy({ option, isSource }: Names): string {
  const check = `see that it runs and that ${option ?? "DATABASE_URL (or POSTGRE_HOST and POSTGRE_PORT)"} is right`;
  return isSource ? check : `${check}, or set LABEL_STUDIO_DATABASE_WAIT to wait for it`;
}

/** PostgreSQL's messages name the user or the database; what else answers may send back what it was sent. */
function withoutPassword(text: string, { password }: PostgresLocation): string {
  return password.length > 3 ? text.replaceAll(password, "…") : text;
}
