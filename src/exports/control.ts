import type { ParsedSetup } from "./task.ts";

/**
 * The type of the control that a result's `from_name` belongs to, undefined when the setup has none of that name.
 *
 * A control inside a Repeater is named like `label_{{idx}}` and stands for all names that go so; the longest such name wins.
 * A project without setup takes any result, by the type it gives itself.
 */
export function controlType(setup: ParsedSetup, name: string, type: unknown): string | undefined {
  const controls = Object.keys(setup);
  if (!controls.length) return typeof type === "string" ? type : "unknown";
  if (Object.hasOwn(setup, name)) return setup[name]?.type;
  const repeated = controls.filter((control) => standsFor(control, Object.keys(setup[control]?.regex ?? {}), name));
  const longest = repeated.toSorted((one, other) => other.length - one.length)[0];
  return longest === undefined ? undefined : setup[longest]?.type;
}

/** Says whether the name has the control's fixed pieces in their order, beginning with the first. */
function standsFor(control: string, places: string[], name: string): boolean {
  const [first = "", ...pieces] = places.reduce((text, place) => text.replaceAll(place, "\0"), control).split("\0");
  if (!pieces.length || !name.startsWith(first)) return false;
  let at = first.length;
  for (const piece of pieces) {
    const found = name.indexOf(piece, at);
    if (found < 0) return false;
    at = found + piece.length;
  }
  return true;
}
