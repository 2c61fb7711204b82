import { limits } from "../../common/limits.ts";
import { objectMembers, displayText, valueFor } from "../task-values.ts";
import { attribute } from "../xml/tree.ts";
import type { Tag } from "../xml/tree.ts";
import type { Option } from "./parts.ts";

/** A choice of the label config or of the task's data, before its path is known. */
interface OptionSource {
  value: string;
  alias: string | undefined;
  html: string | undefined;
  hint: string | undefined;
  hotkey: string | undefined;
  selected: boolean;
  children: OptionSource[];
}

/**
 * The options of a Choices or Taxonomy: those of the task where `value` names a variable, then those of the label config.
 * Where options are nested, an answer is the path to an option; elsewhere nested options are left out, as in Label Studio.
 */
export function optionsOf(tag: Tag, data: Record<string, unknown>, nested: boolean): Option[] {
  const dynamic = valueFor(attribute(tag, "value"), data);
  const sources = [...(Array.isArray(dynamic) ? dynamic.map((item) => fromTask(item)) : []), ...choicesIn(tag)];
  const visible = sources.filter(({ value, alias }) => value || alias);
  return visible.map((source) => optionOf(source, nested ? [] : undefined));
}

/** Options and their descendants, in document order. */
export function allOptions(options: Option[]): Option[] {
  return options.flatMap((option) => [option, ...allOptions(option.options)]);
}

/** The choices in a tag, directly or within Views. */
function choicesIn(tag: Tag): OptionSource[] {
  return tag.children.flatMap((child) => {
    if (child.tag.toLowerCase() === "view") return choicesIn(child);
    return child.tag.toLowerCase() === "choice" ? [fromTag(child)] : [];
  });
}

function fromTag(tag: Tag): OptionSource {
  return {
    value: attribute(tag, "value") ?? tag.text.trim(),
    html: attribute(tag, "html"),
    alias: attribute(tag, "alias"),
    hint: attribute(tag, "hint"),
    hotkey: attribute(tag, "hotkey"),
    selected: attribute(tag, "selected")?.toLowerCase() === "true",
    children: choicesIn(tag),
  };
}

/** Options deeper than a task that is sent can be are left out. */
function fromTask(item: unknown, depth = 0): OptionSource {
  const { value, alias, html, hint, hotkey, selected, children } = objectMembers(item);
  const text = (member: unknown) => (member === undefined ? undefined : displayText(member));
  return {
    value: typeof item === "object" ? displayText(value) : displayText(item),
    alias: text(alias),
    html: text(html),
    hint: text(hint),
    hotkey: text(hotkey),
    selected: selected === true || selected === "true",
    children:
      Array.isArray(children) && depth < limits.jsonDepth ? children.map((child) => fromTask(child, depth + 1)) : [],
  };
}

function optionOf(source: OptionSource, path: string[] | undefined): Option {
  const result = source.alias ?? source.value;
  const fullPath = path && [...path, result];
  return {
    key: fullPath ? JSON.stringify(fullPath) : result,
    result: fullPath ?? result,
    label: source.value || result,
    html: source.html || undefined,
    hint: source.hint,
    hotkey: source.hotkey,
    selected: source.selected,
    options: fullPath ? source.children.map((child) => optionOf(child, fullPath)) : [],
  };
}
