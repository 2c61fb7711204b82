import { limits } from "../common/limits.ts";

/** A record's own text and the line it begins in, counted from 1. */
export interface TextRecord {
  line: number;
  text: string;
}

/**
 * One task as it stands in a file: `line` is where it begins, counted from 1. `text` is its JSON as it was written, which
 * keeps the digits of numbers and the order of keys; other formats have none. `error`: why the record was not read, for
 * people; the file can be read on.
 */
export interface FileRecord {
  line: number;
  value: unknown;
  text?: string;
  error?: string;
  /** Of a storage of local files: where the task came from. */
  link?: { path: string; row_index: number };
}

/** A file that can't be read any further; `message` tells people what to do about it. */
export class RecordError extends Error {
  readonly line: number;

  constructor(line: number, message: string) {
    super(message);
    this.name = "RecordError";
    this.line = line;
  }
}

/** Characters of one record, which is in memory as a whole. */
export const maxRecordLength = limits.importedTaskMegabytes * 1024 * 1024;

export function recordTooLong(line: number): RecordError {
  return new RecordError(
    line,
    `The task that begins here is longer than ${limits.importedTaskMegabytes} MB. Put large content in a file and give the task its address.`,
  );
}

/** All items as one list, which comes before the error that they end with: a list for each chunk is cheaper than awaiting each item. */
export function* listed<Item>(items: Iterable<Item>): Generator<Item[]> {
  const list: Item[] = [];
  try {
    for (const item of items) list.push(item);
  } finally {
    if (list.length > 0) yield list;
  }
}
