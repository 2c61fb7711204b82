import assert from "node:assert/strict";
import { test } from "node:test";

import { buildLabelForm } from "../../../src/label-config/form/label-form.ts";
import type { TimeSeriesPart } from "../../../src/label-config/form/series-lines.ts";
import { timeReader } from "../../../src/label-config/form/series-time.ts";
import { parseLabelConfig } from "../../../src/label-config/parse-label-config.ts";

const whole = { from: 0, to: 1 };

function seriesOf(data: Record<string, unknown>, attributes = 'timeColumn="time"', channels = '<Channel column="v"/>') {
  const tag = `<TimeSeries name="ts" value="$ts" ${attributes}>${channels}</TimeSeries>`;
  const [view] = buildLabelForm(parseLabelConfig(`<View>${tag}</View>`).root, data).parts;
  assert.equal(view?.tag, "View");
  return view.parts[0] as TimeSeriesPart;
}

const drawn: [string, unknown, string?][] = [
  ["lists by name", { time: [0, 5, 10], v: [1, 3, 2] }],
  ["records", [{ time: 0, v: 1 }, { time: 5, v: 3 }, { time: 10, v: 2 }]], // prettier-ignore
  ["JSON as text", '{"time": [0, 5, 10], "v": [1, 3, 2]}'],
  ["CSV", "time,v\n0,1\n5,3\n10,2\n"],
  ["CSV with another separator and capitals", "Time;V\r\n0;1\r\n5;3\r\n10;2", 'timeColumn="time" sep=";"'],
  ["texts that are numbers", { time: ["0", "5", "10"], v: ["1", "3", "2"] }],
];

for (const [what, ts, attributes] of drawn)
  test(`series: ${what} are a line from the lower to the upper edge`, () => {
    const { channels, problem, row_count } = seriesOf({ ts }, attributes);
    assert.equal(problem, undefined);
    assert.equal(row_count, 3);
    assert.deepEqual(
      channels.map(({ lineIn, lowest, highest, first, last }) => [lineIn(whole), lowest, highest, first, last]),
      [["M0 200L500 0L1000 100", "1", "3", "0", "10"]],
    );
  });

test("series: times are read by timeFormat, so that a pause is as wide as it was long", () => {
  const ts = { time: ["2026-01-01 00:00:00.0", "2026-01-01 00:00:01.0", "2026-01-01 00:00:10.0"], v: [0, 1, 1] };
  const { channels } = seriesOf({ ts }, 'timeColumn="time" timeFormat="%Y-%m-%d %H:%M:%S.%f"');
  assert.equal(channels[0]?.lineIn(whole), "M0 200L100 0L1000 0");
  assert.equal(channels[0]?.last, "2026-01-01 00:00:10.0");
});

test("series: without a time column, rows are numbered", () => {
  const { channels, columns, rows } = seriesOf({ ts: { v: [5, 5] } }, "");
  assert.equal(channels[0]?.lineIn(whole), "M0 100L1000 100");
  assert.deepEqual([columns, rows], [["Row", "v"], [["1", "5"], ["2", "5"]]]); // prettier-ignore
});

test("series: without Channel tags every column is a line, with valueType json the task is the series", () => {
  const tag = '<View><TimeSeries name="ts" value="" valueType="json" timeColumn="time"/></View>';
  const [view] = buildLabelForm(parseLabelConfig(tag).root, { time: [1, 2], a: [1, 2], b: [2, 1], note: "x" }).parts;
  assert.equal(view?.tag, "View");
  assert.deepEqual((view.parts[0] as TimeSeriesPart).channels.map(({ legend }) => legend), ["a", "b"]); // prettier-ignore
});

test("series: of a part each value is drawn, and the line goes on to its edges", () => {
  const v = Array.from({ length: 10_000 }, (_, row) => (row % 2 === 0 ? 0 : 1));
  const { channels } = seriesOf({ ts: { time: v.map((_, row) => row), v } });
  assert.equal(channels[0]?.lineIn({ from: 0, to: 4 / 9999 }), "M0 200L250 0L500 200L750 0L1000 200L1250 0");
  assert.match(
    channels[0]?.lineIn({ from: 4999 / 9999, to: 5001 / 9999 }) ?? "",
    /^M-500 200L0 0L500 200L1000 0L1500 200$/,
  );
});

