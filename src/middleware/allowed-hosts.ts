import createError from "http-errors";
import type { Next } from "koa";

import type { Logger } from "../common/logger.ts";
import type { Context } from "../context.ts";
import { isAllowedHost } from "../http/allowed-hosts.ts";
import { createWarning } from "../http/warning.ts";

/** Refuses requests for hosts that are not this site's, except those that ask whether the server is up. */
export function allowedHosts(log: Logger) {
  const warn = createWarning(log, "refused a request for a host that LABEL_STUDIO_ALLOWED_HOSTS does not name");

  return async function allowedHosts(ctx: Context, next: Next): Promise<void> {
    const { config, requested_host } = ctx;
    if (requested_host && !probes.test(ctx.path) && !isAllowedHost(config, requested_host)) {
      warn({ host: requested_host, setting: "LABEL_STUDIO_ALLOWED_HOSTS" });
      throw misdirectedError(config.host);
    }
    await next();
  };
}

/** For load balancers and supervisors, which ask by address. */
const probes = /^\/(?:health|ready|metrics)\/?$/;

function misdirectedError(host: URL | undefined): Error {
  const remedy =
    "If it should be here, too, ask the person who runs it to add this name to LABEL_STUDIO_ALLOWED_HOSTS.";
  return createError(421, "Another host", {
    explanation: {
      title: "This server is not at this address",
      text: host ? `It is at ${host.href} (LABEL_STUDIO_HOST). ${remedy}` : remedy,
    },
  });
}
