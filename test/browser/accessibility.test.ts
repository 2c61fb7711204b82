import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";
import type { TestContext } from "node:test";

import type { Result, RunOptions } from "axe-core";
import type { Page } from "playwright-core";

import { daysFromNow } from "../../src/common/timestamps.ts";
import { randomToken } from "../../src/security/crypto.ts";
import { password, startApp } from "../support/app.ts";
import { openContext } from "../support/chromium.ts";
import { logIn, openShell } from "../support/command.ts";
import { addCookie } from "../support/cookies.ts";
import { signUp } from "../support/forms.ts";
import { png } from "../support/images.ts";
import { addImport } from "../support/importing.ts";
import { addInvitation } from "../support/invitations.ts";
import { addAnswer, addProject, addTasks, templateSetup } from "../support/projects.ts";
import { addUpload, wav } from "../support/recordings.ts";
import { codeOf } from "../support/two-factor.ts";
import { logIn as logInOn } from "../support/walk.ts";

/** A function on each document, as V8 compiles the same script once for all of them, and runs it only where it is called. */
const axe = `window.loadAxe = () => { ${readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8")} };`;

/** An expression of a function: what an element is like without its contents and its texts. */
const ownShape = `(element) => element.tagName + [...element.attributes].map(({ name, value }) =>
    name === "class" || name === "role" || name === "type" ? name + "=" + value : name).sort()`;

/** An expression of the elements with a text of their own. */
const texts = `[...document.querySelectorAll("body *")].filter((element) =>
  [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim()))`;

/** An expression of a number for each of some elements, which is the same for two that the same rules of style apply to. */
const shapesOf = (elements: string) => `((elements) => {
  const own = ${ownShape};
  const numbers = new Map([[null, 0]]);
  const numberOf = (element) => {
    if (!numbers.has(element)) {
      let number = numberOf(element.parentElement);
      for (const character of own(element) + element.matches(":checked")) number = (Math.imul(number, 31) + character.charCodeAt(0)) | 0;
      numbers.set(element, number);
    }
    return numbers.get(element);
  };
  return elements.map(numberOf);
})(${elements})`;

/**
 * Makes every row, entry and section invisible, in its place, that repeats others: what the rules say of two, of an even and an
 * odd one, they say of all of them.
 */
const hideRepeated = `(() => {
  const seen = new Map();
  const shapes = new Map();
  const own = ${ownShape};
  const shape = (element) => {
    if (!shapes.has(element)) shapes.set(element, shapeOf(element));
    return shapes.get(element);
  };
  const shapeOf = (element) => own(element) + "(" + [...element.childNodes].map((node) =>
    node.nodeType === Node.ELEMENT_NODE ? shape(node) : node.nodeType === Node.TEXT_NODE && node.data.trim() ? "text" : "").join() + ")";
  const visit = (element, place) => {
    const key = place + shape(element);
    const count = (seen.get(key) ?? 0) + 1;
    seen.set(key, count);
    if (count > 2 && element.matches("tr, li, section, article, details, dl > *, pre")) element.style.visibility = "hidden";
    else for (const child of element.children) visit(child, place + own(element) + ">");
  };
  visit(document.body, "");
})()`;

const ada = "ada@example.com";

interface State {
  /** What is looked at. */
  name: string;
  /** Opens it, and does what has to be done there. */
  open: (page: Page) => Promise<unknown>;
}

/** Pages by their address. */
function pages(addresses: Record<string, string>): State[] {
  return Object.entries(addresses).map(([name, address]) => ({ name, open: (page) => page.goto(address) }));
}

/** Tags that the projects above don't have. */
const manyTags = `<View><Style>.a {}</Style><Markdown># Rules

- be kind</Markdown>
  <Chat name="chat" value="$chat"/><Pdf name="pdf" value="$pdf"/>
  <TimeSeries name="ts" value="$ts" timeColumn="time"><Channel column="v" legend="Speed"/></TimeSeries>
  <List name="list" value="$items"/><Ranker name="rank" toName="list"><Bucket name="good"/><Bucket name="bad"/></Ranker>
  <Ranker name="order" toName="list"/><Labels name="l" toName="chat"><Label value="x"/></Labels>
  <Repeater on="$items"><Text name="t_{{idx}}" value="$items[{{idx}}].title"/><Rating name="r_{{idx}}" toName="t_{{idx}}"/></Repeater>
  <Collapse><Panel value="More" open="true"><TextArea name="why" toName="chat"><Shortcut alias="None" value="[NONE]"/></TextArea></Panel></Collapse>
  <Choices name="c" toName="chat"><Choice value="A" html="&lt;em&gt;A&lt;/em&gt;"/></Choices></View>`;
