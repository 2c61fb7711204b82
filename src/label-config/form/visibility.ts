import { attribute } from "../xml/tree.ts";
import type { Tag } from "../xml/tree.ts";
import { allOptions } from "./options.ts";
import type { Conditions, ControlPart, LabelForm, Option } from "./parts.ts";

/** A form's values by the name of the control; a list where a control accepts several. */
export type Fields = Record<string, string | string[]>;

/** When a tag is shown; undefined when it always is. `whenChoiceValue` alone means that this choice is selected. */
export function conditionsOf(tag: Tag): Conditions | undefined {
  const visibleWhen = attribute(tag, "visibleWhen");
  const whenChoiceValue = attribute(tag, "whenChoiceValue");
  const whenTagName = attribute(tag, "whenTagName");
  if (visibleWhen === "choice-selected" || visibleWhen === "choice-unselected")
    return { visibleWhen, whenTagName, whenChoiceValue };
  if (!visibleWhen && whenChoiceValue)
    return { visibleWhen: "choice-selected", whenTagName: undefined, whenChoiceValue };
  return undefined;
}

/** Whether a tag is only shown while a region is selected. */
export function needsRegion(tag: Tag): boolean {
  return attribute(tag, "visibleWhen") === "region-selected" || attribute(tag, "perRegion")?.toLowerCase() === "true";
}

/** The values of a field that are not blank. */
export function fieldTexts(fields: Fields, name: string): string[] {
  const texts = Object.hasOwn(fields, name) ? [fields[name] ?? []].flat() : [];
  return texts.filter((text) => text.trim() !== "");
}

/** The controls that are visible with these answers; as in Label Studio, a hidden control has no answer. */
export function visibleControls(form: LabelForm, fields: Fields): ControlPart[] {
  return form.controls
    .filter(({ control, conditions }) => isVisible(form, fields, conditions, [control.name]))
    .map(({ control }) => control);
}

/** The options of a control whose keys are among the form's values. */
export function selectedOptions(control: ControlPart, fields: Fields): Option[] {
  if (control.tag !== "Choices" && control.tag !== "Taxonomy") return [];
  const keys = fieldTexts(fields, control.name);
  return allOptions(control.options).filter((option) => keys.includes(option.key));
}

/** `pending` are the controls whose visibility is being found out: a control does not depend on itself. */
function isVisible(form: LabelForm, fields: Fields, conditions: Conditions[], pending: string[]): boolean {
  return conditions.every((condition) => {
    const selected = isSelected(form, fields, condition, pending);
    return condition.visibleWhen === "choice-selected" ? selected : !selected;
  });
}

function isSelected(form: LabelForm, fields: Fields, condition: Conditions, pending: string[]): boolean {
  const { whenTagName, whenChoiceValue } = condition;
  const values = whenChoiceValue ? [whenChoiceValue, ...whenChoiceValue.split(",")] : undefined;
  return form.controls.some(({ control, conditions }) => {
    if (pending.includes(control.name) || (whenTagName && control.name !== whenTagName)) return false;
    const selected = selectedOptions(control, fields).filter((option) => !values || isOneOf(option, values));
    return selected.length > 0 && isVisible(form, fields, conditions, [...pending, control.name]);
  });
}

function isOneOf({ label, result }: Option, values: string[]): boolean {
  const last = Array.isArray(result) ? (result.at(-1) ?? "") : result;
  return values.includes(label) || values.includes(last);
}
