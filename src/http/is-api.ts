import type { Context } from "../context.ts";

const scriptPath = /^\/(?:api\/|data\/(?:upload|local-files)(?:\/|$)|storage-data\/)/;

/** Whether a request is for the HTTP API, or for files that scripts read: tokens count there, and errors are JSON. */
export function isApi({ path }: Pick<Context, "path">): boolean {
  return scriptPath.test(path);
}