const manyData = {
  chat: [{ role: "user", content: "Hi" }, { role: "assistant", content: "Hello" }], // prettier-ignore
  pdf: "/a.pdf",
  ts: { time: [0, 1, 2], v: [1, 3, 2] },
  items: [{ id: "a", title: "First" }, { id: "b", title: "Second", body: "With a body" }], // prettier-ignore
};

/** Spans of a text, what is asked about them, and relations. */
const regionSetup = templateSetup("relations").replace(
  "</View>",
  `<Choices name="sure" toName="text" perRegion="true"><Choice value="Sure"/><Choice value="Unsure"/></Choices></View>`,
);

/** Segments of a recording. */
const segmentSetup = `<View><Labels name="sound" toName="audio"><Label value="Speech"/><Label value="Noise" background="gray"/></Labels>
  <Audio name="audio" value="$text"/></View>`;

/** Segments of a series. */
const seriesSetup = `<View><TimeSeriesLabels name="label" toName="ts"><Label value="Run"/><Label value="Walk"/></TimeSeriesLabels>
  <TimeSeries name="ts" value="$ts" timeColumn="time"><Channel column="v" legend="Speed"/></TimeSeries></View>`;
const seriesData = { ts: { time: [0, 1, 2, 3], v: [1, 3, 2, 4] } };
const predictedSeries = [[0, 2], [3, 3]].map(([start, end]) => ({ id: `${start}`, from_name: "label", to_name: "ts", type: "timeserieslabels", value: { start, end, instant: start === end, timeserieslabels: ["Run"] } })); // prettier-ignore

const firstStart = pages({ "first sign-up": "/user/signup/" });

const firstHome = pages({ "home of an empty server": "/" });

const forVisitors: State[] = [
  ...pages({ "sign-up": "/user/signup/", "log-in": "/user/login/?next=/people/" }),
  ...pages({ version: "/version", "api docs": "/docs/api/", "not found, for a visitor": "/version/nothing" }),
  { name: "dead invitation", open: (page) => page.goto("/user/signup/?token=dead") },
  {
    name: "sign-up with errors",
    async open(page) {
      await page.goto("/user/signup/");
      await page.getByLabel("Email", { exact: true }).fill(ada);
      await page.getByLabel("Password", { exact: true }).fill("short");
      await page.getByRole("button", { name: /^(Sign up|Join)$/ }).click();
      await page.getByText("this has 5").waitFor();
    },
  },
  {
    name: "log-in with an error",
    async open(page) {
      await page.goto("/user/login/");
      await page.getByLabel("Email", { exact: true }).fill(ada);
      await page.getByLabel("Password", { exact: true }).fill("not her password");
      await page.getByRole("button", { name: "Log in" }).click();
      await page.getByText("don’t match").waitFor();
    },
  },
  { name: "a forgotten password", open: (page) => page.goto("/user/forgot-password/") },
  { name: "a dead link to set a password", open: (page) => page.goto("/user/set-password/?token=dead") },
];

/** A link to set a password, by its address. */
const withPasswordLink = (address: string): State[] => [
  ...pages({ "a link to set a password": address }),
  {
    name: "a link to set a password, with an error",
    async open(page) {
      await page.goto(address);
      await page.getByLabel("New password").fill("short");
      await page.getByRole("button", { name: "Set password" }).click();
      await page.locator("#new_password-error").waitFor();
    },
  },
];

/** Where mail can be sent. */
const whereMailIsSent: State[] = [
  { name: "a forgotten password, by mail", open: (page) => page.goto("/user/forgot-password/") },
  {
    name: "a forgotten password, after it was asked for",
    async open(page) {
      await page.goto("/user/forgot-password/");
      await page.getByLabel("Email").fill("nobody@example.com");
      await page.getByRole("button", { name: "Send link" }).click();
      await page.getByRole("heading", { name: "Check your mail" }).waitFor();
      await page.locator("summary").getByText("Nothing arrives?").click();
    },
  },
];

/** For the owner: what is shown once, and a question that came back. */
const shownOnce: State[] = [
  {
    name: "a key that was just made, with a question",
    async open(page) {
      await page.goto("/user/account/keys");
      await page.getByLabel("Name").fill("nightly export ".repeat(6));
      await page.getByRole("button", { name: "Create" }).click();
      await page.getByText("Shown only now").waitFor();
      await page.locator("summary").getByText("Try it with curl or Python").click();
      await page.getByRole("button", { name: "Revoke…" }).first().click();
    },
  },
  {
    name: "a reset link that is shown once",
    async open(page) {
      await page.goto("/people/2");
      await page.getByRole("button", { name: "Reset password link…" }).click();
      await page.getByRole("button", { name: "Make link" }).click();
      await page.getByLabel("Link", { exact: true }).waitFor();
    },
  },
  {
    name: "the question before an account is deleted, with an error",
    async open(page) {
      await page.goto("/people/2/data");
      await page.getByRole("button", { name: "Delete account…" }).click();
      await page.getByLabel("Your password", { exact: true }).fill("not the password");
      await page.getByRole("button", { name: "Delete account", exact: true }).click();
      await page.locator("#current_password-error").waitFor();
    },
  },
];

