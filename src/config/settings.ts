import { readFileSync } from "node:fs";
import path from "node:path";

import * as z from "zod";

import { OperationalError } from "../common/operational-error.ts";
import { isPostgresAddress } from "../database/location.ts";
import { parsePublicAddress } from "./public-address.ts";

/** Options of the command line, which override the environment. */
export type ConfigOptions = Partial<Record<keyof typeof settings, string | boolean>>;

/** A setting with an invalid value. The message is one line with the setting's name, its value and what is allowed. */
export class ConfigError extends OperationalError {
  override get exitCode(): number {
    return 2;
  }
}

const flag = z
  .string()
  .transform((text) => text.toLowerCase())
  .pipe(z.enum(["1", "0", "true", "false", "yes", "no", "on", "off"]))
  .transform((text) => ["1", "true", "yes", "on"].includes(text));

function integerBetween(min: number, max: number) {
  return z
    .string()
    .regex(/^\d{1,9}$/)
    .transform(Number)
    .pipe(z.number().min(min).max(max));
}

const publicAddress = z.string().transform((text, context) => {
  const address = parsePublicAddress(text);
  if (!address) context.addIssue("no address");
  return address ?? z.NEVER;
});

const ipAddresses = z
  .string()
  .transform((text) => (text === "none" ? [] : text.split(",").map((part) => part.trim())))
  .pipe(
    z.array(z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6(), z.enum(["loopback", "uniquelocal", "linklocal"])])),
  );

/** Without ports; names with them, as in `Host`, are taken as well. */
const hostNames = z
  .string()
  .transform((text) => words(text).map((part) => part.toLowerCase().replace(/:\d+$/, "")))
  .pipe(z.array(z.string().regex(/^(\*|\.?[\w-]+(\.[\w-]+)*|\[[\da-f:.]+\])$/)));

const frameAncestors = z
  .string()
  .transform((text) => words(text).map((part) => (part === "self" ? "'self'" : part)))
  .pipe(z.array(z.string().regex(/^('self'|(https?:\/\/)?(\*\.)?[\w-]+(\.[\w-]+)*(:(\d+|\*))?)$/)));

function isSmtpAddress(text: string): boolean {
  return /^smtps?:\/\//.test(text) && URL.canParse(text) && new URL(text).hostname !== "";
}

function words(text: string): string[] {
  return text.split(/[\s,]+/).filter(Boolean);
}

const text = z.string();

