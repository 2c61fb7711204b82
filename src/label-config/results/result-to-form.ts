import { isObject } from "../../common/is-object.ts";
import { stringifyJson } from "../../common/raw-json.ts";
import { allOptions } from "../form/options.ts";
import { messageFields, messageKey } from "../form/chat-parts.ts";
import type { WrittenMessage } from "../form/chat-parts.ts";
import type { ChatMessagePart, ControlPart, LabelForm, Option, RankerPart } from "../form/parts.ts";
import { bucketField, rankerColumns, rankField } from "../form/ranker-fields.ts";
import { toInputValue } from "../form/strftime.ts";
import type { Fields } from "../form/visibility.ts";
import { objectMembers, displayText } from "../task-values.ts";
import { resultType } from "./form-to-result.ts";

/** Converts the `result` of an annotation or prediction to the form's values. */
export function resultToForm(form: LabelForm, result: unknown[]): Fields {
  const entries = new Map<string, Record<string, unknown>>();
  for (const entry of result.filter(isObject)) {
    const key = answerKey(entry.from_name, entry.type);
    if (!entries.has(key)) entries.set(key, entry);
  }
  const fields = form.controls.flatMap(({ control }): [string, string | string[]][] => {
    if (control.tag === "ChatMessage") return messageFields(control.name, messagesIn(control.name, result));
    const entry = entries.get(answerKey(control.name, resultType(control)));
    return entry ? fieldsOf(control, objectMembers(entry.value)) : [];
  });
  return Object.fromEntries(fields);
}

/** The values of a form without an answer: the defaults of the label config. */
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

/** Returns whether an entry of a result is an answer to one of the form's controls. */
export function answerFilter({ controls }: LabelForm): (entry: Record<string, unknown>) => boolean {
  const keys = new Set(controls.map(({ control }) => answerKey(control.name, resultType(control))));
  return ({ from_name, type }) => keys.has(answerKey(from_name, type));
}

/** The same for a control and its answers; empty, like that of no control, for names that are no text. */
function answerKey(from_name: unknown, type: unknown): string {
  return typeof from_name === "string" && typeof type === "string" ? `${type} ${from_name}` : "";
}

function fieldsOf(
  control: Exclude<ControlPart, ChatMessagePart>,
  value: Record<string, unknown>,
): [string, string | string[]][] {
  const { name } = control;
  switch (control.tag) {
    case "Choices":
      return [[name, keysOf(control.options, value.choices)]];
    case "Taxonomy":
      return [[name, keysOf(control.options, value.taxonomy)]];
    case "TextArea":
      return [[name, [value.text ?? []].flat().map(displayText)]];
    case "DateTime":
      return [[name, toInputValue(displayText(value.datetime), control.input, control.format) ?? ""]];
    case "Pairwise":
      return [[name, displayText(value.selected)]];
    case "Ranker":
      return ranksOf(control, objectMembers(value.ranker));
    case "Rating":
      return [[name, displayText(value.rating)]];
    case "Number":
      return [[name, displayText(value.number)]];
  }
}

/** The messages of a Chat, each an entry of the result. */
function messagesIn(name: string, result: unknown[]): WrittenMessage[] {
  return result.flatMap((entry, index) => {
    const { from_name, type, id, value } = objectMembers(entry);
    if (from_name !== name || type !== "chatmessage") return [];
    const { role, content } = objectMembers(objectMembers(value).chatmessage);
    return [{ role: displayText(role), text: displayText(content), key: messageKey(id, index) }];
  });
}

function keysOf(options: Option[], selected: unknown): string[] {
  const results = new Set((Array.isArray(selected) ? selected : [selected]).map(stringifyJson));
  return allOptions(options)
    .filter(({ result }) => results.has(stringifyJson(result)))
    .map(({ key }) => key);
}

/**
 * The number of each item, and its bucket. Items that stay where they were from the start, in their order, have no number: so they
 * look as they did before anybody answered.
 */
function ranksOf(control: RankerPart, order: Record<string, unknown>): [string, string][] {
  const { names, initial } = rankerColumns(control);
  const ids = new Set(control.items.map(({ id }) => id));
  return names.flatMap((column) => {
    const written = Object.hasOwn(order, column) ? order[column] : undefined;
    const placed = (Array.isArray(written) ? written.map(displayText) : []).filter((id) => ids.has(id));
    const isUnsorted = control.buckets.length > 0 && column === initial && isInListOrder(control, placed);
    return placed.flatMap((id, index): [string, string][] => [
      ...(isUnsorted ? [] : [[rankField(control, id), String(index + 1)] as [string, string]]),
      ...(control.buckets.length ? [[bucketField(control, id), column] as [string, string]] : []),
    ]);
  });
}

function isInListOrder({ items }: RankerPart, ids: string[]): boolean {
  const placed = new Set(ids);
  return items.filter(({ id }) => placed.has(id)).every(({ id }, index) => id === ids[index]);
}
