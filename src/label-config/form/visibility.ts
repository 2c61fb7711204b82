import { allOptions } from "./options.ts";
import type { Conditions, ControlPart, LabelForm, Option } from "./parts.ts";

/** What a form sends: one text for each control, several where several can be given. */
export type Fields = Record<string, string | string[]>;

/** The texts of a field that hold something. */
export function textsOf(fields: Fields, name: string): string[] {
  const texts = Object.hasOwn(fields, name) ? [fields[name] ?? []].flat() : [];
  return texts.filter((text) => text.trim() !== "");
}

/** The controls that are shown with these answers: as upstream, what is hidden has no answer. */
export function shownControls(form: LabelForm, fields: Fields): ControlPart[] {
  return form.controls
    .filter(({ control, conditions }) => isShown(form, fields, conditions, [control.name]))
    .map(({ control }) => control);
}

/** The options of a control that a form sends the keys of. */
export function chosenOptions(control: ControlPart, fields: Fields): Option[] {
  if (control.tag !== "Choices" && control.tag !== "Taxonomy") return [];
  const keys = textsOf(fields, control.name);
  return allOptions(control.options).filter((option) => keys.includes(option.key));
}

/** `asked` are the controls that this is about: a control does not wait for itself. */
function isShown(form: LabelForm, fields: Fields, conditions: Conditions[], asked: string[]): boolean {
  return conditions.every((condition) => {
    const selected = isSelected(form, fields, condition, asked);
    return condition.visibleWhen === "choice-selected" ? selected : !selected;
  });
}

function isSelected(form: LabelForm, fields: Fields, condition: Conditions, asked: string[]): boolean {
  const { whenTagName, whenChoiceValue } = condition;
  const values = whenChoiceValue ? [whenChoiceValue, ...whenChoiceValue.split(",")] : undefined;
  return form.controls.some(({ control, conditions }) => {
    if (asked.includes(control.name) || (whenTagName && control.name !== whenTagName)) return false;
    const chosen = chosenOptions(control, fields).filter((option) => !values || isOneOf(option, values));
    return chosen.length > 0 && isShown(form, fields, conditions, [...asked, control.name]);
  });
}

function isOneOf({ label, result }: Option, values: string[]): boolean {
  const last = Array.isArray(result) ? (result.at(-1) ?? "") : result;
  return values.includes(label) || values.includes(last);
}
