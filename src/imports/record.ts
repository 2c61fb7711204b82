/**
 * One task as it stands in a file: `line` is where it begins, counted from 1. `text` is its JSON as it was written, for
 * whoever needs its numbers and the order of its keys to the letter; other formats have none.
 */
export interface FileRecord {
  line: number;
  value: unknown;
  text?: string;
}

/** A file that can't be read any further; `message` says what to do about it, for people. */
export class RecordError extends Error {
  readonly line: number;

  constructor(line: number, message: string) {
    super(message);
    this.name = "RecordError";
    this.line = line;
  }
}

/** Characters that one task may take in a file, since one task is held in memory as a whole. */
export const largestRecord = 16 * 1024 * 1024;

export function tooLong(line: number): RecordError {
  return new RecordError(
    line,
    "The task that begins here is longer than 16 MB. Keep large content in a file of its own and give the task its address.",
  );
}
