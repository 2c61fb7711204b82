import type { Control, ParsedLabelConfig } from "./parsed-label-config.ts";

/** What an answer of a control looks like; `label` is one of its own. Controls of other kinds have no sample. */
const values: Record<string, (label: string) => Record<string, unknown>> = {
  choices: (label) => ({ choices: [label] }),
  taxonomy: (label) => ({ taxonomy: [[label]] }),
  rating: () => ({ rating: 4 }),
  number: () => ({ number: 4 }),
  textarea: () => ({ text: ["A sample answer"] }),
  datetime: () => ({ datetime: "2026-01-31" }),
  labels: (label) => ({ start: 0, end: 1, labels: [label] }),
  paragraphlabels: (label) => ({ start: "0", end: "0", startOffset: 0, endOffset: 1, paragraphlabels: [label] }),
  rectanglelabels: (label) => ({ x: 10, y: 10, width: 30, height: 20, rotation: 0, rectanglelabels: [label] }),
  polygonlabels: (label) => ({
    points: [
      [10, 10],
      [40, 10],
      [40, 30],
    ],
    closed: true,
    polygonlabels: [label],
  }),
  keypointlabels: (label) => ({ x: 10, y: 10, width: 1, keypointlabels: [label] }),
};

/** A result that the controls of a label config could have: one region of each. */
export function sampleResult(controls: ParsedLabelConfig): object[] {
  return Object.entries(controls).flatMap(([from_name, control]) => {
    const type = control.type.toLowerCase();
    const value = Object.hasOwn(values, type) ? values[type]?.(firstLabel(control)) : undefined;
    return value ? { id: `sample-${from_name}`, from_name, to_name: control.to_name.join(","), type, value } : [];
  });
}

function firstLabel({ labels: [label = "A sample label"] }: Control): string {
  return label;
}
