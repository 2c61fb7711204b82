/** The texts of a name around the variables of a Repeater, which stand for any text: `p{{i}}_note` is `p`, `_note`. */
export type NamePattern = string[];

export function namePattern(name: string, variables: string[]): NamePattern {
  return variables.reduce(
    (texts, variable) => (variable ? texts.flatMap((text) => text.split(variable)) : texts),
    [name],
  );
}

/** Whether a name starts with the texts of a pattern, in their order and with any text between them. */
export function startsLike([first = "", ...others]: NamePattern, name: string): boolean {
  return name.startsWith(first) && endOf(others, name, first.length) !== undefined;
}

/** Whether a name can be made of a pattern. */
export function isLike([first = "", ...others]: NamePattern, name: string): boolean {
  const last = others.pop();
  if (last === undefined) return name === first;
  const end = name.startsWith(first) ? endOf(others, name, first.length) : undefined;
  return end !== undefined && name.length - last.length >= end && name.endsWith(last);
}

/** Where these texts end in a name, each at its first place behind the one before: any other leaves less room for the rest. */
function endOf(texts: string[], name: string, start: number): number | undefined {
  let end = start;
  for (const text of texts) {
    const at = name.indexOf(text, end);
    if (at < 0) return undefined;
    end = at + text.length;
  }
  return end;
}
