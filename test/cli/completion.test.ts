import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";

import { openShellInProcess } from "../support/command.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

/** What is typed, and what it can become: everything, or among others. */
const lines: [typed: string[], all?: string[], some?: string[], none?: string[]][] = [
  [["re"], ["reset_password", "restore"]],
  [["export", "--"], undefined, ["--export-path", "--data-dir", "--help"], ["--repair", "--port"]],
  [
    ["export", "1", "JSON"],
    ["JSON", "JSON_MIN"],
  ],
  [["start", "--sampling", "u"], ["uniform"]],
  [
    ["--log-level", ""],
    ["DEBUG", "INFO", "WARNING", "ERROR"],
  ],
  [["db", ""], ["copy"]],
  [
    ["users", "re"],
    ["remove", "restore"],
  ],
  [["users", "list", "--show", "n"], ["never"]],
  [["db", "copy", "--d"], undefined, ["--data-dir", "--dry-run"], ["--debug"]],
  [["secret-key", "ro"], ["rotate"]],
  [["secret-key", "rotate", "--l"], ["--leaked"]],
  [["--data-dir", "/nowhere/", "che"], ["check"]],
  [["--us"], undefined, ["--username", "--user-token"], ["--url"]],
  [
    ["completion", ""],
    ["bash", "zsh", "fish"],
  ],
  [["check", "--username", "a"], []],
];

/** Makes each shell print what it would complete, a word on a line and %% after each of these lines. */
const programs: Record<string, { args: string[]; program: (script: string) => string }> = {
  bash: {
    args: ["--norc", "-c"],
    program: (script) =>
      `source ${script}\n${lines
        .map(([typed]) => {
          const words = typed.map((word) => `'${word}'`).join(" ");
          return `COMP_WORDS=(label-studio ${words}); COMP_CWORD=${typed.length}; _label_studio; printf '%s\\n' "\${COMPREPLY[@]}" %%`;
        })
        .join("\n")}`,
  },
  zsh: {
    args: ["-f", "-c"],
    program: (script) =>
      [
        "compdef() { }; _files() { }",
        'compadd() { shift; local each; for each in "$@"; do [[ $each == ${words[CURRENT]}* ]] && print -r -- $each; done }',
        `source ${script}`,
        ...lines.map(
          ([typed]) =>
            `words=(label-studio ${typed.map((word) => `'${word}'`).join(" ")}); CURRENT=${typed.length + 1}; _label_studio; print -r -- %%`,
        ),
      ].join("\n"),
  },
  fish: {
    args: ["--no-config", "-c"],
    program: (script) =>
      `source ${script}\n${lines.map(([typed]) => `complete -C 'label-studio ${typed.join(" ")}'; echo %%`).join("\n")}`,
  },
};

for (const [shell, { args, program }] of Object.entries(programs)) {
  const isThere = !spawnSync(shell, ["--version"]).error;

  test(
    `completion ${shell}: commands, options and choices are completed`,
    { skip: !isThere && "not installed" },
    async (t) => {
      const { run } = openShellInProcess(t);
      const folder = temporaryFolder(t);
      const { code, stdout, stderr } = await run(["completion", shell]);
      assert.deepEqual([code, stderr], [0, ""]);
      writeFileSync(path.join(folder, "script"), stdout);

      const output = execFileSync(shell, [...args, program(path.join(folder, "script"))], {
        cwd: folder,
        encoding: "utf8",
        env: { ...process.env, HOME: folder },
        timeout: 20_000,
      });

      const answers = output.split(/^%%$/m).slice(0, -1);
      assert.equal(answers.length, lines.length);
      for (const [at, [typed, all, some = [], none = []]] of lines.entries()) {
        // Fish adds a description behind a tab, and completes files where nothing else fits.
        const words = (answers[at] ?? "")
          .split("\n")
          .map((line) => line.split("\t")[0] ?? "")
          .filter((word) => word && word !== "script");
        const what = `${typed.join(" ")}: ${words.join(" ")}`;
        if (all) assert.deepEqual(words.sort(), [...all].sort(), what);
        for (const word of some) assert.ok(words.includes(word), what);
        for (const word of none) assert.ok(!words.includes(word), what);
      }
    },
  );
}

test("completion: another shell is refused with those that there are", async (t) => {
  const { code, stderr } = await openShellInProcess(t).run(["completion", "tcsh"]);

  assert.equal(code, 2);
  assert.match(stderr, /Allowed choices are bash, zsh, fish/);
});
