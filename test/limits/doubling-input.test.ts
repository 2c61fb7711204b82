import assert from "node:assert/strict";
import { test } from "node:test";

import { jsonDepthError } from "../../src/common/json-depth.ts";
import { limits } from "../../src/common/limits.ts";
import { pythonRepr } from "../../src/common/python-repr.ts";
import { compactJson, rawElements, rawMembers, stringifyJson } from "../../src/common/raw-json.ts";
import { controlLookup } from "../../src/exports/control-lookup.ts";
import { tokenGroups } from "../../src/exports/formats/treebank-tokenizer.ts";
import { writeExport } from "../../src/exports/write-export.ts";
import { validateFiles } from "../../src/imports/validate-files.ts";
import { buildLabelForm } from "../../src/label-config/form/label-form.ts";
import { pageForm } from "../../src/label-config/form/page-parts.ts";
import { parseLabelConfig } from "../../src/label-config/parse-label-config.ts";
import { parseHtml } from "../../src/label-config/regions/parse-html.ts";
import { formToResult } from "../../src/label-config/results/form-to-result.ts";
import { mergeRawResult } from "../../src/label-config/results/raw-result.ts";
import { countResults } from "../../src/label-config/results/result-count.ts";
import { resultLimitError } from "../../src/label-config/results/result-limits.ts";
import { resultToForm } from "../../src/label-config/results/result-to-form.ts";
import {
  countAnswers,
  incompatibleAnswersError,
  removedLabelsError,
} from "../../src/label-config/validation/answers-in-use.ts";
import { labelConfigError } from "../../src/label-config/validation/validate.ts";
import { parseSearch } from "../../src/repositories/accounts/people-search.ts";
import { parseTags } from "../../src/label-config/xml/tree.ts";
import type { ImportFormat } from "../../src/repositories/jobs/imports.ts";
import { task } from "../exports/export.ts";
import { file } from "../imports/read.ts";

/**
 * Work that grows with its input takes twice as long for twice as much, with half as much again for what garbage collection
 * adds; work that grows with the square takes four times as long.
 */
const maxGrowth = 2.5;

/** How often the input is doubled: a single time, what a garbage collection adds could pass for growth. */
const doublings = 2;

/** Milliseconds that others may have to wait for their turn of the event loop. */
const maxTurn = 100;

/** The same for the largest setup, which is read in one turn: a tenth of a second, more than twice as much for slow machines. */
const maxSetupTime = 250;

const attempts = 20;

/**
 * Returns what tells the milliseconds since: of processor time, where other programs on the machine don't count, or of the
 * clock, where the threads that collect garbage don't. The work itself took neither more than the one nor more than the other.
 */
function startClock(): () => number {
  const [started, before] = [performance.now(), process.cpuUsage()];
  return () => {
    const { user, system } = process.cpuUsage(before);
    return Math.min((user + system) / 1000, performance.now() - started);
  };
}

async function timeOf(work: () => unknown): Promise<number> {
  const elapsed = startClock();
  await work();
  return elapsed();
}

/**
 * The fastest of a few runs of each size, which take turns so that a slow moment meets all of them. There are more of them while
 * the work seems to grow too fast, or to take longer than `max` milliseconds.
 */
async function growth(
  work: (size: number) => () => unknown,
  size: number,
  max: number,
): Promise<{ factor: number; largest: number }> {
  const works = [work(size / 2 ** doublings), work(size)] as const;
  const best = [Infinity, Infinity] as [number, number];
  for (let attempt = 0; attempt < attempts; attempt++) {
    for (const at of [0, 1] as const) best[at] = Math.min(best[at], await timeOf(works[at]));
    if (attempt > 0 && factorOf(best) < 2.3 && best[1] < max) break;
  }
  return { factor: factorOf(best), largest: best[1] };
}

/** For one doubling. */
function factorOf([small, large]: [number, number]): number {
  return (large / small) ** (1 / doublings);
}

