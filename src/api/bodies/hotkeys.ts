import * as z from "zod";

import { limits } from "../../common/limits.ts";
import { pythonType } from "../../common/python-repr.ts";
import { parseIfJson } from "./raw-json.ts";

/** Combinations that browsers and operating systems reserve. */
const reserved = [
  "ctrl+alt+delete",
  "cmd+alt+escape",
  "alt+f4",
  "ctrl+alt+esc",
  "cmd+option+esc",
  "ctrl+shift+esc",
  "cmd+shift+q",
  "alt+tab",
  "cmd+tab",
  "ctrl+alt+t",
  "cmd+space",
];

const modifiers = ["ctrl", "cmd", "command", "alt", "option", "shift", "meta"];

interface Issue {
  input?: unknown;
  path?: PropertyKey[] | undefined;
}

/** The `section:action` of an issue, whose path is `custom_hotkeys.section:action.key`. */
const action = ({ path }: Issue) => String(path?.[1]);

const text = ({ input }: Issue) => input as string;

const actionKey = z
  .string()
  .max(100, { abort: true, error: (issue) => `Action key '${text(issue)}' is too long (max 100 characters)` })
  .regex(/:/, { abort: true, error: (issue) => `Action key '${text(issue)}' must be in 'section:action' format` })
  .regex(/^[^:]*[^:\s][^:]*:[\s\S]*\S/, {
    error: (issue) => `Action key '${text(issue)}' must have non-empty section and action parts`,
  });

const combination = z
  .string({
    error: (issue) =>
      issue.input === undefined
        ? `Missing 'key' in hotkey data for '${action(issue)}'`
        : `Key combination for '${action(issue)}' must be a non-empty string`,
  })
  .min(1, { abort: true, error: (issue) => `Key combination for '${action(issue)}' must be a non-empty string` })
  .max(50, { abort: true, error: (issue) => `Key combination for '${action(issue)}' is too long (max 50 characters)` })
  .refine((keys) => !reserved.includes(keys.toLowerCase().trim()), {
    abort: true,
    error: (issue) => `Key combination '${text(issue)}' is not allowed for security reasons`,
  })
  .regex(/^[a-zA-Z0-9+\-\s[\]\\;'".,/`~!@#$%^&*()_={}|:<>?]+$/, {
    abort: true,
    error: (issue) => `Key combination '${text(issue)}' for '${action(issue)}' contains invalid characters`,
  })
  .refine((keys) => unknownModifier(keys) === undefined, {
    error: (issue) => `Invalid modifier or key '${unknownModifier(text(issue))}' in key combination '${text(issue)}'`,
  });

const hotkey = z.object(
  {
    key: combination,
    active: z.boolean({ error: (issue) => `Active flag for '${action(issue)}' must be a boolean` }).optional(),
  },
  { error: (issue) => `Hotkey data for '${action(issue)}' must be a dictionary` },
);

/** Custom hotkeys by `section:action`. */
const byAction = z
  .record(actionKey, hotkey, {
    error: (issue) => {
      if (issue.code === "invalid_key") return issue.issues?.[0]?.message;
      if (issue.input === undefined) return "This field is required.";
      if (issue.input === null) return "This field may not be null.";
      return `Expected a dictionary of items but got type "${pythonType(issue.input)}".`;
    },
  })
  .meta({ maxProperties: limits.hotkeys });

/** Custom hotkeys; a form submits them as JSON text. Their number is checked first, so that validation is bounded. */
export const hotkeys = z.preprocess((submitted, context) => {
  const value = isJsonObject(submitted) ? parseIfJson(submitted) : submitted;
  if (
    value !== null &&
    typeof value === "object" &&
    Object.keys(value).length > limits.hotkeys &&
    !Array.isArray(value)
  ) {
    context.addIssue(`Cannot define more than ${limits.hotkeys} custom hotkeys`);
    return z.NEVER;
  }
  return value;
}, byAction);

export const hotkeysBody = z.object({ custom_hotkeys: hotkeys }).meta({ id: "Hotkeys" });

function isJsonObject(value: unknown): boolean {
  return typeof value === "string" && value.trimStart().startsWith("{");
}

/** Returns a part before the last `+` that is no modifier and too long for the name of a key. */
function unknownModifier(keys: string): string | undefined {
  const parts = keys.split("+").map((part) => part.trim());
  return parts.slice(0, -1).find((part) => !modifiers.includes(part.toLowerCase()) && part.length > 20);
}
