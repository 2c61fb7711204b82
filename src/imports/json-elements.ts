import { listed, maxRecordLength, RecordError, recordTooLong } from "./record.ts";
import type { TextRecord } from "./record.ts";

/**
 * The scanner's state: before any text, after the list's opening bracket, after a comma, in a task, after a task, after the
 * list or the single task.
 */
type State = "start" | "open" | "comma" | "task" | "afterTask" | "end";

interface Scan {
  state: State;
  /** The file is one task, without a list around it. */
  isSingle: boolean;
  line: number;
  /** Of the current task. */
  firstLine: number;
  /** Of the current task so far. */
  text: string;
  /** How many brackets are open in the current task. */
  depth: number;
  inString: boolean;
  isEscaped: boolean;
}

/**
 * Splits a JSON file into its tasks, a list for each chunk: the elements of its list, or the one object that it is. Only brackets and quotes are
 * scanned, so that a task's text must still be parsed. An error between tasks throws a RecordError with its line.
 */
export async function* jsonElements(text: AsyncIterable<string>): AsyncGenerator<TextRecord[]> {
  const scan: Scan = {
    state: "start",
    isSingle: false,
    line: 1,
    firstLine: 1,
    text: "",
    depth: 0,
    inString: false,
    isEscaped: false,
  };
  for await (const chunk of text) yield* listed(elementsIn(scan, chunk));
  // The last task may be the error, which parsing it explains better.
  if (scan.state === "task" && !isOpen(scan)) yield [{ line: scan.firstLine, text: scan.text.trimEnd() }];
  finish(scan);
}

function* elementsIn(scan: Scan, chunk: string): Generator<TextRecord> {
  let at = 0;
  while (at < chunk.length) {
    if (scan.state !== "task") {
      at = step(scan, chunk, at);
      continue;
    }
    const end = endOfTask(scan, chunk, at);
    scan.text += chunk.slice(at, end < 0 ? chunk.length : end);
    if (scan.text.length > maxRecordLength) throw recordTooLong(scan.firstLine);
    if (end < 0) return;
    yield { line: scan.firstLine, text: scan.text.trimEnd() };
    scan.text = "";
    scan.state = scan.isSingle ? "end" : "afterTask";
    at = end;
  }
}

/** Consumes one character between tasks. Returns the position of the next, or the same one when a task begins here. */
function step(scan: Scan, chunk: string, at: number): number {
  const character = chunk[at] ?? "";
  if (character === "\n") scan.line++;
  if (" \t\r\n".includes(character)) return at + 1;
  const next = scan.state === "start" ? opening(scan, character) : following(scan, character);
  if (next === "task") scan.firstLine = scan.line;
  scan.state = next;
  return next === "task" ? at : at + 1;
}

function opening(scan: Scan, character: string): State {
  if (character === "[") return "open";
  if (character !== "{")
    throw new RecordError(scan.line, "A JSON file of tasks starts with [ for a list of tasks, or { for one task.");
  scan.isSingle = true;
  return "task";
}

function following(scan: Scan, character: string): State {
  if (scan.state === "end") throw new RecordError(scan.line, trailingText(scan));
  if (character === "]" && scan.state !== "comma") return "end";
  if (scan.state === "afterTask") return "comma";
  if (character === "," || character === "]")
    throw new RecordError(scan.line, `There is no task before this ${character} sign. Remove the extra comma.`);
  return "task";
}

function trailingText(scan: Scan): string {
  return scan.isSingle
    ? "There is more text behind the task. Put several tasks in a list: [ task, task ]. A file with one task in each line is named .jsonl."
    : "There is more text behind the list of tasks. Put all tasks inside one list.";
}

/** The position after the task's last character, -1 when the task continues in the next chunk. */
function endOfTask(scan: Scan, chunk: string, from: number): number {
  for (let at = from; at < chunk.length; at++) {
    const character = chunk.charCodeAt(at);
    if (character === 0x0a) scan.line++;
    if (scan.inString) scanString(scan, character);
    else if (character === 0x22) scan.inString = true;
    else if (character === 0x7b || character === 0x5b) scan.depth++;
    else if (scan.depth === 0 && (character === 0x2c || character === 0x5d)) return at;
    else if (scan.depth > 0 && (character === 0x7d || character === 0x5d)) {
      scan.depth--;
      if (scan.depth === 0 && scan.isSingle) return at + 1;
    }
  }
  return -1;
}

function scanString(scan: Scan, character: number): void {
  if (scan.isEscaped) scan.isEscaped = false;
  else if (character === 0x5c) scan.isEscaped = true;
  else if (character === 0x22) scan.inString = false;
}

function isOpen(scan: Scan): boolean {
  return scan.depth > 0 || scan.inString;
}

function finish(scan: Scan): void {
  if (scan.state === "end") return;
  if (scan.state === "start")
    throw new RecordError(scan.line, "The file is empty. Write a list of tasks: [ task, task ].");
  if (isOpen(scan))
    throw new RecordError(
      scan.firstLine,
      "The file ends inside the task that begins here. Check its quotes and brackets.",
    );
  throw new RecordError(scan.line, "The file ends before the list of tasks does. Add ] at the end.");
}