/** The longest turn of the event loop during this work, in milliseconds. */
async function longestTurn(work: () => Promise<unknown>): Promise<number> {
  let longest = 0;
  let isOver = false;
  let elapsed = startClock();
  const tick = () => {
    longest = Math.max(longest, elapsed());
    elapsed = startClock();
    if (!isOver) setImmediate(tick);
  };
  setImmediate(tick);
  await work();
  isOver = true;
  tick();
  return longest;
}

const many = (count: number, item: (index: number) => string, separator = "") =>
  Array.from({ length: count }, (_, at) => item(at)).join(separator);

const question = '<Choices name="c" toName="t"><Choice value="x"/></Choices>';
const inView = (content: string) => `<View><Text name="t" value="$text"/>${content}</View>`;

async function validate(content: string, format: ImportFormat) {
  const bytes = Buffer.from(content);
  return validateFiles([{ name: `f.${format}`, stored: "1", bytes: bytes.length, format }], {
    ...parseLabelConfig(inView(question)),
    project_id: 1,
    preannotated_from_fields: [],
    findAnnotator: async () => 1,
    open: () => file(bytes, 64 * 1024),
    onError: async () => {},
  });
}

/** Files by their size in characters. */
const files: [what: string, format: ImportFormat, content: (size: number) => string][] = [
  ["short rows", "csv", (size) => `text\n${"a\n".repeat(size / 2)}`],
  ["ragged rows", "csv", (size) => `text\n${"1,2\n".repeat(size / 4)}`],
  ["quotes in quotes", "csv", (size) => `text\n"${'""'.repeat(size / 2)}"\n`],
  ["blank lines", "csv", (size) => `text\n${"\n".repeat(size)}`],
  ["columns", "csv", (size) => `${many(size / 8, (at) => `c${at}`, ",")}\n`.repeat(2)],
  ["too many columns", "csv", (size) => `text${",".repeat(size)}`],
  ["one name for all columns", "csv", (size) => `${"a,".repeat(size / 8)}b\n`],
  ["short rows", "tsv", (size) => `text\n${"a\n".repeat(size / 2)}`],
  ["short lines", "txt", (size) => "a\n".repeat(size / 2)],
  ["one line", "txt", (size) => "a".repeat(size)],
  ["blank lines", "txt", (size) => "\n".repeat(size)],
  ["short tasks", "jsonl", (size) => '{"text":""}\n'.repeat(size / 12)],
  ["short tasks", "json", (size) => `[${many(size / 12, () => '{"text":""}', ",")}]`],
  ["one task", "json", (size) => `[{"text":[${many(size / 2, () => "1", ",")}]}]`],
  ["too many fields", "json", (size) => `[{${many(size / 12, (at) => `"f${at}":1`, ",")}}]`],
  ["brackets alone", "json", (size) => "[".repeat(size)],
  ["quotes alone", "json", (size) => `["${'\\"'.repeat(size / 2)}`],
  ["bad tasks", "json", (size) => `[${many(size / 100, () => "{}", ",")}]`],
  [
    "results",
    "json",
    (size) =>
      `[{"data":{"text":""},"annotations":[{"result":[${many(size / 40, (at) => `{"id":"${at}","from_name":"c"}`, ",")}]}]}]`,
  ],
];

/** Label configs by their size in characters. */
const setups: [what: string, content: (size: number) => string][] = [
  [
    "choices",
    (size) =>
      inView(
        `<Choices name="c" toName="t">${many(size / 50, (at) => `<Choice value="${"x".repeat(24)}${at}"/>`)}</Choices>`,
      ),
  ],
  ["tags without names", (size) => inView("<a/>".repeat(size / 50))],
  [
    "questions",
    (size) => inView(many(size / 500, (at) => `<TextArea name="c${at}" toName="t" placeholder="${"x".repeat(400)}"/>`)),
  ],
  ["unknown entities", (size) => inView(`<a b="${"&a;".repeat(size / 3)}"/>`)],
  ["entities", (size) => inView(`<a b="${"&lt;".repeat(size / 4)}"/>`)],
  ["one attribute again and again", (size) => inView(`<a ${'b="" '.repeat(size / 5)}/>`)],
  ["attributes", (size) => inView(many(size / 700, () => `<a ${many(99, (at) => `b${at}=""`, " ")}/>`))],
  [
    "prefixes",
    (size) => `<View ${many(90, (at) => `xmlns:a${at}="x"`, " ")}>${'<a xmlns:b="x"/>'.repeat(size / 50)}</View>`,
  ],
  ["depth", (size) => `${"<a>".repeat(250)}${"<b><c/></b>".repeat(size / 100)}${"</a>".repeat(250)}`],
  ["references to nothing", (size) => inView(`<a toName="${"x,".repeat(size / 2)}"/>`)],
  ["names in text", (size) => inView('name="'.repeat(size / 6))],
  ["lines", (size) => inView("\n".repeat(size - 100))],
  ["comments", (size) => inView("<!---->".repeat(size / 8))],
  ["missing names", (size) => inView("<Choices/>".repeat(size / 50))],
];