/** Somebody sets up two-factor and logs in with it. */
const withTwoFactor = (email: string): State[] => [
  {
    name: "setting up two-factor, with errors",
    async open(page) {
      await page.goto("/user/account/two-factor");
      await page.getByLabel("Code", { exact: true }).fill("000000");
      await page.getByLabel("Your password", { exact: true }).fill(password);
      await page.getByRole("button", { name: "Turn on" }).click();
      await page.locator("#code-error").waitFor();
    },
  },
  {
    name: "recovery codes that are shown",
    async open(page) {
      await page.goto("/user/account/two-factor");
      const secret = (await page.locator(".setup-step code").innerText()).replaceAll(/\s/g, "");
      await page.getByLabel("Code", { exact: true }).fill(await codeOf(secret));
      await page.getByLabel("Your password", { exact: true }).fill(password);
      await page.getByRole("button", { name: "Turn on" }).click();
      await page.getByText("Shown only now").waitFor();
    },
  },
  {
    name: "two-factor that is on, with a question",
    async open(page) {
      await page.goto("/user/account/two-factor");
      await page.getByRole("button", { name: "New codes…" }).click();
    },
  },
  { name: "a take-out that is ready", open: (page) => takeOut(page) },
  {
    name: "the code at log-in",
    async open(page) {
      await page.context().clearCookies();
      await page.goto("/user/login/");
      await page.getByLabel("Email", { exact: true }).fill(email);
      await page.getByLabel("Password", { exact: true }).fill(password);
      await page.getByRole("button", { name: "Log in" }).click();
      await page.getByRole("heading", { name: "Enter your code" }).waitFor();
    },
  },
  {
    name: "the code at log-in, with an error",
    async open(page) {
      await page.goto("/user/login/code");
      await page.getByLabel("Code", { exact: true }).fill("000000");
      await page.getByRole("button", { name: "Log in" }).click();
      await page.locator("#code-error").waitFor();
    },
  },
  { name: "the recovery code at log-in", open: (page) => page.goto("/user/login/code?with=recovery") },
];

async function takeOut(page: Page): Promise<void> {
  await page.goto("/user/account/data");
  await page.getByRole("button", { name: "Make the zip" }).click();
  await page.getByText("Ready since").waitFor();
}

/** Marks two spans, the second one overlapping the first, and relates them. */
async function markSpans(page: Page): Promise<void> {
  await page.goto("/projects/6/label");
  await page.locator(".palette").getByText("Person").click();
  await page.getByRole("button", { name: "Marie" }).click();
  await page.getByText("choose the last word").waitFor();
  await page.getByRole("button", { name: "Curie" }).click();
  await page.locator(".region-words").getByText("Marie Curie").waitFor();
  await page.getByLabel("Find the text of the span").fill("Curie was");
  await page.getByRole("button", { name: "Find", exact: true }).click();
  await page.locator(".region-words").getByText("Curie was").waitFor();
  await page.getByLabel("Relate to").selectOption({ index: 1 });
  await page.getByRole("button", { name: "Relate", exact: true }).click();
  await page.getByLabel("Direction").waitFor();
}

