import { RecordError } from "./record.ts";
import type { FileRecord } from "./record.ts";

/** One task out of its JSON, which begins in `line`. */
export function jsonRecord(line: number, text: string): FileRecord {
  try {
    return { line, value: JSON.parse(text) as unknown, text };
  } catch (error) {
    const reason = error instanceof Error ? error.message.replaceAll(/\s+/g, " ") : "";
    throw new RecordError(
      line,
      `The task that begins here is not valid JSON: ${reason}. Check its quotes, commas and brackets.`,
    );
  }
}
