import { loadConfig } from "../../src/config/config.ts";
import type { LoadedConfig } from "../../src/config/config.ts";
import type { ConfigOptions } from "../../src/config/settings.ts";
import { CommandError } from "./command-error.ts";
import type { Io } from "./io.ts";
import type { CommandOptions } from "./options.ts";
import { readPassword } from "./terminal.ts";

/** The configuration of a command that may create a database and its secret key: its options win over the environment. Throws ConfigError. */
export function readConfig(io: Io, options: CommandOptions): LoadedConfig {
  return loadConfig(configOptions(options), io.env);
}

/** The same of a command for a database that is there, which creates nothing. */
export function readExistingConfig(io: Io, options: CommandOptions): LoadedConfig {
  return loadConfig(configOptions(options), io.env, { mustExist: true });
}

/** Adds the password of standard input where --password-stdin is given. Throws CommandError. */
export async function withPassword(io: Io, options: CommandOptions, config: LoadedConfig): Promise<LoadedConfig> {
  if (!options.passwordStdin) return config;
  if (!config.username) throw new CommandError("--password-stdin takes all of standard input: give --username too.");
  return { ...config, password: await readPassword(io) };
}

function configOptions(options: CommandOptions): ConfigOptions {
  const settings: ConfigOptions = {
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
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
}