const forMembers: State[] = [
  { name: "overlapping spans, with what can be changed of one", open: markSpans },
  {
    name: "overlapping spans, with errors",
    async open(page) {
      await markSpans(page);
      await page.getByLabel("To", { exact: true }).fill("x");
      await page.getByRole("button", { name: "Move", exact: true }).click();
      await page.getByText("Enter a whole number up to").waitFor();
    },
  },
  ...pages({
    home: "/",
    projects: "/projects/",
    "projects without results": "/projects/?q=nothing",
    "a new project": "/projects/new",
    "a project": "/projects/1",
    "a project without tasks": "/projects/2",
    "a project's tasks that nobody labeled": "/projects/1?state=to-label&q=a",
    "a filter to save": "/projects/1/filters/new?state=labeled",
    "a project's people": "/projects/1/people",
    "an import": "/projects/1/import",
    "a task": "/projects/1/tasks/1",
    "a task to label": "/projects/1/label",
    "nothing to label": "/projects/2/label",
    "a comparison to label": "/projects/3/label",
    "a rating to label": "/projects/4/label",
    "data of all kinds, and questions about them": "/projects/5/label",
    "a text whose spans are marked": "/projects/6/label",
    "a recording whose segments are marked": "/projects/7/label",
    "data of all kinds": "/projects/5/tasks/13",
    "settings of a setup with more than pages show": "/projects/5/settings",
    "a project's settings": "/projects/1/settings",
    "an import under way": "/projects/1/imports/1",
    "an export": "/projects/1/export",
    "an export of nothing": "/projects/2/export",
    "not found": "/nothing",
    People: "/people/",
    "People sorted": "/people/?sort=-last_activity",
    "People without results": "/people/?q=nobody",
    "a person with a long address, and without contributions": "/people/2",
    "oneself as a person, with contributions": "/people/1",
    "a person with a question that is open": "/people/2?ask=make-owner",
    "emails of people": "/people/emails",
    "somebody's data": "/people/2/data",
    "invitation while sign-up is open": "/people/invite",
    "personal info": "/user/account/personal-info",
    "own email": "/user/account/email",
    "another's email": "/people/2/email",
    "email preferences": "/user/account/email-preferences",
    "membership info": "/user/account/membership-info",
    "one's data": "/user/account/data",
    keys: "/user/account/keys",
    password: "/user/account/password",
    "setting up two-factor": "/user/account/two-factor",
    sessions: "/user/account/sessions",
    activity: "/user/account/activity",
    "the activity log": "/organization/activity",
    "sign-up and access": "/organization/access",
    "the organization": "/organization/general",
  }),
  {
    name: "a new project with errors",
    async open(page) {
      await page.goto("/projects/new");
      await page.getByLabel("Title").fill("ab");
      await page.getByLabel("My own setup").check();
      await page.getByLabel("Labeling setup as XML").fill("<View");
      await page.getByRole("button", { name: "Create project" }).click();
      await page.locator("#label_config-error").waitFor();
    },
  },
  {
    name: "a project's settings with an error",
    async open(page) {
      await page.goto("/projects/1/settings");
      await page.getByRole("button", { name: "Delete project…" }).click();
      await page.getByLabel("Type its title").fill("Another");
      await page.getByRole("button", { name: "Delete project", exact: true }).click();
      await page.getByText("This is not the title.").waitFor();
    },
  },
  {
    name: "a task to label, with an error",
    async open(page) {
      await page.goto("/projects/1/label");
      await page.getByRole("button", { name: "Submit" }).click();
      await page.getByText("Choose one", { exact: true }).waitFor();
    },
  },
  {
    name: "a picture with regions, of which one is chosen, and numbers",
    async open(page) {
      await page.goto("/projects/8/label");
      await page.getByRole("button", { name: "Text Box" }).click();
      await page.getByLabel("What does it say?").waitFor();
      await page.locator("summary").getByText("Mark by numbers").click();
    },
  },
  {
    name: "a picture from elsewhere",
    async open(page) {
      await page.goto("/projects/9/label");
      await page.getByRole("button", { name: "Mark by clicks" }).click();
      await page.getByText("Enter its width and height in pixels, such as").waitFor();
    },
  },
  {
    name: "a series with segments, of which one is chosen, with an error",
    async open(page) {
      await page.goto("/projects/10/label");
      await page.getByRole("button", { name: "Run 0 – 2" }).click();
      await page.locator("#from-ts").fill("9");
      await page.getByRole("button", { name: "Mark", exact: true }).click();
      await page.getByText("Enter a time from 0 to 3").waitFor();
    },
  },
  {
    name: "a recording with its wave and a segment, larger",
    async open(page) {
      await page.goto("/projects/11/label");
      await page.locator(".wave-lines .scroll[tabindex]").waitFor();
      await page.getByRole("button", { name: "Larger wave" }).click();
      await page.getByRole("button", { name: "Speech 0:01–0:02" }).click();
      await page.getByText("1 Speech", { exact: true }).waitFor();
    },
  },
  {
    name: "an import with an error, and examples",
    async open(page) {
      await page.goto("/projects/1/import");
      await page.getByRole("button", { name: "Import" }).click();
      await page.locator("#files-error").waitFor();
      await page.locator("summary").getByText("Examples").click();
    },
  },
  {
    name: "a refused import",
    async open(page) {
      await page.goto("/projects/1/import");
      await page.getByLabel(/Drop files here/).setInputFiles(file(`${"long-name-".repeat(10)}.csv`, "foo\n1"));
      await page.getByText("Or paste text").click();
      await page.getByLabel("Text", { exact: true }).fill('[{"foo": 1}, {"text": null}]');
      await page.getByRole("button", { name: "Import" }).click();
      await page.getByText("Nothing was imported").waitFor();
    },
  },
  {
    name: "an import that is done",
    async open(page) {
      await page.goto("/projects/2/import");
      await page.getByLabel(/Drop files here/).setInputFiles(file(`${"long-name-".repeat(10)}.csv`, "text,stars\na,1"));
      await page.getByRole("button", { name: "Import" }).click();
      await page.getByText("1 task imported.").waitFor();
    },
  },
  {
    name: "a task with a question",
    async open(page) {
      await page.goto("/projects/1/tasks/1");
      await page.locator("summary").getByText("All fields and JSON").click();
      await page.getByRole("button", { name: "Delete task…" }).click();
    },
  },
  {
    name: "an annotation's menu, and what it opens",
    async open(page) {
      await page.goto("/projects/1/tasks/1");
      await page.locator(".annotation summary").first().click();
      await page.getByRole("button", { name: "Delete…" }).click();
    },
  },
  {
    name: "a year of activity by month",
    async open(page) {
      await page.goto("/people/1");
      await page.getByRole("img", { name: /^Annotations on each day/ }).waitFor();
      await page.locator("summary").getByText("By month").click();
    },
  },
  {
    name: "second page of People",
    async open(page) {
      await page.goto("/people/");
      await page.getByRole("link", { name: "Next" }).click();
      await page.getByRole("link", { name: "Previous" }).waitFor();
    },
  },
  {
    name: "People with the invitation in place",
    async open(page) {
      await page.goto("/people/");
      await page.getByRole("link", { name: "+ Add People" }).click();
      await page.getByLabel("Invitation link").waitFor();
    },
  },
  {
    name: "the menu",
    async open(page) {
      await page.setViewportSize(narrow);
      await page.goto("/people/");
      await page.getByLabel("Menu", { exact: true }).click();
    },
  },
  {
    name: "the account menu",
    async open(page) {
      await page.goto("/");
      await page.getByLabel(`Your account, ${ada}`).click();
    },
  },
  {
    name: "personal info with a question and a message",
    async open(page) {
      await page.goto("/user/account/");
      await page.getByRole("button", { name: "Save" }).click();
      await page.getByText("Saved", { exact: true }).waitFor();
      await page.getByRole("button", { name: "Remove…" }).click();
    },
  },
  {
    name: "personal info with an error",
    async open(page) {
      await page.goto("/user/account/");
      const file = { name: "a.png", mimeType: "image/png", buffer: Buffer.from("no image") };
      await page.getByLabel("Change picture").setInputFiles(file);
      await page.getByRole("button", { name: "Save" }).click();
      await page.locator("#avatar-error").waitFor();
    },
  },
  {
    name: "password with an error",
    async open(page) {
      await page.goto("/user/account/password");
      await page.getByLabel("Current password").fill("not her password");
      await page.getByLabel("New password").fill("staple the battery");
      await page.getByRole("button", { name: "Change password" }).click();
      await page.getByText("not your current password").waitFor();
    },
  },
  {
    name: "the organization with an error",
    async open(page) {
      await page.goto("/organization/general");
      await page.getByLabel("Name", { exact: true }).fill("   ");
      await page.getByRole("button", { name: "Save" }).first().click();
      await page.getByText("Enter the name.").waitFor();
    },
  },
  {
    name: "sessions with a question",
    async open(page) {
      await page.goto("/user/account/sessions");
      await page.getByRole("button", { name: "Log out…" }).first().click();
    },
  },
  {
    name: "legacy token, shown, with a question",
    async open(page) {
      await page.goto("/user/account/legacy-token");
      await page.getByRole("link", { name: "Show" }).click();
      await page.getByRole("button", { name: "Renew…" }).click();
    },
  },
  {
    name: "personal access token, just made, with a question",
    async open(page) {
      await page.goto("/user/account/personal-access-token");
      await page.getByRole("button", { name: "Create" }).click();
      await page.getByText("Shown only now").waitFor();
      await page.getByRole("button", { name: "Revoke…" }).first().click();
    },
  },
  {
    name: "the question before log-out",
    async open(page) {
      await page.goto("/logout", { referer: "https://elsewhere.example/" });
      await page.getByRole("heading", { name: "Log out?" }).waitFor();
    },
  },
];