/** All settings, by their names in the configuration. */
export const settings = {
  host: {
    name: "HOST",
    schema: publicAddress,
    allowed:
      "an address such as https://labels.example.com or http://10.0.0.5:8080/labels (what to listen on is LABEL_STUDIO_INTERNAL_HOST)",
  },
  port: { name: "PORT", unprefixed: true, schema: integerBetween(0, 65535), allowed: "a whole number from 0 to 65535" },
  internal_host: {
    name: "INTERNAL_HOST",
    schema: text.min(1),
    allowed: "an address of this machine such as 127.0.0.1",
  },
  data_dir: { name: "BASE_DATA_DIR", schema: text.min(1), allowed: "a folder" },
  database_file: { name: "DATABASE_NAME", option: "--database", schema: text.min(1), allowed: "a file" },
  database_url: {
    name: "DATABASE_URL",
    unprefixed: true,
    secret: true,
    schema: text.refine(isPostgresAddress),
    allowed: "an address such as postgresql://user:password@localhost:5432/atelier",
  },
  database_engine: {
    name: "DJANGO_DB",
    unprefixed: true,
    schema: z.enum(["sqlite", "default", "postgresql"]),
    allowed: "sqlite, default or postgresql",
  },
  postgres_host: { name: "POSTGRE_HOST", unprefixed: true, readFromFile: true, schema: text, allowed: "a host" },
  postgres_port: {
    name: "POSTGRE_PORT",
    unprefixed: true,
    readFromFile: true,
    schema: integerBetween(1, 65535),
    allowed: "a whole number from 1 to 65535",
  },
  postgres_name: { name: "POSTGRE_NAME", unprefixed: true, readFromFile: true, schema: text, allowed: "a database" },
  postgres_user: {
    name: "POSTGRE_USER",
    unprefixed: true,
    readFromFile: true,
    schema: text,
    allowed: "a user of the database",
  },
  postgres_password: {
    name: "POSTGRE_PASSWORD",
    unprefixed: true,
    secret: true,
    schema: text,
    allowed: "the password of the database's user",
  },
  database_connections: {
    name: "DATABASE_CONNECTIONS",
    schema: integerBetween(2, 1000),
    allowed: "a whole number from 2 to 1000",
  },
  database_wait: {
    name: "DATABASE_WAIT",
    schema: integerBetween(0, 86_400),
    allowed: "a whole number of seconds from 0 to 86400",
  },
  secret_key: {
    name: "SECRET_KEY",
    unprefixed: true,
    secret: true,
    schema: text.min(32),
    allowed: "a secret of 32 characters or more",
  },
  trusted_proxies: {
    name: "TRUSTED_PROXIES",
    schema: ipAddresses,
    allowed: "IP addresses or networks with commas between, such as 127.0.0.1,10.0.0.0/8, or none",
  },
  allowed_hosts: {
    name: "ALLOWED_HOSTS",
    unprefixed: true,
    schema: hostNames,
    allowed: "host names with commas between, such as labels.example.com,.example.org, or *",
  },
  frame_ancestors: {
    name: "FRAME_ANCESTORS",
    schema: frameAncestors,
    allowed: "self or sites with commas between, such as https://portal.example.com",
  },
  disable_signup_without_link: {
    name: "DISABLE_SIGNUP_WITHOUT_LINK",
    unprefixed: true,
    schema: flag,
    allowed: "true or false",
  },
  enable_legacy_api_token: { name: "ENABLE_LEGACY_API_TOKEN", schema: flag, allowed: "true or false" },
  password_min_length: {
    name: "PASSWORD_MIN_LENGTH",
    schema: integerBetween(8, 64),
    allowed: "a whole number from 8 to 64",
  },
  password_cost: { name: "PASSWORD_COST", schema: integerBetween(10, 15), allowed: "a whole number from 10 to 15" },
  session_cookie_secure: { name: "SESSION_COOKIE_SECURE", unprefixed: true, schema: flag, allowed: "true or false" },
  hsts_seconds: {
    name: "HSTS_SECONDS",
    schema: integerBetween(0, 999_999_999),
    allowed: "a whole number of seconds, 0 for none",
  },
  logout_redirect_url: {
    name: "LOGOUT_REDIRECT_URL",
    unprefixed: true,
    schema: text.regex(/^(https?:\/\/|\/(?![/\\]))/),
    allowed: "an http(s) address or a path that begins with /",
  },
  metrics_token: {
    name: "METRICS_TOKEN",
    secret: true,
    schema: text.min(16),
    allowed: "a secret of 16 characters or more",
  },
  metrics_networks: {
    name: "METRICS_NETWORKS",
    schema: ipAddresses,
    allowed: "IP addresses or networks with commas between, such as 127.0.0.1,10.0.0.0/8",
  },
  smtp_url: {
    name: "SMTP_URL",
    secret: true,
    schema: text.refine(isSmtpAddress),
    allowed: "an address such as smtps://user:password@mail.example.com or smtp://mail.example.com:587",
  },
  mail_from: {
    name: "MAIL_FROM",
    schema: text.regex(/^(?:[^<>@\r\n]*<[^\s<>@]+@[^\s<>@]+>|[^\s<>@]+@[^\s<>@]+)$/),
    allowed: "an email address, or a name with one: Harbor Research <labels@example.com>",
  },
  uploads_dir: { name: "UPLOADS_DIR", schema: text.min(1), allowed: "a folder" },
  uploads_quota: {
    name: "UPLOADS_QUOTA",
    schema: integerBetween(0, 999_999_999),
    allowed: "a whole number of megabytes",
  },
  local_files_serving: {
    name: "LOCAL_FILES_SERVING_ENABLED",
    unprefixed: true,
    schema: flag,
    allowed: "true or false",
  },
  local_files_root: {
    name: "LOCAL_FILES_DOCUMENT_ROOT",
    unprefixed: true,
    schema: text.refine((folder) => path.dirname(path.resolve(folder)) !== path.resolve(folder)),
    allowed: "a folder, but not the whole disk, with the files that members may read",
  },
  event_retention_days: {
    name: "EVENT_RETENTION_DAYS",
    schema: integerBetween(1, 36_500),
    allowed: "a whole number of days from 1 to 36500",
  },
  log_level: {
    name: "LOG_LEVEL",
    unprefixed: true,
    schema: text.transform((level) => level.toUpperCase()).pipe(z.enum(["DEBUG", "INFO", "WARNING", "ERROR"])),
    allowed: "DEBUG, INFO, WARNING or ERROR",
  },
  username: { name: "USERNAME", schema: text.min(1), allowed: "an email address" },
  password: { name: "PASSWORD", secret: true, schema: text, allowed: "a password" },
  user_token: { name: "USER_TOKEN", secret: true, schema: text.min(1), allowed: "a token of 5 characters or more" },
} satisfies Record<string, Setting>;

