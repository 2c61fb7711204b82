import type { RankerPart } from "./parts.ts";

/** Label Studio's name for the items that are in no bucket yet. */
const unsorted = "_";

/**
 * The members of a Ranker's result, each a list of ids, and the one where items are from the start: the bucket that is the default,
 * else the list itself; without buckets the Ranker's name.
 */
export function rankerColumns({ name, buckets }: RankerPart): { names: string[]; initial: string } {
  if (buckets.length === 0) return { names: [name], initial: name };
  const initial = buckets.find(({ is_default }) => is_default)?.name;
  const names = buckets.map((bucket) => bucket.name);
  return { names: initial === undefined ? [unsorted, ...names] : names, initial: initial ?? unsorted };
}

/** The field for an item's number. */
export function rankField({ name }: Pick<RankerPart, "name">, id: string): string {
  return `${name}.${id}`;
}

/** The field for an item's bucket. */
export function bucketField({ name }: Pick<RankerPart, "name">, id: string): string {
  return `${name}@${id}`;
}