function file(name: string, content: string) {
  return { name, mimeType: "text/plain", buffer: Buffer.from(content) };
}

const whenClosed: State[] = [
  ...pages({ "log-in while sign-up is closed": "/user/login/", "sign-up while it is closed": "/user/signup/" }),
];

const whenClosedForMembers: State[] = [
  {
    name: "a link with limits that was just made, with a question",
    async open(page) {
      await page.goto("/people/invite");
      await page.getByLabel("Note").fill("Night shift ".repeat(10));
      await page.getByRole("button", { name: "Make a link" }).click();
      await page.getByText("Shown only now").waitFor();
      await page.getByRole("button", { name: "Revoke…" }).first().click();
    },
  },
  {
    name: "invitation while sign-up is closed, with a question",
    async open(page) {
      await page.goto("/people/invite");
      await page.getByRole("button", { name: "Reset Link…" }).click();
    },
  },
];

const whenSwitchedOff: State[] = pages({
  "legacy token, switched off": "/user/account/legacy-token",
  "keys, switched off": "/user/account/keys",
  "personal access token, switched off": "/user/account/personal-access-token",
});

/** Two regions of a picture, a box and a polygon. */
const predictedText = [
  { id: "a", type: "rectangle", from_name: "box", value: { x: 10, y: 10, width: 40, height: 20, rotation: 30 } },
  { id: "a", type: "labels", from_name: "kind", value: { x: 10, y: 10, width: 40, height: 20, rotation: 30, labels: ["Text"] } }, // prettier-ignore
  { id: "b", type: "polygon", from_name: "outline", value: { points: [[60, 60], [95, 60], [80, 95]], closed: true } }, // prettier-ignore
].map((entry) => ({ ...entry, to_name: "image" }));

