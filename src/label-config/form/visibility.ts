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
export function waitsForRegion(tag: Tag): boolean {
  return attribute(tag, "visibleWhen") === "region-selected";
}

/** Whether a control asks about each region, not about the task. */
export function isPerRegion(tag: Tag): boolean {
  return attribute(tag, "perRegion")?.toLowerCase() === "true";
}

/** The values of a field that are not blank. */
export function fieldTexts(fields: Fields, name: string): string[] {
  const texts = Object.hasOwn(fields, name) ? [fields[name] ?? []].flat() : [];
  return texts.filter((text) => text.trim() !== "");
}

/** The controls that are visible with these answers; as in Label Studio, a hidden control has no answer. */
export function visibleControls(form: LabelForm, fields: Fields): ControlPart[] {
  const { isVisible } = visibility(form, fields);
  return form.controls.filter(isVisible).map(({ control }) => control);
}

/** Returns whether a condition is met by these answers. */
export function conditionTest(form: LabelForm, fields: Fields): (condition: Conditions) => boolean {
  return visibility(form, fields).isMet;
}

/** The options of a control whose keys are among the form's values. */
export function selectedOptions(control: ControlPart, fields: Fields): Option[] {
  if (control.tag !== "Choices" && control.tag !== "Taxonomy") return [];
  const keys = new Set(fieldTexts(fields, control.name));
  return keys.size === 0 ? [] : allOptions(control.options).filter((option) => keys.has(option.key));
}

type FormControl = LabelForm["controls"][number];

/**
 * Returns whether a control is visible, and whether a condition is met. The former is computed once for each control, since
 * controls depend on each other in as many ways as there are orders of them. A control does not depend on itself.
 */
function visibility({ controls }: LabelForm, fields: Fields) {
  const selected = controls
    .map((each) => ({ ...each, each, values: valuesOf(selectedOptions(each.control, fields)) }))
    .filter(({ values }) => values.size > 0);
  const known = new Map<FormControl, boolean>();
  const isVisible = (control: FormControl): boolean => {
    const cached = known.get(control);
    if (cached !== undefined) return cached;
    // While its own conditions are evaluated.
    known.set(control, false);
    const visible = control.conditions.every(isMet);
    known.set(control, visible);
    return visible;
  };
  const isMet = (condition: Conditions) => isSelected(condition) === (condition.visibleWhen === "choice-selected");
  const isSelected = ({ whenTagName, whenChoiceValue }: Conditions): boolean => {
    const wanted = whenChoiceValue ? namedChoices(whenChoiceValue) : undefined;
    return selected.some(({ control, each, values }) => {
      if (whenTagName && control.name !== whenTagName) return false;
      return (!wanted || wanted.some((value) => values.has(value))) && isVisible(each);
    });
  };
  return { isVisible, isMet };
}

/** What the `whenChoiceValue` of a condition may mean: one choice, or several between commas. */
export function namedChoices(whenChoiceValue: string): string[] {
  return [whenChoiceValue, ...whenChoiceValue.split(",")];
}

/** What conditions may call these options. */
function valuesOf(options: Option[]): Set<string> {
  return new Set(
    options.flatMap(({ label, result }) => [label, Array.isArray(result) ? (result.at(-1) ?? "") : result]),
  );
}
