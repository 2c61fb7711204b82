import { objectMembers } from "../task-values.ts";
import { shapeOverlap } from "./shape-overlap.ts";

/** How much of two places is the same, from 0 to 1: the share of both together that is in both. Undefined where it can't be said. */
export function placeOverlap(one: Record<string, unknown>, other: Record<string, unknown>): number | undefined {
  const [first, second] = [wholeTextInterval(one) ?? intervalOf(one), wholeTextInterval(other) ?? intervalOf(other)];
  if (!first || !second) return shapeOverlap(one, other);
  if (first.part !== second.part) return 0;
  const shared = Math.min(first.end, second.end) - Math.max(first.start, second.start);
  const together = Math.max(first.end, second.end) - Math.min(first.start, second.start);
  if (together === 0) return 1;
  return Math.max(0, shared) / together;
}

/** A span of a text, of a turn, of a recording or of a series. */
interface Interval {
  /** Of which part of the object. */
  part: string;
  start: number;
  end: number;
}

/** Spans of HTML are compared in its whole text, where they say their place in it. */
function wholeTextInterval({ globalOffsets }: Record<string, unknown>): Interval | undefined {
  const { start, end } = objectMembers(globalOffsets);
  return typeof start === "number" && typeof end === "number" ? { part: "", start, end } : undefined;
}

function intervalOf({ start, end, startOffset, endOffset }: Record<string, unknown>): Interval | undefined {
  if (typeof startOffset === "number" && typeof endOffset === "number" && start === end)
    return { part: String(start), start: startOffset, end: endOffset };
  if (typeof start === "number" && typeof end === "number") return { part: "", start, end };
  return undefined;
}
