import { limits } from "../../common/limits.ts";
import { pythonRepr } from "../../common/python-repr.ts";
import { isControlTag } from "../parsed-label-config.ts";
import { escapeAttribute } from "../xml/escape.ts";
import { allTags, attribute, parseTags } from "../xml/tree.ts";
import type { LabelConfigError, Tag } from "../xml/tree.ts";
import { findMissingProperty } from "./required-attributes.ts";

/** Limits of a Video's playback speeds. */
const minSpeed = 0.05;
const maxSpeed = 10;

interface NamedTag {
  tag: Tag;
  name: string;
}

/**
 * Validates a label config; undefined when it can be used. The checks and their messages are Label Studio's, and as lenient:
 * unknown tags are allowed.
 */
export function labelConfigError(label_config: string): LabelConfigError | undefined {
  const { root, error } = parseTags(label_config, limits);
  if (error) return error;
  return limitError(root) ?? missingPropertyError(root) ?? nameError(root) ?? playbackSpeedError(root);
}

/** The first tag with a name that is too long, or beyond those that a label config may have of its kind. */
function limitError(root: Tag): LabelConfigError | undefined {
  let controls = 0;
  let repeaters = 0;
  for (const tag of allTags(root)) {
    const tooLong = ["name", "indexFlag"].find((name) => (tag.attributes.get(name)?.length ?? 0) > limits.controlName);
    if (tooLong) return refuse(tag, `${tooLong} is longer than ${limits.controlName} characters`, "use a shorter one.");
    if (isControlTag(tag) && ++controls > limits.controls)
      return refuse(tag, `more than ${limits.controls} tags have a name and a toName`, "remove some.");
    if (tag.attributes.has("indexFlag") && ++repeaters > limits.repeaters)
      return refuse(tag, `more than ${limits.repeaters} tags have an indexFlag`, "remove some.");
  }
  return undefined;
}

function refuse(tag: Tag, problem: string, advice: string): LabelConfigError {
  return errorAt(tag, `Validation failed: ${problem}`, `${problem}: ${advice}`);
}

function missingPropertyError(root: Tag): LabelConfigError | undefined {
  const missing = findMissingProperty(root);
  if (!missing) return undefined;
  const { tag, property, prefix } = missing;
  const what = /^[A-Z]/.test(property) ? `add at least one <${property}> inside.` : `add the attribute ${property}.`;
  return errorAt(tag, `Validation failed on ${prefix}: '${property}' is a required property`, what);
}

function nameError(root: Tag): LabelConfigError | undefined {
  const named = valuesOf(root, "name");
  const first = new Map<string, Tag>();
  for (const { tag, name } of named) {
    const other = first.get(name);
    if (other) return duplicateError(name, tag, other);
    first.set(name, tag);
  }
  return toNameError(root, new Set([...first.keys()].sort()));
}

/** Label Studio takes `toname`, without the capital, for one more name. */
function duplicateError(name: string, tag: Tag, other: Tag): LabelConfigError {
  const message = "Label config contains non-unique names";
  for (const each of [tag, other]) {
    const written = [...each.attributes.keys()].find((key) => key !== "toName" && key.toLowerCase() === "toname");
    if (written) return errorAt(each, message, `write toName with a capital N, not ${written}.`);
  }
  return errorAt(
    tag,
    message,
    `the name ${name} is taken by <${other.tag}> in line ${other.line}. Choose another one.`,
  );
}

function toNameError(root: Tag, names: ReadonlySet<string>): LabelConfigError | undefined {
  const references = valuesOf(root, "toName").flatMap(({ tag, name }) =>
    name.split(",").map((part) => ({ tag, name: part })),
  );
  const unknown = references.find(({ name }) => !names.has(name));
  if (!unknown) return undefined;
  return errorAt(
    unknown.tag,
    `toName="${unknown.name}" not found in names: ${pythonRepr([...names])}`,
    `No tag is named “${unknown.name}”. ${names.size ? `Names here: ${[...names].join(", ")}.` : "No tag has a name."}`,
  );
}

const attributesInText = { name: /name="([^"]*)"/g, toName: /toName="([^"]*)"/g };

/** Label Studio searches the text for `name="..."`, which also finds an attribute like `classname` and a selector in a style. */
function valuesOf(root: Tag, name: "name" | "toName"): NamedTag[] {
  return allTags(root).flatMap((tag) => [
    ...[...tag.attributes]
      .filter(([attribute]) => attribute.endsWith(name))
      .map(([, value]) => ({ tag, name: escapeAttribute(value) })),
    ...[...tag.text.matchAll(attributesInText[name])].map(([, value = ""]) => ({ tag, name: value })),
  ]);
}

/** The errors of the first Video with invalid playback speeds. */
function playbackSpeedError(root: Tag): LabelConfigError | undefined {
  for (const tag of allTags(root).filter(isVideo)) {
    const errors = speedErrors(tag);
    if (errors[0]) return errorAt(tag, errors.map((error) => `${prefix(tag)} ${error}`).join("\n"), `${errors[0]}.`);
  }
  return undefined;
}

function isVideo(tag: Tag): boolean {
  const { attributes } = tag;
  const source = attributes.get("value") || attributes.get("valueList");
  return tag.tag.toLowerCase() === "video" && Boolean(attributes.get("name") && source && !attributes.get("toName"));
}

function prefix(tag: Tag): string {
  return `Video tag "${tag.attributes.get("name")}":`;
}

function speedErrors(tag: Tag): string[] {
  const speeds = ["defaultPlaybackSpeed", "minPlaybackSpeed"].map((name) => {
    const text = attribute(tag, name)?.trim() ? attribute(tag, name) : undefined;
    return { name, text, speed: text === undefined || !isNumber(text) ? undefined : Number(text) };
  });
  const notNumbers = speeds.filter(({ text, speed }) => text !== undefined && speed === undefined);
  const outside = speeds.filter(({ speed }) => speed !== undefined && (speed < minSpeed || speed > maxSpeed));
  const [defaultSpeed, slowest] = speeds.map(({ speed }) => speed);
  const errors = [
    ...notNumbers.map(({ name, text }) => `${name} must be a number, got "${text}"`),
    ...outside.map(
      ({ name, speed }) => `${name} must be between ${minSpeed} and ${maxSpeed}, got ${pythonFloat(speed)}`,
    ),
  ];
  if (defaultSpeed !== undefined && slowest !== undefined && slowest > defaultSpeed)
    errors.push(
      `minPlaybackSpeed (${pythonFloat(slowest)}) must not exceed defaultPlaybackSpeed (${pythonFloat(defaultSpeed)})`,
    );
  return errors;
}

function isNumber(text: string): boolean {
  return /^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i.test(text);
}

/** A float as Python prints it. */
function pythonFloat(speed = 0): string {
  return Number.isInteger(speed) ? `${speed}.0` : String(speed);
}

/** The explanation starts with the tag and its line. */
function errorAt(tag: Tag, message: string, explanation: string): LabelConfigError {
  return { message, explanation: `Line ${tag.line}, <${tag.tag}>: ${explanation}`, line: tag.line, tag: tag.tag };
}
