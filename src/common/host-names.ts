import { isIP } from "node:net";

/** Endings that no public registry hands out, so that nobody outside the network can own a name with them. */
const privateEndings = /\.(localhost|local|lan|home|corp|internal|intranet|home\.arpa)$/;

/** Returns the name of a `Host` header in lower case and without its port, undefined for what is no host. */
export function hostnameOf(host: string): string | undefined {
  if (!/^[\w.-]+(:\d*)?$|^\[[\da-f:.]+\](:\d*)?$/i.test(host) || !URL.canParse(`http://${host}`)) return undefined;
  return new URL(`http://${host}`).hostname.replace(/\.$/, "");
}

/** Whether a host is this very machine, as the browser names it. */
export function isLoopback(host: string): boolean {
  const name = hostnameOf(host) ?? "";
  return /^127\.|^\[::1\]$|(^|\.)localhost$/.test(name);
}

/**
 * Whether a host is an IP address or a name of a private network. Nobody on the internet can make such a name resolve to
 * this server (DNS rebinding).
 */
export function isPrivateHost(host: string): boolean {
  const name = hostnameOf(host);
  if (!name) return false;
  return isIP(name.replace(/^\[|\]$/g, "")) !== 0 || !name.includes(".") || privateEndings.test(name);
}