test("series: a gap in the values is one in the line, and a value alone a dot", () => {
  const { channels } = seriesOf({ ts: { time: [0, 1, 2, 3, 4], v: [0, null, 1, "", 0.5] } });
  assert.equal(channels[0]?.lineIn(whole), "M0 200h0M500 0h0M1000 100h0");
});

test("series: a million values become a line of a thousand points, in which no extreme is lost", () => {
  const v = Array.from({ length: 1_000_000 }, (_, row) => (row === 123_456 ? 9 : row === 654_321 ? -9 : Math.sin(row)));
  const started = performance.now();
  const { channels, rows, row_count } = seriesOf({ ts: { time: v.map((_, row) => row), v } });
  assert.ok(performance.now() - started < 2000);
  const points = channels[0]?.lineIn(whole).split(/[ML]/).slice(1) ?? [];
  assert.ok(points.length > 900 && points.length <= 1002, `${points.length} points`);
  assert.deepEqual([channels[0]?.lowest, channels[0]?.highest], ["-9", "9"]);
  assert.ok(points.includes("123.5 0") && points.includes("654.3 200"));
  assert.deepEqual([rows.length, row_count, rows[50]?.[0]], [100, 1_000_000, "999950"]);
});

const problems: [string, unknown, string, RegExp][] = [
  ["a channel that is missing", { time: [1], other: [1] }, 'timeColumn="time"', /The task has no “v”\./],
  [
    "a missing time column",
    { v: [1] },
    'timeColumn="time"',
    /no column “time” for times: rows are drawn in their order/,
  ],
  [
    "times without a format",
    { time: ["noon"], v: [1] },
    'timeColumn="time"',
    /“time” can’t be read: timeFormat says how/,
  ],
  [
    "times of another format",
    { time: ["5"], v: [1] },
    'timeColumn="time" timeFormat="%Y"',
    /can’t be read by timeFormat/,
  ],
  ["no series", undefined, "", /This task has no series here\./],
  ["an empty list", [], "", /This task has no series here\./],
];

for (const [what, ts, attributes, expected] of problems)
  test(`series: ${what} is said`, () => {
    assert.match(seriesOf({ ts }, attributes).problem ?? "", expected);
  });

const ranges: [number[], string, string][] = [
  [[0.1 + 0.2, 1 / 3], "0.3", "0.333333"],
  [[-1234.5678901, 2e-7], "-1234.57", "2e-7"],
  [[123_456_789, 1_234_567.891], "1234568", "123456789"],
  [[99_999.96, 1e21], "100000", "1e+21"],
];

for (const [v, lowest, highest] of ranges)
  test(`series: the range of ${v.join(" and ")} is written as ${lowest} to ${highest}, and the table has all digits`, () => {
    const { channels, rows } = seriesOf({ ts: { v } }, "");
    assert.deepEqual([channels[0]?.lowest, channels[0]?.highest], [lowest, highest]);
    assert.deepEqual(
      rows.map((row) => row[1]),
      v.map(String),
    );
  });

test("series: an address is one, not a series", () => {
  assert.equal(seriesOf({ ts: "https://example.com/ts.csv" }).address, "https://example.com/ts.csv");
});

const times: [string, unknown, number][] = [
  ["", 5, 5],
  ["", "5.5", 5.5],
  ["", "2026-01-02T00:00:00Z", Date.UTC(2026, 0, 2)],
  ["%Y-%m-%d", "2026-03-01", Date.UTC(2026, 2, 1)],
  ["%d/%m/%y %I:%M %p", "1/3/26 9:05 pm", Date.UTC(2026, 2, 1, 21, 5)],
  ["%b %d, %Y", "Mar 1, 2026", Date.UTC(2026, 2, 1)],
  ["%H:%M:%S.%L", "01:02:03.004", Date.UTC(1900, 0, 1, 1, 2, 3, 4)],
  ["%Y%m%dT%H%M%S%Z", "20260301T120000+0200", Date.UTC(2026, 2, 1, 10)],
  ["%s", "1700000000", 1_700_000_000_000],
  ["%Y", "soon", Number.NaN],
  ["%q", "x", Number.NaN],
  ["%Y-%m", "2026-03-01", Number.NaN],
];

for (const [format, text, expected] of times)
  test(`series: ${JSON.stringify(text)} is read by “${format}” as ${expected}`, () => {
    assert.equal(timeReader(format)(text), expected);
  });
