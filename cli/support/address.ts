import type { Config } from "../../src/config/config.ts";

/** Where people find the server, with a final slash unless the configured address has none: as configured, else on this machine. */
export function addressOf(
  { host, base_path, internal_host }: Pick<Config, "host" | "base_path" | "internal_host">,
  port: number,
): string {
  if (host) return host.href;
  const name = ["0.0.0.0", "::"].includes(internal_host) ? "localhost" : internal_host;
  return `http://${name.includes(":") ? `[${name}]` : name}:${port}${base_path}/`;
}

/** The whole address of a page, for a link that people get: `path` begins with a slash. */
export function linkTo(config: Parameters<typeof addressOf>[0] & { port: number }, path: string): string {
  return addressOf(config, config.port).replace(/\/$/, "") + path;
}
