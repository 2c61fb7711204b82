import { hostnameOf, isPrivateHost } from "../common/host-names.ts";

interface PublicAddress {
  /** Undefined if only the path is configured. */
  host: URL | undefined;
  /** `""` or `"/prefix"`. */
  base_path: string;
}

/** Reads `LABEL_STUDIO_HOST`: an address, a host without a protocol, or a path. Undefined for anything else. */
export function parsePublicAddress(text: string): PublicAddress | undefined {
  const address = text.trim();
  if (address.startsWith("/")) return parsePath(address);
  const url = withProtocol(address);
  if (!url || !URL.canParse(url)) return undefined;
  const host = new URL(url);
  if (host.search || host.hash || host.username || host.password) return undefined;
  return { host, base_path: withoutFinalSlashes(host.pathname) };
}

/** As in Label Studio, where the domain can be taken from the request. */
function parsePath(path: string): PublicAddress | undefined {
  if (!/^(\/[\w.~-]+)+\/*$/.test(path)) return undefined;
  return { host: undefined, base_path: withoutFinalSlashes(new URL(path, "http://path.invalid").pathname) };
}

/**
 * Hosting platforms put the bare name of a site into variables, which they serve by https. What names a machine or a
 * port is how a server is reached without them.
 */
function withProtocol(address: string): string | undefined {
  if (/^https?:\/\//i.test(address)) return address;
  const [, host = "", port] = /^([^/?#@]*?)(?::(\d+))?(?:\/|$)/.exec(address) ?? [];
  if (!hostnameOf(host) || host.endsWith(":") || ["0.0.0.0", "[::]"].includes(host)) return undefined;
  const isHttps = !isPrivateHost(host) && [undefined, "443", "8443"].includes(port);
  return `${isHttps ? "https" : "http"}://${address}`;
}

function withoutFinalSlashes(path: string): string {
  return path.replace(/\/+$/, "");
}
