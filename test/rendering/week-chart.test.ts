import assert from "node:assert/strict";
import { test } from "node:test";

import { startOfWeek } from "../../src/common/timestamps.ts";
import { buildWeekChart } from "../../src/rendering/week-chart.ts";

test("week chart: a week begins on Monday, across months and years", () => {
  assert.equal(startOfWeek("2026-11-29"), "2026-11-23");
  assert.equal(startOfWeek("2026-11-23"), "2026-11-23");
  assert.equal(startOfWeek("2027-01-01"), "2026-12-28");
});

test("week chart: the busiest day has the highest bar, and a day without annotations none", () => {
  const days = [
    { day: "2026-11-24", annotations: 1 },
    { day: "2026-11-26", annotations: 4 },
  ];

  const { total, days: bars } = buildWeekChart(days, "2026-11-27");

  assert.equal(total, 5);
  assert.deepEqual(
    bars.map(({ name, height }) => [name.slice(0, 2), height]),
    [
      ["Mo", 0],
      ["Tu", 25],
      ["We", 0],
      ["Th", 100],
      ["Fr", 0],
      ["Sa", 0],
      ["Su", 0],
    ],
  );
});

test("week chart: a week without annotations has no bars", () => {
  const { total, days } = buildWeekChart([], "2026-11-27");
  assert.equal(total, 0);
  assert.ok(days.every(({ height }) => height === 0));
});