const setupSize = limits.labelConfigLength * 0.99;
const fileSize = 20_000;

for (const [what, format, content] of files)
  test(`doubling: ${format.toUpperCase()} of ${what} takes twice as long, and others get their turns (X2)`, async () => {
    const work = (size: number) => {
      const text = content(size);
      return async () => validate(text, format);
    };
    const { factor, largest: time } = await growth(work, fileSize, Infinity);
    assert.ok(factor < maxGrowth || time < 20, `${factor.toFixed(2)} times, ${time} ms`);
    const text = content(fileSize);
    // Any of them may meet a collection of garbage.
    let turn = Infinity;
    for (let attempt = 0; attempt < 5 && turn >= maxTurn; attempt++)
      turn = Math.min(turn, await longestTurn(async () => validate(text, format)));
    assert.ok(turn < maxTurn, `${turn} ms`);
  });

for (const [what, content] of setups)
  test(`doubling: a setup of ${what} takes twice as long, and not long (X2)`, async () => {
    const work = (size: number) => {
      const text = content(size);
      assert.ok(text.length <= limits.labelConfigLength);
      return () => void labelConfigError(text);
    };
    const { factor, largest: time } = await growth(work, setupSize, maxSetupTime);
    assert.ok(factor < maxGrowth || time < 20, `${factor.toFixed(2)} times, ${time} ms`);
    assert.ok(time < maxSetupTime, `${time} ms`);
    const text = content(setupSize);
    const { root } = parseTags(text);
    if (!root) return;
    const form = await growth(() => () => buildLabelForm(root, { text: "a" }), 2, maxTurn);
    assert.ok(form.largest < maxTurn, `${form.largest} ms`);
    const built = buildLabelForm(root, { text: "a" });
    const page = await growth(
      () => () => pageForm(built, { fields: {}, errors: {}, clean: (html) => html }),
      2,
      maxTurn,
    );
    assert.ok(page.largest < maxTurn, `a page: ${page.largest} ms`);
  });

const entry = (at: number) => ({
  id: `r${at}`,
  from_name: `c${at % 5000}`,
  to_name: "t",
  type: "choices",
  value: { choices: [`x${at}`] },
});
const entries = (count: number) => Array.from({ length: count }, (_, at) => entry(at));
const questions = (count: number) =>
  inView(
    many(
      count,
      (at) => `<Choices name="c${at}" toName="t" visibleWhen="choice-unselected"><Choice value="x"/></Choices>`,
    ),
  );

