import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";

import { password } from "../support/app.ts";
import { openShell, openShellInProcess } from "../support/command.ts";
import { sentimentSetup } from "../support/projects.ts";

const ada = "ada@example.com";
const credentials = ["--username", ada, "--password", password];

test("init: makes a project with its labeling setup, description and order, and says how to go on", async (t) => {
  const { home, run, openRepositories } = openShell(t);
  writeFileSync(path.join(home, "setup.xml"), `\uFEFF${sentimentSetup.replaceAll("\n", "\r\n")}`);
  const project = ["--label-config", "setup.xml", "--initial-project-description", "Of films", "--sampling", "uniform"];

  const outcome = await run(["init", "reviews", ...project, ...credentials]);

  assert.deepEqual(outcome, {
    code: 0,
    stdout:
      'Initializing database..\nProject with title "reviews" successfully created\n\n' +
      "Label Studio has been successfully initialized.\nStart the server: label-studio start reviews\n",
    stderr: "",
  });
  const { users, projects } = await openRepositories();
  const made = await projects.findByTitle("reviews");
  assert.equal(made?.label_config, sentimentSetup);
  assert.equal(made?.description, "Of films");
  assert.equal(made?.sampling, "Uniform sampling");
  assert.equal(made?.organization_id, 1);
  assert.equal(made?.created_by_id, (await users.findByEmail(ada))?.id);
});

test("init: a project of its title alone has an empty setup and is labeled in order", async (t) => {
  const { run, openRepositories } = openShellInProcess(t);

  await run(["init", "reviews", ...credentials]);

  const made = await (await openRepositories()).projects.findByTitle("reviews");
  assert.equal(made?.label_config, "<View></View>");
  assert.equal(made?.description, "");
  assert.equal(made?.sampling, "Sequential sampling");
});

test("init: --sampling knows Label Studio's words and no others", async (t) => {
  const { run, openRepositories } = openShellInProcess(t);

  await run(["init", "reviews", "--sampling", "prediction-score-min", ...credentials]);
  const { code, stdout, stderr } = await run(["init", "films", "--sampling", "odd", ...credentials]);

  const { projects } = await openRepositories();
  assert.equal((await projects.findByTitle("reviews"))?.sampling, "Uncertainty sampling");
  assert.deepEqual([code, stdout], [2, ""]);
  assert.match(stderr, /^label-studio: error: .*--sampling.*sequential, uniform, prediction-score-min/);
  assert.equal(await projects.findByTitle("films"), undefined);
});

test("init: options may stand before the command, and a title is read as a folder's name", async (t) => {
  const { run, openRepositories } = openShellInProcess(t);

  const { stdout } = await run([...credentials, "--sampling=uniform", "init", "./Film reviews/"]);

  assert.match(stdout, /^Project with title "Film reviews" successfully created$/m);
  assert.match(stdout, /^Start the server: label-studio start "Film reviews"$/m);
  const made = await (await openRepositories()).projects.findByTitle("Film reviews");
  assert.equal(made?.sampling, "Uniform sampling");
});

test("init: the default user makes the project when nobody is named", async (t) => {
  const { run, openRepositories } = openShellInProcess(t);
  const { users, projects } = await openRepositories();
  await users.create({ email: ada, password });
  const user = await users.create({ email: "default_user@localhost", password });

  const { code } = await run(["init", "reviews", "-q"]);

  assert.equal(code, 0);
  assert.equal((await projects.findByTitle("reviews"))?.created_by_id, user.id);
});

const bad: [what: string, setup: string | Buffer, reason: string][] = [
  [
    "a name that is not there",
    '<View>\n  <Text name="text" value="$text"/>\n  <Choices name="label" toName="nope"><Choice value="a"/></Choices>\n</View>\n',
    "Line 3, <Choices>: No tag is named “nope”. Names here: label, text.",
  ],
  ["what is no XML", "<View>\n<Text", "Line 2: <Text is incomplete. Close its quotes and add >."],
  ["an empty file", "", "Write the labeling setup"],
  ["bytes that are no text", Buffer.from([0x3c, 0xff, 0x3e]), "it is not written in UTF-8."],
];

test("init: a labeling setup with a mistake is refused with line and tag, and nothing is made", async (t) => {
  const { home, run, openRepositories } = openShellInProcess(t);
  const { organizations, projects } = await openRepositories();
  const file = path.join(home, "setup.xml");

  for (const [what, setup, reason] of bad) {
    writeFileSync(file, setup);
    const { code, stdout, stderr } = await run(["init", "reviews", "-l", file, ...credentials]);

    assert.deepEqual([code, stdout], [1, ""], what);
    assert.ok(stderr.startsWith(`--label-config ${file} can't be used: ${reason}`), stderr);
  }
  assert.equal(await organizations.first(), undefined);
  assert.equal(await projects.count({}), 0);
});

const refusals: [args: string[], message: string][] = [
  [["reviews", "-l", "nowhere.xml", ...credentials], "--label-config nowhere.xml can't be used: there is no file that"],
  [["ab", ...credentials], "The project's title can't be used: Use at least 3 characters.\n"],
  [["r".repeat(51), ...credentials], "The project's title can't be used: Use at most 50 characters.\n"],
  [
    ["-l", "nowhere.xml", ...credentials],
    "--label-config is for a project: give its title, too, such as `label-studio ",
  ],
  [["reviews", "--quiet"], 'Somebody has to own the project "reviews": give --username and --password.\n'],
];

test("init: a project that can't be made is refused with the reason, and nobody is made either", async (t) => {
  const { run, openRepositories } = openShellInProcess(t);
  const { organizations } = await openRepositories();

  for (const [args, message] of refusals) {
    const { code, stderr } = await run(["init", ...args]);

    assert.equal(code, 1, args.join(" "));
    assert.ok(stderr.startsWith(message), stderr);
  }
  assert.equal(await organizations.first(), undefined);
});
