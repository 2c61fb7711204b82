import type { LoadedConfig } from "../../src/config/config.ts";
import { optionSources } from "./create-user.ts";
import type { CommandOptions } from "./options.ts";

/** Says which options of `start` have no effect, since those that they belong to were not given. */
export function effectlessOptions(
  options: CommandOptions,
  config: Pick<LoadedConfig, "username" | "password" | "user_token">,
): string[] {
  return [
    ...(config.username ? [] : effectlessUserOptions(config)),
    ...effectlessProjectOptions(options, "--init"),
    ...(options.labelConfig === undefined ? [] : ["--label-config has no effect without --init"]),
  ];
}

/** Where nobody is made: whoever opens the page first signs up, and not with this password. */
export function effectlessUserOptions({
  password,
  user_token,
}: Pick<LoadedConfig, "password" | "user_token">): string[] {
  const sources = [
    ...(password === undefined ? [] : [optionSources.password]),
    ...(user_token === undefined ? [] : ["--user-token (LABEL_STUDIO_USER_TOKEN)"]),
  ];
  return sources.map(
    (source) => `${source} has no effect without --username (LABEL_STUDIO_USERNAME): no user was created`,
  );
}

/** The settings of a project, where none is made without this. */
export function effectlessProjectOptions(options: CommandOptions, missing: string): string[] {
  const names = [
    ...(options.initialProjectDescription === undefined ? [] : ["--initial-project-description"]),
    ...(options.sampling === undefined ? [] : ["--sampling"]),
  ];
  return names.map((name) => `${name} has no effect without ${missing}`);
}
