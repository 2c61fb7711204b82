import type { RegionFields } from "./region-state.ts";

/** Names of objects may have spaces, which end a word of what a button sends. */
export function decodedName(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return "";
  }
}

/** The name of a picture that is a button; browsers send it with `.x` and `.y`. It says the width at which it is shown. */
export function pictureField(target: string, item: number, width: number): string {
  return `at-${width} ${item} ${target}`;
}

/** What a click on a picture does; undefined without one. */
export function pictureAction(fields: RegionFields): string | undefined {
  for (const [name, [x = ""]] of fields) {
    const [, width, item, target] = /^at-(\d+) (\d+) (.*)\.x$/s.exec(name) ?? [];
    if (target === undefined) continue;
    const y = fields.get(name.replace(/x$/, "y"))?.[0] ?? "";
    const encoded = encodeURIComponent(target);
    // A key that presses the picture has no place.
    return x === "0" && y === "0" ? `numbers ${encoded}` : `mark ${encoded} ${item} ${width} ${x},${y}`;
  }
  return undefined;
}
