import type { ChosenTasks } from "./task-columns.ts";

/** How long a list waits for the request of its next page, in milliseconds. */
const lifetime = 60_000;

/** Ids in all cached lists. */
const maxIds = 3_000_000;

interface CachedList {
  list: ChosenTasks;
  page: number;
  expires_at: number;
}

/** Lists of tasks of which a page was read, by what was asked; the oldest go first. */
export function taskListCache() {
  const lists = new Map<string, CachedList>();

  return {
    /** The list of which the page before this one was read last, in the last minute. */
    findForPage(key: string, page: number): ChosenTasks | undefined {
      const cached = lists.get(key);
      return cached && cached.page + 1 === page && cached.expires_at > performance.now() ? cached.list : undefined;
    },

    /** The list of which a page was read in the last minute. */
    find(key: string): ChosenTasks | undefined {
      const cached = lists.get(key);
      return cached && cached.expires_at > performance.now() ? cached.list : undefined;
    },

    /** Stores a list of which this page is read now. */
    store(key: string, list: ChosenTasks, page: number): void {
      lists.delete(key);
      lists.set(key, { list, page, expires_at: performance.now() + lifetime });
      let count = [...lists.values()].reduce((sum, each) => sum + each.list.ids.length, 0);
      for (const [oldest, { list, expires_at }] of lists) {
        if (count <= maxIds && expires_at > performance.now()) break;
        lists.delete(oldest);
        count -= list.ids.length;
      }
    },
  };
}
