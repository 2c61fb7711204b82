import assert from "node:assert/strict";
import { test } from "node:test";

import { timeReader } from "../../../src/label-config/form/series-time.ts";
import { SeriesAxis } from "../../../src/label-config/regions/series-axis.ts";

function axisOf(values: unknown[], format = "", isReadable = true) {
  const read = isReadable ? timeReader(format) : undefined;
  return new SeriesAxis({ name: "time", values, read, has_format: format !== "" }, values.length);
}

const axes: [string, SeriesAxis, [text: string, row: number | undefined, value: unknown][]][] = [
  ["numbers", axisOf([0, "2.50", 5]), [["1.25", 0, 0], ["1.26", 1, 2.5], ["5", 2, 5], ["5.1", undefined, ""], ["", undefined, ""]]], // prettier-ignore
  ["times that descend", axisOf([9, 6, 3]), [["8", 0, 9], ["3.1", 2, 3], ["10", undefined, ""]]], // prettier-ignore
  ["rows without a time", axisOf(["", 1, null, 4, ""]), [["2", 1, 1], ["3", 3, 4], ["4.1", undefined, ""]]], // prettier-ignore
  ["dates", axisOf(["2026-01-01", "2026-01-03"]), [["2026-01-02T12:00:00", 1, "2026-01-03"]]],
  ["a format", axisOf(["1/2/26", "3/2/26"], "%d/%m/%y"), [["02/02/26", 0, "1/2/26"], ["2026-02-03", undefined, ""]]], // prettier-ignore
  ["seconds as numbers, in a format", axisOf([100, 200], "%s"), [["199", 1, "200"]]],
  [
    "texts that can't be read",
    axisOf(["noon", "night"], "", false),
    [
      ["night", 1, "night"],
      ["day", undefined, ""],
    ],
  ],
  ["numbers of rows", new SeriesAxis(undefined, 3), [["1", 0, 0], ["2.4", 1, 1], ["4", undefined, ""]]], // prettier-ignore
  ["no rows", axisOf([]), [["1", undefined, ""]]],
];

for (const [what, axis, expected] of axes)
  test(`axis of a series: ${what} are found by what people write, and said as results do`, () => {
    assert.deepEqual(
      expected.map(([text]) => {
        const row = axis.rowOfText(text);
        return [text, row, row === undefined ? "" : axis.value(row)];
      }),
      expected,
    );
  });

test("axis of a series: a number of a result is in milliseconds where times have a format, as in Label Studio", () => {
  const axis = axisOf(["2026-01-01", "2026-01-02"], "%Y-%m-%d");
  assert.equal(axis.rowOf(Date.UTC(2026, 0, 2)), 1);
  assert.equal(axis.shareOfValue(Date.UTC(2026, 0, 1, 12)), 0.5);
  assert.equal(axis.contains(Date.UTC(2026, 0, 3)), false);
});

test("axis of a series: a place of a million rows is found without reading them all", () => {
  let reads = 0;
  const read = (value: unknown) => {
    reads++;
    return Number(value);
  };
  const values = Array.from({ length: 1_000_000 }, (_, row) => row * 3);
  const axis = new SeriesAxis({ name: "time", values, read, has_format: false }, 0);
  assert.equal(axis.rowAt(0.5), 499_999);
  assert.ok(reads < 100, `${reads} reads`);
});
