import { resultType } from "./form-to-result.ts";
import { allOptions } from "../form/options.ts";
import type { ControlPart, LabelForm, Option } from "../form/parts.ts";
import { inputFor } from "../form/strftime.ts";
import { objectMembers, displayText } from "../task-values.ts";
import type { Fields } from "../form/visibility.ts";

/** The fields that show the `result` of an annotation or prediction in the form again. */
export function resultToForm(form: LabelForm, result: unknown[]): Fields {
  const fields = form.controls.flatMap(({ control }) => {
    const entry = result.map(objectMembers).find((entry) => answers(entry, control));
    return entry ? fieldsOf(control, objectMembers(entry.value)) : [];
  });
  return Object.fromEntries(fields);
}

/** The fields of a form that nobody has filled in: what the setup selects and writes beforehand. */
export function initialFields(form: LabelForm): Fields {
  const fields = form.controls.map(({ control }): [string, string | string[]] => {
    const { name } = control;
    if (control.tag === "Choices" || control.tag === "Taxonomy")
      return [name, allOptions(control.options).flatMap(({ selected, key }) => (selected ? key : []))];
    if (control.tag === "TextArea") return [name, control.value];
    if (control.tag === "Number" || control.tag === "Rating") return [name, displayText(control.defaultValue)];
    return [name, ""];
  });
  return Object.fromEntries(fields.filter(([, value]) => value.length > 0));
}

/** Whether an entry of a result is an answer to this control of the form. */
export function answers(entry: Record<string, unknown>, control: ControlPart): boolean {
  return entry.from_name === control.name && entry.type === resultType(control);
}

function fieldsOf(control: ControlPart, value: Record<string, unknown>): [string, string | string[]][] {
  const { name } = control;
  switch (control.tag) {
    case "Choices":
      return [[name, keysOf(control.options, value.choices)]];
    case "Taxonomy":
      return [[name, keysOf(control.options, value.taxonomy)]];
    case "TextArea":
      return [[name, [value.text ?? []].flat().map(displayText)]];
    case "DateTime":
      return [[name, inputFor(displayText(value.datetime), control.input, control.format) ?? ""]];
    case "Pairwise":
      return [[name, displayText(value.selected)]];
    case "Ranker":
      return placesOf(name, objectMembers(value.ranker)[name]);
    case "Rating":
      return [[name, displayText(value.rating)]];
    case "Number":
      return [[name, displayText(value.number)]];
  }
}

function keysOf(options: Option[], chosen: unknown): string[] {
  const results = new Set((Array.isArray(chosen) ? chosen : [chosen]).map((result) => JSON.stringify(result)));
  return allOptions(options)
    .filter(({ result }) => results.has(JSON.stringify(result)))
    .map(({ key }) => key);
}

function placesOf(name: string, ids: unknown): [string, string][] {
  return Array.isArray(ids) ? ids.map((id, index) => [`${name}.${displayText(id)}`, String(index + 1)]) : [];
}
