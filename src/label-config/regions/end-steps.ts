import type { PlaceStep } from "./place-fields.ts";

/** A step that moves one end of a region: back, or forward. */
export interface EndStep {
  end: "start" | "end";
  forward: boolean;
}

const steps: Record<string, EndStep> = {
  "start-": { end: "start", forward: false },
  "start+": { end: "start", forward: true },
  "end-": { end: "end", forward: false },
  "end+": { end: "end", forward: true },
};

/** What a button has sent; undefined where it is no step. */
export function endStep(step: string): EndStep | undefined {
  return Object.hasOwn(steps, step) ? steps[step] : undefined;
}

/** A button for each step, with what it does in words. */
export function endStepButtons(label: (step: EndStep) => string): PlaceStep[] {
  return Object.entries(steps).map(([step, { end, forward }]) => ({
    step,
    label: label({ end, forward }),
    icon: forward ? "chevron-right" : "chevron-left",
    title: forward ? "" : end === "start" ? "Start" : "End",
  }));
}
