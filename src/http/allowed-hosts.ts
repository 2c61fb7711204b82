import { hostnameOf, isPrivateHost } from "../common/host-names.ts";
import type { Config } from "../config/config.ts";

type HostSettings = Pick<Config, "host" | "allowed_hosts">;

/**
 * Whether requests for this host are answered: all are, until a public address or a list of hosts is configured. IP
 * addresses and names of private networks always are, since health checks and proxies ask for them.
 */
export function isAllowedHost(config: HostSettings, host: string): boolean {
  return (!config.host && config.allowed_hosts.length === 0) || isKnownHost(config, host);
}

/** Whether a host is configured, or can't be a stranger's name that resolves to this server (DNS rebinding). */
export function isKnownHost({ host, allowed_hosts }: HostSettings, requested: string): boolean {
  const name = hostnameOf(requested);
  if (name === undefined) return false;
  return isPrivateHost(requested) || name === host?.hostname || allowed_hosts.some((pattern) => matches(pattern, name));
}

/** As Django's ALLOWED_HOSTS: `.example.com` is that name and every one below it, `*` any name. */
function matches(pattern: string, name: string): boolean {
  return pattern === "*" || name === pattern || (pattern.startsWith(".") && `.${name}`.endsWith(pattern));
}
