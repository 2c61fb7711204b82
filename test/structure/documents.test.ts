import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";

import { packageRoot } from "../../src/common/package.ts";
import { settings } from "../../src/config/settings.ts";
import { openShellInProcess } from "../support/command.ts";

const read = (file: string) => readFileSync(path.join(packageRoot, file), "utf8");

const pages = [
  "README.md",
  "CONTRIBUTING.md",
  ...readdirSync(path.join(packageRoot, "docs"))
    .filter((file) => file.endsWith(".md"))
    .map((file) => `docs/${file}`),
];

/** The ids that headings get on a page of Markdown. */
function anchorsOf(text: string): Set<string> {
  const headings = [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading = ""]) => heading);
  return new Set(
    headings.map((heading) =>
      heading
        .toLowerCase()
        .replace(/[^\w\- ]/g, "")
        .replaceAll(" ", "-"),
    ),
  );
}

test("documents: what they link to is there", () => {
  const broken = pages.flatMap((page) =>
    [...read(page).matchAll(/\]\((?!https?:)([^)#\s]*)(?:#([^)\s]+))?\)/g)].flatMap(([link, file = "", anchor]) => {
      const target = file === "" ? page : path.join(path.dirname(page), file);
      if (!existsSync(path.join(packageRoot, target))) return [`${page}: ${link}`];
      return anchor === undefined || anchorsOf(read(target)).has(anchor) ? [] : [`${page}: ${link}`];
    }),
  );
  assert.deepEqual(broken, []);
});

test("documents: each variable is in the table of the configuration", () => {
  const table = read("docs/configuration.md");
  const missing = Object.values(settings)
    .map(({ name }) => name)
    .filter(
      (name) => !table.includes(name.startsWith("POSTGRE_") ? name.replace("POSTGRE", "") : `LABEL_STUDIO_${name}`),
    );
  assert.deepEqual(missing, []);
});

test("documents: each command and each of its options is on the page of the command line", async (t) => {
  const { run } = openShellInProcess(t);
  const page = read("docs/command-line.md");
  const help = async (...command: string[]) => (await run([...command, "--help"])).stdout;
  const commandsIn = (text: string) =>
    [...(text.split("Commands:")[1] ?? "").matchAll(/^ {2}([a-z][\w-]*)/gm)].map(([, name = ""]) => name);
  const names = commandsIn(await help()).filter((name) => name !== "help");
  const commands = await Promise.all(
    names.map(async (name) => {
      const inner = commandsIn(await help(name)).filter((each) => each !== "help");
      return inner.length > 0 ? inner.map((each) => [name, each]) : [[name]];
    }),
  );

  const missing = [];
  for (const command of commands.flat()) {
    const options = [...(await help(...command)).matchAll(/^ {2}(?:-\w, )?(--[\w-]+)/gm)].map(
      ([, option = ""]) => option,
    );
    for (const word of [command.join(" "), ...options])
      if (!page.includes(word)) missing.push(`${command.join(" ")}: ${word}`);
  }
  assert.ok(names.length > 8);
  assert.deepEqual(missing, []);
});
