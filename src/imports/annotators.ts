import type { Repositories } from "../repositories/index.ts";
import { storageError } from "../common/text-validation.ts";
import { maxId } from "../common/ids.ts";
import type { Annotator } from "./annotation.ts";

/** The id of whoever made an annotation; undefined when that is no member. Each is looked up once. */
export type FindAnnotator = (annotator: Annotator) => Promise<number | undefined>;

/** Members, and those who were; upstream goes by the email where there is one. */
export function annotatorsIn({ members, users }: Pick<Repositories, "members" | "users">): FindAnnotator {
  const known = new Map<string, number | undefined>();
  return async (annotator) => {
    const { id, email } = typeof annotator === "number" ? { id: annotator } : annotator;
    if (storageError(email ?? "") || (id ?? 0) > maxId) return undefined;
    const key = email?.toLowerCase() ?? String(id);
    if (!known.has(key)) {
      const user = email === undefined ? (await members.find(id ?? 0))?.user : await users.findByEmail(email);
      known.set(key, user?.id);
    }
    return known.get(key);
  };
}