/** What is done with results, by the number of entries. */
const works: [what: string, work: (size: number) => () => unknown][] = [
  [
    "results are checked",
    (size) => {
      const result = entries(size);
      return () => resultLimitError(result);
    },
  ],
  [
    "regions are counted",
    (size) => {
      const text = JSON.stringify(entries(size));
      return () => countResults(text);
    },
  ],
  [
    "HTML is parsed",
    (size) => {
      const html = "<p>a <b>b</b></p>".repeat(size / 20);
      let times = 0;
      // The same would be known.
      return () => parseHtml(`${html}${times++}`, { is_inline: false });
    },
  ],
  [
    "JSON is split",
    (size) => {
      const text = JSON.stringify(entries(size));
      return () => [rawElements(text), rawMembers(`{"a":${text}}`)];
    },
  ],
  [
    "JSON is compacted",
    (size) => {
      const text = JSON.stringify(entries(size), null, 1);
      return () => compactJson(text);
    },
  ],
  [
    "JSON is written",
    (size) => {
      const result = entries(size);
      return () => stringifyJson(result);
    },
  ],
  [
    "Python's words are written",
    (size) => {
      const result = entries(size);
      return () => pythonRepr(result);
    },
  ],
  [
    "depth is measured",
    (size) => {
      const text = JSON.stringify(entries(size));
      return () => jsonDepthError(text, 100);
    },
  ],
  [
    "a search is split",
    (size) => {
      const text = "ab ".repeat(size);
      return () => parseSearch(text);
    },
  ],
  [
    "answers are counted and compared with a setup",
    (size) => {
      const text = JSON.stringify(entries(size));
      const { parsed_label_config } = parseLabelConfig(questions(1000));
      return async () => {
        const usage = await countAnswers(
          (async function* () {
            yield text;
          })(),
        );
        await incompatibleAnswersError(parsed_label_config, usage);
        await removedLabelsError(parsed_label_config, usage);
      };
    },
  ],
  [
    "names are looked up among Repeaters",
    (size) => {
      const repeated = Object.fromEntries(
        Array.from({ length: 100 }, (_, at) => [`a{{i}}a${at}`, { type: "Choices", regex: { "{{i}}": "" } }]),
      );
      const typeOf = controlLookup(repeated);
      return () => {
        for (let at = 0; at < size / 10; at++) typeOf(`${"a".repeat(50)}${at}`, "");
      };
    },
  ],
  [
    "a form is filled in and merged",
    (size) => {
      const form = buildLabelForm(parseLabelConfig(questions(1000)).root);
      const result = entries(size);
      const text = JSON.stringify(result);
      return () => [resultToForm(form, result), mergeRawResult(form, text, [])];
    },
  ],
  ...Object.entries({
    words: "word ",
    dots: "a. ",
    "dots and brackets": "a.)) ",
    quotes: `"'' `,
    blanks: "          ",
    "letters without an end": "abcdefghij",
  }).map(([what, part]): [string, (size: number) => () => unknown] => [
    `a text of ${what} is cut into words`,
    (size) => {
      const text = part.repeat(size);
      return () => [...tokenGroups(text)];
    },
  ]),
  [
    "keypoints are put to their rectangles",
    (size) => {
      const { parsed_label_config } = parseLabelConfig(
        `<View><Image name="i" value="$i"/><RectangleLabels name="box" toName="i"><Label value="Car"/></RectangleLabels><KeyPointLabels name="point" toName="i"><Label value="nose" model_index="0"/></KeyPointLabels></View>`,
      );
      const place = { x: 1, y: 2, width: 3, height: 4 };
      const result = Array.from({ length: size / 20 }, (_, at) => [
        { id: `r${at}`, from_name: "box", value: { ...place, rectanglelabels: ["Car"] } },
        { id: `p${at}`, parentID: `r${at}`, from_name: "point", value: { ...place, keypointlabels: ["nose"] } },
      ]).flat();
      async function* open() {
        yield [task(1, { i: "s3://b/a.png" }, { result })];
      }
      return async () => {
        for await (const chunk of writeExport("YOLO", open, parsed_label_config)) assert.ok(chunk.length > 0);
      };
    },
  ],
];

for (const [what, work] of works)
  test(`doubling: ${what} in twice the time for twice as much (X2)`, async () => {
    const { factor, largest: time } = await growth(work, 20_000, maxTurn);
    assert.ok(factor < maxGrowth || time < 20, `${factor.toFixed(2)} times, ${time} ms`);
  });

test("doubling: questions that depend on each other are each found out once (X2)", async () => {
  // Every order of them would be tried otherwise.
  const count = 500;
  const form = buildLabelForm(parseLabelConfig(questions(count)).root);
  const fields = Object.fromEntries(form.controls.map(({ control }) => [control.name, "x"]));
  const time = await timeOf(() => formToResult(form, fields));
  assert.ok(time < 2000, `${time} ms`);
});
