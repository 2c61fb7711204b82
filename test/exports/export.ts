import type { ControlTypes } from "../../src/exports/control-lookup.ts";
import type { Control, ParsedLabelConfig } from "../../src/label-config/parsed-label-config.ts";
import { writeExport } from "../../src/exports/write-export.ts";
import type { ExportedAnnotation, ExportedTask } from "../../src/presenters/exported-task.ts";
import type { ExportFormat } from "../../src/repositories/jobs/export-conversions.ts";

export const controls: ControlTypes = {
  label: { type: "Choices" },
  note: { type: "TextArea" },
  stars: { type: "Rating" },
  many: { type: "Number" },
  day: { type: "DateTime" },
  kinds: { type: "Taxonomy" },
  better: { type: "Pairwise" },
  order: { type: "Ranker" },
  box: { type: "RectangleLabels" },
  "each_{{idx}}": { type: "Choices", regex: { "{{idx}}": ".*" } },
  "each_{{idx}}_note": { type: "TextArea", regex: { "{{idx}}": ".*" } },
};

export function task(id: number, data: unknown, ...annotations: Partial<ExportedAnnotation>[]): ExportedTask {
  return { id, data, annotations: annotations.map((fields, index) => ({ ...annotation, id: index + 1, ...fields })) };
}

const annotation = {
  result: [],
  completed_by: 1,
  was_cancelled: false,
  created_at: "2026-11-22T10:49:31.060364Z",
  updated_at: "2026-11-22T10:49:31.060403Z",
  lead_time: 1.5,
};

export function result(from_name: string | undefined, value: unknown, more: object = {}) {
  return { id: "r1", from_name, to_name: "text", type: "x", value, ...more };
}

export async function exportTasks(format: ExportFormat, tasks: ExportedTask[], types = controls): Promise<string> {
  async function* open() {
    yield tasks;
  }
  let text = "";
  for await (const chunk of writeExport(format, open, withoutLabels(types))) text += String(chunk);
  return text;
}

/** Controls that nothing but their type is known of. */
export function withoutLabels(types: ControlTypes): ParsedLabelConfig {
  const controls = Object.entries(types).map(([name, control]): [string, Control] => [
    name,
    { ...control, to_name: [], inputs: [], labels: [], labels_attrs: {} },
  ]);
  return Object.fromEntries(controls);
}

/** The cells of an export of one annotation, by column. */
export async function cells(
  exportedTask: ExportedTask,
  types?: ControlTypes,
): Promise<Record<string, string | undefined>> {
  const [names = "", values = ""] = (await exportTasks("TSV", [exportedTask], types)).split("\r\n");
  const columns = names.split("\t").map((name) => JSON.parse(name) as string);
  return Object.fromEntries(columns.map((name, index) => [name, values.split("\t")[index]]));
}