test("accessibility: every page, in light and dark, wide and narrow", async (t) => {
  const { serve, openRepositories } = openShell(t);
  const repositories = await openRepositories();
  const { users, organizations, avatars } = repositories;
  const start = ["start", "--no-browser", "--port", "0"];
  const open = await serve(start);

  const look = (page: Page, states: State[]) => lookAt(t, page, states);

  await look(await newPage(open.url), firstStart);

  const person = await users.create({ email: ada, password, legacy_api_tokens_enabled: true });
  await look(await newPage(open.url, await logIn(open.url, ada, password)), firstHome);
  await avatars.replace(person.id, { type: "image/png", image: await png(64, 64) });
  const longEmail = `${"a-very-long-name-".repeat(3)}@${"department.".repeat(4)}example.com`;
  for (const email of [longEmail, ...Array.from({ length: 55 }, (_, index) => `person${index}@example.com`)])
    await users.create({ email, password });
  const bob = await users.create({ email: "bob@example.com", password });
  await users.update(bob.id, { first_name: "Bob".repeat(30), last_name: "O'Brien", phone: "+49 30 1234567" });
  await logIn(open.url, ada, password);
  const project = await addProject({ repositories }, person, { description: "What guests say. ".repeat(20) });
  await addProject({ repositories }, bob, { title: "" });
  await addImport({ repositories }, project);
  const [task] = await addTasks({ repositories }, project, ["The soup was cold. ".repeat(20), ..."abcdefgh"]);
  await addAnswer({ repositories }, task, person, "Negative");
  await addAnswer({ repositories }, task, bob, "Neutral");
  for (const [id, data] of [
    ["pairwise-comparison", { prompt: "Which one?", first: "One. ".repeat(40), second: "Two." }],
    ["rating", { text: "A text", more: "Nobody asks for it" }],
  ] as const) {
    const other = await addProject({ repositories }, bob, { title: id, label_config: templateSetup(id) });
    await repositories.tasks.create(other, { data: JSON.stringify(data), meta: "{}" }, 1);
  }
  const many = await addProject({ repositories }, bob, { title: "Many tags", label_config: manyTags });
  await repositories.tasks.create(many, { data: JSON.stringify(manyData), meta: "{}" }, 1);
  const spans = await addProject({ repositories }, bob, { title: "Spans", label_config: regionSetup });
  await addTasks({ repositories }, spans, ["Marie Curie was born in Warsaw."]);
  const segments = await addProject({ repositories }, bob, { title: "Segments", label_config: segmentSetup });
  await addTasks({ repositories }, segments, ["/a.mp3"]);
  const image = `data:image/png;base64,${(await png(600, 400)).toString("base64")}`;
  const scans = await addProject({ repositories }, bob, {
    title: "Scans",
    label_config: templateSetup("document-text"),
  });
  const scan = await repositories.tasks.create(scans, { data: JSON.stringify({ image }), meta: "{}" }, 1);
  await repositories.predictions.create(scan.id, { result: JSON.stringify(predictedText), model_version: "m1" });
  const elsewhere = await addProject({ repositories }, bob, { title: "Boxes", label_config: templateSetup("boxes") });
  await repositories.tasks.create(
    elsewhere,
    { data: JSON.stringify({ image: "data:image/svg+xml,%3Csvg/%3E" }), meta: "{}" },
    1,
  );

  const series = await addProject({ repositories }, bob, { title: "Series", label_config: seriesSetup });
  const measured = await repositories.tasks.create(series, { data: JSON.stringify(seriesData), meta: "{}" }, 1);
  await repositories.predictions.create(measured.id, { result: JSON.stringify(predictedSeries), model_version: "m1" });

  const talks = await addProject({ repositories }, bob, { title: "Talks", label_config: segmentSetup });
  const recording = { text: await addUpload(repositories, talks, "talk.wav", wav(4)) };
  const talk = await repositories.tasks.create(talks, { data: JSON.stringify(recording), meta: "{}" }, 1);
  const speech = [{ id: "a", from_name: "sound", to_name: "audio", type: "labels", value: { start: 1, end: 2, labels: ["Speech"] } }]; // prettier-ignore
  await repositories.predictions.create(talk.id, { result: JSON.stringify(speech), model_version: "m1" });

  await look(await newPage(open.url), forVisitors);
  await look(await newPage(open.url, await logIn(open.url, ada, password)), forMembers);

  await open.stop();
  const closed = await serve(start, { LABEL_STUDIO_DISABLE_SIGNUP_WITHOUT_LINK: "true" });
  await look(await newPage(closed.url), whenClosed);
  await look(await newPage(closed.url, await logIn(closed.url, ada, password)), whenClosedForMembers);

  const organization = await organizations.first();
  await organizations.update(organization?.id ?? 0, {
    api_tokens_enabled: false,
    legacy_api_tokens_enabled: false,
    api_token_ttl_days: 30,
  });
  await look(await newPage(closed.url, await logIn(closed.url, ada, password)), whenSwitchedOff);
});

