/** A project's `parsed_label_config`, as far as exports need it. */
export type ControlTypes = Record<string, { type: string; regex?: Record<string, string> }>;

/**
 * The type of the control that a result's `from_name` belongs to; undefined when the label config has no such control.
 *
 * A control inside a Repeater is named like `label_{{idx}}` and stands for all names of that pattern; the longest pattern
 * wins. A project without controls accepts any result, with the type that the result itself names.
 */
export function controlType(controls: ControlTypes, from_name: string, resultType: unknown): string | undefined {
  const names = Object.keys(controls);
  if (!names.length) return typeof resultType === "string" ? resultType : "unknown";
  if (Object.hasOwn(controls, from_name)) return controls[from_name]?.type;
  const repeated = names.filter((name) => matches(name, Object.keys(controls[name]?.regex ?? {}), from_name));
  const longest = repeated.toSorted((one, other) => other.length - one.length)[0];
  return longest === undefined ? undefined : controls[longest]?.type;
}

/** Whether a name has the literal parts of a pattern in their order, starting with the first. */
function matches(pattern: string, variables: string[], name: string): boolean {
  const [first = "", ...literals] = variables
    .reduce((text, variable) => text.replaceAll(variable, "\0"), pattern)
    .split("\0");
  if (!literals.length || !name.startsWith(first)) return false;
  let end = first.length;
  for (const literal of literals) {
    const start = name.indexOf(literal, end);
    if (start < 0) return false;
    end = start + literal.length;
  }
  return true;
}
