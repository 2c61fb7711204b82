import { isObject } from "../../common/is-object.ts";
import { parseJson } from "../../common/parse-json.ts";
import { rawElements } from "../../common/raw-json.ts";
import { entryOf } from "./entries.ts";
import type { Entry } from "./entries.ts";

/** What takes a change of a result back: so many entries from `at` on become these, in raw JSON. */
export interface UndoStep {
  at: number;
  count: number;
  entries: string[];
}

/** So many changes can be taken back. */
const maxSteps = 20;

/** Characters of all steps together, as they travel with the form. */
const maxCharacters = 20_000;

/** The steps with one more for a change; the same where nothing changed. */
export function rememberChange(
  steps: readonly UndoStep[],
  before: readonly Entry[],
  after: readonly Entry[],
): UndoStep[] {
  const isSame = (one: Entry | undefined, other: Entry | undefined) => one?.json === other?.json;
  const shorter = Math.min(before.length, after.length);
  let at = 0;
  while (at < shorter && isSame(before[at], after[at])) at++;
  if (at === before.length && at === after.length) return [...steps];
  let behind = 0;
  while (behind < shorter - at && isSame(before.at(-1 - behind), after.at(-1 - behind))) behind++;
  const entries = before.slice(at, before.length - behind).map(({ json }) => json);
  return withinLimits([...steps, { at, count: after.length - behind - at, entries }]);
}

function withinLimits(steps: UndoStep[]): UndoStep[] {
  let left = maxCharacters;
  const latest = steps.toReversed().filter(({ entries }) => {
    for (const entry of entries) left -= entry.length;
    return left >= 0;
  });
  return latest.slice(0, maxSteps).toReversed();
}

/** Takes the last change back. */
export function undoChange(
  entries: readonly Entry[],
  steps: readonly UndoStep[],
): { entries: Entry[]; steps: UndoStep[] } {
  const last = steps.at(-1);
  if (!last) return { entries: [...entries], steps: [] };
  return {
    entries: entries.toSpliced(last.at, last.count, ...last.entries.map(entryOf)),
    steps: steps.slice(0, -1),
  };
}

export function formatUndo(steps: readonly UndoStep[]): string {
  return JSON.stringify(steps);
}

/** Reads what a form brings back; none where it is no list of steps. */
export function parseUndo(text: string): UndoStep[] {
  const steps = parseJson(text);
  return Array.isArray(steps) && steps.every(isStep) ? steps : [];
}

function isStep(step: unknown): step is UndoStep {
  if (!isObject(step) || !Array.isArray(step.entries)) return false;
  return isCount(step.at) && isCount(step.count) && step.entries.every(isEntry);
}

function isCount(count: unknown): boolean {
  return Number.isSafeInteger(count) && Number(count) >= 0;
}

/** The JSON of an object. */
function isEntry(json: unknown): boolean {
  return typeof json === "string" && isObject(parseJson(json)) && rawElements(`[${json}]`).length === 1;
}
