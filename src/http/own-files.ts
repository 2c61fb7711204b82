import type { Context } from "../context.ts";
import { findLocalFile } from "./local-files.ts";
import type { Media } from "./send-media.ts";
import { findUploadedFile } from "./uploaded-files.ts";

/** Whether an address, as a page has it, is that of an uploaded or a local file on this server. */
export function isOwnFile({ base_path }: Pick<Context["config"], "base_path">, address: string): boolean {
  return [`${base_path}/data/upload/`, `${base_path}/data/local-files/`].some((start) => address.startsWith(start));
}

/** Finds the file at such an address, for somebody who may open it: a member. Undefined where none is served. */
export async function findOwnFile(
  { config, repositories }: Pick<Context, "config" | "repositories">,
  address: string,
): Promise<Media | undefined> {
  const { pathname, searchParams } = new URL(address.slice(config.base_path.length), "http://here/");
  const relative = searchParams.get("d");
  if (pathname === "/data/local-files/")
    return relative ? findLocalFile(config, await repositories.localStorages.listPaths(), relative) : undefined;
  const [, project_id = "", name = ""] = /^\/data\/upload\/(\d+)\/([^/]+)$/.exec(pathname) ?? [];
  return findUploadedFile(repositories, project_id, decoded(name));
}

/** What is no proper encoding is no name of a file. */
function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return "";
  }
}
