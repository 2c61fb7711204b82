import type { Option } from "./parts.ts";
import { objectMembers, displayText, valueFor } from "../task-values.ts";
import { attribute } from "../xml/tree.ts";
import type { Tag } from "../xml/tree.ts";

/** A choice before it is known where it stands: written in the setup, or come with the task. */
interface Source {
  value: string;
  alias: string | undefined;
  hint: string | undefined;
  hotkey: string | undefined;
  selected: boolean;
  children: Source[];
}

/**
 * The options of a Choices or Taxonomy: those of the task where its `value` names a variable, and those in it.
 * Where choices are nested, an answer is the path to it; elsewhere choices within choices are left out, as upstream does.
 */
export function optionsOf(tag: Tag, data: Record<string, unknown>, nested: boolean): Option[] {
  const dynamic = valueFor(attribute(tag, "value"), data);
  const sources = [...(Array.isArray(dynamic) ? dynamic.map(fromTask) : []), ...choicesIn(tag)];
  const named = sources.filter(({ value, alias }) => value || alias);
  return named.map((source) => optionOf(source, nested ? [] : undefined));
}

/** Options and all that are nested in them, outermost first. */
export function allOptions(options: Option[]): Option[] {
  return options.flatMap((option) => [option, ...allOptions(option.options)]);
}

/** The choices in a tag, also those in Views. */
function choicesIn(tag: Tag): Source[] {
  return tag.children.flatMap((child) => {
    if (child.tag.toLowerCase() === "view") return choicesIn(child);
    return child.tag.toLowerCase() === "choice" ? [fromTag(child)] : [];
  });
}

function fromTag(tag: Tag): Source {
  return {
    value: attribute(tag, "value") ?? "",
    alias: attribute(tag, "alias"),
    hint: attribute(tag, "hint"),
    hotkey: attribute(tag, "hotkey"),
    selected: attribute(tag, "selected")?.toLowerCase() === "true",
    children: choicesIn(tag),
  };
}

function fromTask(item: unknown): Source {
  const { value, alias, hint, hotkey, selected, children } = objectMembers(item);
  const text = (member: unknown) => (member === undefined ? undefined : displayText(member));
  return {
    value: typeof item === "object" ? displayText(value) : displayText(item),
    alias: text(alias),
    hint: text(hint),
    hotkey: text(hotkey),
    selected: selected === true || selected === "true",
    children: Array.isArray(children) ? children.map(fromTask) : [],
  };
}

function optionOf(source: Source, path: string[] | undefined): Option {
  const result = source.alias ?? source.value;
  const whole = path && [...path, result];
  return {
    key: whole ? JSON.stringify(whole) : result,
    result: whole ?? result,
    label: source.value || result,
    hint: source.hint,
    hotkey: source.hotkey,
    selected: source.selected,
    options: whole ? source.children.map((child) => optionOf(child, whole)) : [],
  };
}
