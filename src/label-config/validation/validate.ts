import { pythonRepr } from "../../common/python-repr.ts";
import { playbackProblem } from "./playback.ts";
import { problemAt } from "./problem-at.ts";
import { firstMissing } from "./required-attributes.ts";
import { allTags, parseTags } from "../xml/tree.ts";
import type { Problem, Tag } from "../xml/tree.ts";

interface Named {
  tag: Tag;
  name: string;
}

/**
 * What is wrong with a labeling setup; undefined when it can be used. Upstream's checks and its words, and it is as
 * lenient: tags that it does not know may be there.
 */
export function labelConfigError(label_config: string): Problem | undefined {
  const { root, problem } = parseTags(label_config);
  if (problem) return problem;
  return missingProblem(root) ?? nameProblem(root) ?? playbackProblem(root);
}

function missingProblem(root: Tag): Problem | undefined {
  const missing = firstMissing(root);
  if (!missing) return undefined;
  const { tag, property, prefix } = missing;
  const what = /^[A-Z]/.test(property) ? `put at least one <${property}> into it.` : `add the attribute ${property}.`;
  return problemAt(tag, `Validation failed on ${prefix}: '${property}' is a required property`, what);
}

function nameProblem(root: Tag): Problem | undefined {
  const named = valuesOf(root, "name");
  const first = new Map<string, Tag>();
  for (const { tag, name } of named) {
    const other = first.get(name);
    if (other)
      return problemAt(
        tag,
        "Label config contains non-unique names",
        `the name ${name} is taken by <${other.tag}> in line ${other.line}. Choose another one.`,
      );
    first.set(name, tag);
  }
  return toNameProblem(root, new Set([...first.keys()].sort()));
}

function toNameProblem(root: Tag, names: ReadonlySet<string>): Problem | undefined {
  const asked = valuesOf(root, "toName").flatMap(({ tag, name }) =>
    name.split(",").map((part) => ({ tag, name: part })),
  );
  const unknown = asked.find(({ name }) => !names.has(name));
  if (!unknown) return undefined;
  return problemAt(
    unknown.tag,
    `toName="${unknown.name}" not found in names: ${pythonRepr([...names])}`,
    `toName="${unknown.name}" is the name of no tag. There ${names.size ? `are: ${[...names].join(", ")}` : "are no names"}.`,
  );
}

/** Upstream looks for `name="..."` in the text, so an attribute like `classname` and a selector in a style count, too. */
function valuesOf(root: Tag, name: "name" | "toName"): Named[] {
  const inText = new RegExp(`${name}="([^"]*)"`, "g");
  return allTags(root).flatMap((tag) => [
    ...[...tag.attributes]
      .filter(([attribute]) => attribute.endsWith(name))
      .map(([, value]) => ({ tag, name: escapeXml(value) })),
    ...[...tag.text.matchAll(inText)].map(([, value = ""]) => ({ tag, name: value })),
  ]);
}

function escapeXml(value: string): string {
  return value.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