interface Setting {
  /** The environment variable, without its prefix LABEL_STUDIO_ or HEARTEX_. */
  name: string;
  schema: z.ZodType;
  /** For messages: which values are allowed. */
  allowed: string;
  /** Also read without a prefix. USERNAME, PASSWORD and HOST are not, since desktops and shells set them. */
  unprefixed?: boolean;
  /** The command-line option, if it is not called as the setting is. */
  option?: string;
  /** Also read from the file that the variable NAME_FILE names. */
  readFromFile?: boolean;
  /** As `readFromFile`, and the value is never printed. */
  secret?: boolean;
}

/** Returns the value of a setting, undefined if it is not set. Throws ConfigError for an invalid value. */
export type ReadSetting = <Name extends keyof typeof settings>(
  name: Name,
) => z.output<(typeof settings)[Name]["schema"]> | undefined;

/** Returns a function that reads settings from the command-line options, else from the environment. */
export function createSettingReader(options: ConfigOptions, environment: NodeJS.ProcessEnv): ReadSetting {
  return ((name: keyof typeof settings) =>
    readSetting(settings[name], options[name], name, environment)) as ReadSetting;
}

function readSetting(
  setting: Setting,
  option: string | boolean | undefined,
  name: string,
  environment: NodeJS.ProcessEnv,
) {
  const input =
    option === undefined
      ? readEnvironment(setting, environment)
      : { source: setting.option ?? `--${name.replaceAll("_", "-")}`, value: String(option) };
  if (!input) return undefined;
  const result = setting.schema.safeParse(input.value);
  if (result.success) return result.data;
  const value = setting.secret ? "not usable" : JSON.stringify(input.value.replace(/\/\/.*@/, "//…@"));
  throw new ConfigError(`${input.source} is ${value}: use ${setting.allowed}`);
}

/** The names of a variable, by precedence. */
export function prefixedNames(name: string, unprefixed: boolean): string[] {
  return ["LABEL_STUDIO_", "HEARTEX_", ...(unprefixed ? [""] : [])].map((prefix) => prefix + name);
}

/** The names of all variables that begin with a prefix, with those that name a file. */
export function variableNames(): string[] {
  return Object.values<Setting>(settings).flatMap(({ name, secret, readFromFile }) =>
    prefixedNames(name, false).flatMap((each) => (secret || readFromFile ? [each, `${each}_FILE`] : [each])),
  );
}

/** The value that Kubernetes and Docker give to LABEL_STUDIO_PORT for a service of the name label-studio: no port to listen on. */
const serviceAddress = /^(?:tcp|udp):\/\//;

/** Reads the first that is set of LABEL_STUDIO_X, HEARTEX_X and, for unprefixed ones, X. An empty value counts as not set. */
function readEnvironment(
  setting: Setting,
  environment: NodeJS.ProcessEnv,
): { source: string; value: string } | undefined {
  for (const source of prefixedNames(setting.name, setting.unprefixed === true)) {
    const value = environment[source];
    if (value && !(setting.name === "PORT" && serviceAddress.test(value))) return { source, value };
    const file = (setting.secret || setting.readFromFile) && environment[`${source}_FILE`];
    if (file) return { source: `${source}_FILE`, value: readSecretFile(`${source}_FILE`, file) };
  }
  return undefined;
}

function readSecretFile(source: string, file: string): string {
  try {
    return readFileSync(file, "utf8").replace(/\r?\n$/, "");
  } catch {
    throw new ConfigError(`${source} is ${JSON.stringify(file)}: use a file that this user can read`);
  }
}