test("accessibility: links, forgotten passwords by mail, keys and two-factor, in light and dark, wide and narrow", async (t) => {
  const app = await startApp(t, { smtp_url: "smtp://127.0.0.1:9", host: new URL("http://labels.example.com") });
  const { repositories } = app;
  const longEmail = `${"a-very-long-name-".repeat(3)}@${"department.".repeat(4)}example.com`;
  const [owner, member] = [
    await repositories.users.create({ email: ada, password }),
    await repositories.users.create({ email: longEmail, password }),
  ];
  const url = `http://127.0.0.1:${app.port}`;
  const link = { token: randomToken(), user_id: member.id, created_by_id: owner.id };
  await repositories.recoveryLinks.create(link);
  const invitation = { created_by_id: member.id, note: "Night shift" };
  const revoked = await addInvitation(app, invitation);
  await repositories.invitations.revoke(revoked.id);
  const usedUp = await addInvitation(app, invitation);
  const guest = { email: "guest@example.com", password };
  assert.equal((await signUp(app.visitor(), guest, usedUp.address)).status, 303);
  const states = [
    ...pages({
      "an invitation": (await addInvitation(app, { ...invitation, email: longEmail })).address,
      "an invitation that has expired": (await addInvitation(app, { ...invitation, expires_at: daysFromNow(-1) }))
        .address,
      "an invitation that was revoked": revoked.address,
      "an invitation that is used up": usedUp.address,
    }),
    ...withPasswordLink(`/user/set-password/?token=${link.token}`),
    ...whereMailIsSent,
  ];

  await lookAt(t, await newPage(url), states);
  for (const [email, more] of [
    [ada, shownOnce],
    [longEmail, withTwoFactor(longEmail)],
  ] as const) {
    const page = await newPage(url);
    await page.goto("/user/login/");
    await logInOn(page, email, password);
    await lookAt(t, page, more);
  }
});

async function newPage(url: string, cookie?: string): Promise<Page> {
  const context = await openContext({ baseURL: url, viewport: wide, colorScheme: "dark" });
  await context.addInitScript(axe);
  if (cookie) await addCookie(context, url, cookie);
  return context.newPage();
}

/** Looks at the states, each as a test of its own. */
async function lookAt(t: TestContext, page: Page, states: State[]): Promise<void> {
  const errors = listenForErrors(page);
  for (const { name, open } of states) {
    await t.test(name, async () => {
      errors.length = 0;
      await page.setViewportSize(wide);
      await page.emulateMedia({ colorScheme: "dark" });
      await open(page);
      assert.deepEqual([...(await faults(page)), ...errors], []);
    });
  }
  await page.context().close();
}

