import { maxId } from "../common/ids.ts";
import { storageError } from "../common/text-validation.ts";
import type { Repositories } from "../repositories/index.ts";
import type { Annotator } from "./task-parser.ts";

/** The user id of an annotator; undefined for one who is no member. */
export type FindAnnotator = (annotator: Annotator) => Promise<number | undefined>;

/** Finds present and former members, each with one query; the email decides where there is one, as in Label Studio. */
export function annotatorLookup({ members, users }: Pick<Repositories, "members" | "users">): FindAnnotator {
  const cache = new Map<string, number | undefined>();
  return async (annotator) => {
    const { id, email } = typeof annotator === "number" ? { id: annotator } : annotator;
    if (storageError(email ?? "") || (id ?? 0) > maxId) return undefined;
    const key = email?.toLowerCase() ?? String(id);
    if (!cache.has(key)) {
      const user = email === undefined ? (await members.find(id ?? 0))?.user : await users.findByEmail(email);
      cache.set(key, user?.id);
    }
    return cache.get(key);
  };
}
