import type { Options } from "../src/config/variables.ts";
import type { samplings } from "./new-project.ts";

/** What commander found on the command line. */
export interface CommandOptions {
  username?: string;
  password?: string;
  passwordStdin?: boolean;
  userToken?: string;
  dataDir?: string;
  database?: string;
  logLevel?: string;
  debug?: boolean;
  port?: string;
  internalHost?: string;
  host?: string;
  enableLegacyApiToken?: boolean;
  /** False with --no-browser. */
  browser?: boolean;
  json?: boolean;
  repair?: boolean;
  init?: boolean;
  quiet?: boolean;
  labelConfig?: string;
  initialProjectDescription?: string;
  sampling?: keyof typeof samplings;
  /** Where `db copy` copies to. */
  to?: string;
  exportPath?: string;
  exportSerializerContext?: string;
  from?: string;
  media?: string;
  secretKey?: string;
  secretKeyFile?: string;
  dryRun?: boolean;
  intoExisting?: boolean;
}

/** The options that override the environment. */
export function configOptions(options: CommandOptions): Options {
  const given: Options = {
    username: options.username,
    password: options.password,
    user_token: options.userToken,
    data_dir: options.dataDir,
    database_file: options.database,
    log_level: options.logLevel ?? (options.debug ? "DEBUG" : undefined),
    port: options.port,
    internal_host: options.internalHost,
    host: options.host,
    enable_legacy_api_token: options.enableLegacyApiToken,
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}