const wide = { width: 1280, height: 900 };
const narrow = { width: 390, height: 844 };

const target: RunOptions["rules"] = { "target-size": { enabled: true } };

interface Look {
  name: string;
  /** Makes it of the look before; a state is opened in the first one. */
  change: (page: Page) => Promise<void>;
  width: number;
  /** Without any, only the width is looked at. */
  rules?: RunOptions;
  /** Resolves with an expression of the elements that are looked at, unless it is all of them. */
  elements?: (page: Page) => Promise<string>;
}

/** Returns what resolves with an expression of those of some elements whose shape no page before had. */
function unseen(elements: string): (page: Page) => Promise<string> {
  const seen = new Set<number>();
  return async (page) => {
    const shapes = await page.evaluate<number[]>(shapesOf(elements));
    const places = shapes.flatMap((shape, place) => (seen.has(shape) ? [] : [place]));
    for (const shape of shapes) seen.add(shape);
    return places.length === 0
      ? "[]"
      : `((elements) => ${JSON.stringify(places)}.map((place) => elements[place]))(${elements})`;
  };
}

/**
 * All rules in one look, in the others those whose answer changes with it: colors with the scheme, room with the width. What
 * only a narrow page shows, the menu, is a state of its own, which is narrow in all looks.
 */
const looks: Look[] = [
  {
    name: "wide, dark",
    change: () => Promise.resolve(),
    width: wide.width,
    rules: { runOnly: { type: "tag", values: ["cat.color"] } },
    // The light look has the colors of all.
    elements: unseen(texts),
  },
  {
    name: "wide, light",
    change: (page) => page.emulateMedia({ colorScheme: "light" }),
    width: wide.width,
    rules: { rules: { ...target, "label-content-name-mismatch": { enabled: true } } },
  },
  {
    name: "wide, forced colors",
    change: (page) => page.emulateMedia({ forcedColors: "active" }),
    width: wide.width,
    rules: { runOnly: ["color-contrast"] },
    // The system chooses all other colors.
    elements: unseen(`${texts}.filter((element) => getComputedStyle(element).forcedColorAdjust === "none")`),
  },
  {
    name: "narrow, light",
    async change(page) {
      await page.emulateMedia({ forcedColors: "none" });
      await page.setViewportSize(narrow);
    },
    width: narrow.width,
    rules: { runOnly: ["target-size", "scrollable-region-focusable"], rules: target },
  },
  {
    name: "narrowest",
    change: (page) => page.setViewportSize({ width: 320, height: 568 }),
    width: 320,
  },
];

/** What axe finds on the page as it is now, and whether it is wider than a telephone. */
async function faults(page: Page): Promise<string[]> {
  const found: string[] = [];
  await page.evaluate("loadAxe()");
  await page.evaluate(hideRepeated);
  for (const { name, change, width, rules, elements } of looks) {
    await change(page);
    const { violations, scrollWidth } = await inspect(page, rules, await elements?.(page));
    for (const violation of violations) found.push(`${name}: ${describe(violation)}`);
    if (scrollWidth > width) found.push(`${name}: ${scrollWidth} pixels wide`);
  }
  return found;
}

/** Only what is wrong leaves the browser: all results would take it longer than to find them. */
async function inspect(
  page: Page,
  rules?: RunOptions,
  elements = "document",
): Promise<{ violations: Result[]; scrollWidth: number }> {
  const scrollWidth = "document.documentElement.scrollWidth";
  if (!rules) return { violations: [], scrollWidth: await page.evaluate<number>(scrollWidth) };
  const options: RunOptions = { ...rules, resultTypes: ["violations"], preload: false };
  return page.evaluate(`(async () => {
    const elements = ${elements};
    const { violations } = elements.length === 0 ? { violations: [] } : await axe.run(elements, ${JSON.stringify(options)});
    return { violations, scrollWidth: ${scrollWidth} };
  })()`);
}

function describe({ id, help, nodes }: Result): string {
  const places = nodes.map(
    ({ target, failureSummary }) => `${target.join(" ")} (${failureSummary?.split("\n")[1]?.trim()})`,
  );
  return `${id}: ${help}: ${places.slice(0, 3).join("; ")}`;
}

/** What the console says, but for the status of the page itself. */
function listenForErrors(page: Page): string[] {
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(error.message));
  page.on("console", (message) => {
    const isStatus = /^Failed to load resource: .* status of (403|404|422) /.test(message.text());
    const isFile = /^\/(static|data)\//.test(new URL(message.location().url || "http://localhost/").pathname);
    if (message.type() === "error" && (isFile || !isStatus)) errors.push(`${message.text()} ${message.location().url}`);
  });
  return errors;
}
