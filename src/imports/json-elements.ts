import type { Line } from "./lines.ts";
import { largestRecord, RecordError, tooLong } from "./record.ts";

/**
 * Where the scanner stands: before anything, in the list before its first task, behind a comma, in a task, behind a task,
 * behind everything.
 */
type Place = "start" | "first" | "next" | "task" | "behind" | "end";

interface Scan {
  place: Place;
  /** The file is one task, without a list around it. */
  alone: boolean;
  line: number;
  began: number;
  kept: string;
  depth: number;
  inString: boolean;
  escaped: boolean;
}

/**
 * Splits a JSON file into its tasks: the elements of its list, or the one object that it is. Only brackets and quotes are
 * looked at, so what stands in a task must still be parsed. Whatever is wrong between tasks throws a RecordError.
 */
export async function* jsonElements(text: AsyncIterable<string>): AsyncGenerator<Line> {
  const scan: Scan = {
    place: "start",
    alone: false,
    line: 1,
    began: 1,
    kept: "",
    depth: 0,
    inString: false,
    escaped: false,
  };
  for await (const piece of text) yield* elementsIn(scan, piece);
  // The last task may be what is wrong, and its reader can say how.
  if (scan.place === "task" && !isOpen(scan)) yield { line: scan.began, text: scan.kept.trimEnd() };
  finish(scan);
}

function* elementsIn(scan: Scan, piece: string): Generator<Line> {
  let at = 0;
  while (at < piece.length) {
    if (scan.place !== "task") {
      at = step(scan, piece, at);
      continue;
    }
    const end = endOfTask(scan, piece, at);
    scan.kept += piece.slice(at, end < 0 ? piece.length : end);
    if (scan.kept.length > largestRecord) throw tooLong(scan.began);
    if (end < 0) return;
    yield { line: scan.began, text: scan.kept.trimEnd() };
    scan.kept = "";
    scan.place = scan.alone ? "end" : "behind";
    at = end;
  }
}

/** Takes one character between tasks; gives the place of the next, the same one when a task begins here. */
function step(scan: Scan, piece: string, at: number): number {
  const character = piece[at] ?? "";
  if (character === "\n") scan.line++;
  if (" \t\r\n".includes(character)) return at + 1;
  const next = scan.place === "start" ? opening(scan, character) : following(scan, character);
  if (next === "task") scan.began = scan.line;
  scan.place = next;
  return next === "task" ? at : at + 1;
}

function opening(scan: Scan, character: string): Place {
  if (character === "[") return "first";
  if (character !== "{")
    throw new RecordError(scan.line, "A JSON file of tasks begins with [ for a list of tasks, or { for one task.");
  scan.alone = true;
  return "task";
}

function following(scan: Scan, character: string): Place {
  if (scan.place === "end") throw new RecordError(scan.line, textBehind(scan));
  if (character === "]" && scan.place !== "next") return "end";
  if (scan.place === "behind") return "next";
  if (character === "," || character === "]")
    throw new RecordError(
      scan.line,
      `There is no task before this ${character} sign. Remove the comma that is too much.`,
    );
  return "task";
}

function textBehind(scan: Scan): string {
  return scan.alone
    ? "There is more text behind the task. Put several tasks in a list: [ task, task ]. A file with one task in each line is named .jsonl."
    : "There is more text behind the list of tasks. Put all tasks inside one list.";
}

/** The index behind the task's last character, -1 when it goes on in the next piece. */
function endOfTask(scan: Scan, piece: string, from: number): number {
  for (let at = from; at < piece.length; at++) {
    const character = piece.charCodeAt(at);
    if (character === 0x0a) scan.line++;
    if (scan.inString) inString(scan, character);
    else if (character === 0x22) scan.inString = true;
    else if (character === 0x7b || character === 0x5b) scan.depth++;
    else if (scan.depth === 0 && (character === 0x2c || character === 0x5d)) return at;
    else if (scan.depth > 0 && (character === 0x7d || character === 0x5d)) {
      scan.depth--;
      if (scan.depth === 0 && scan.alone) return at + 1;
    }
  }
  return -1;
}

function inString(scan: Scan, character: number): void {
  if (scan.escaped) scan.escaped = false;
  else if (character === 0x5c) scan.escaped = true;
  else if (character === 0x22) scan.inString = false;
}

function isOpen(scan: Scan): boolean {
  return scan.depth > 0 || scan.inString;
}

function finish(scan: Scan): void {
  if (scan.place === "end") return;
  if (scan.place === "start")
    throw new RecordError(scan.line, "The file is empty. Write a list of tasks into it: [ task, task ].");
  if (isOpen(scan))
    throw new RecordError(scan.began, "The file ends inside the task that begins here. Check its quotes and brackets.");
  throw new RecordError(scan.line, "The file ends before the list of tasks does. Add the ] at its end.");
}
