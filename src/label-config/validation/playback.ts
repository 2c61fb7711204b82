import { problemAt } from "./problem-at.ts";
import { allTags, attribute } from "../xml/tree.ts";
import type { Problem, Tag } from "../xml/tree.ts";

const slowest = 0.05;
const fastest = 10;

/** What is wrong with the playback speeds of the first Video that has a wrong one. */
export function playbackProblem(root: Tag): Problem | undefined {
  for (const tag of allTags(root).filter(isVideo)) {
    const problems = speedProblems(tag);
    if (problems[0])
      return problemAt(tag, problems.map((words) => `${prefix(tag)} ${words}`).join("\n"), `${problems[0]}.`);
  }
  return undefined;
}

function isVideo(tag: Tag): boolean {
  const { attributes } = tag;
  const shows = attributes.get("value") || attributes.get("valueList");
  return tag.tag.toLowerCase() === "video" && Boolean(attributes.get("name") && shows && !attributes.get("toName"));
}

function prefix(tag: Tag): string {
  return `Video tag "${tag.attributes.get("name")}":`;
}

function speedProblems(tag: Tag): string[] {
  const speeds = ["defaultPlaybackSpeed", "minPlaybackSpeed"].map((name) => {
    const text = attribute(tag, name)?.trim() ? attribute(tag, name) : undefined;
    return { name, text, speed: text === undefined || !isNumber(text) ? undefined : Number(text) };
  });
  const noNumbers = speeds.filter(({ text, speed }) => text !== undefined && speed === undefined);
  const outside = speeds.filter(({ speed }) => speed !== undefined && (speed < slowest || speed > fastest));
  const [usual, least] = speeds.map(({ speed }) => speed);
  const words = [
    ...noNumbers.map(({ name, text }) => `${name} must be a number, got "${text}"`),
    ...outside.map(({ name, speed }) => `${name} must be between ${slowest} and ${fastest}, got ${decimal(speed)}`),
  ];
  if (usual !== undefined && least !== undefined && least > usual)
    words.push(`minPlaybackSpeed (${decimal(least)}) must not exceed defaultPlaybackSpeed (${decimal(usual)})`);
  return words;
}

function isNumber(text: string): boolean {
  return /^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i.test(text);
}

/** As Python prints a float. */
function decimal(speed = 0): string {
  return Number.isInteger(speed) ? `${speed}.0` : String(speed);
}
