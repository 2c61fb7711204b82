import assert from "node:assert/strict";
import { test } from "node:test";

import { startOfCalendar, buildContributionCalendar } from "../../src/rendering/contribution-calendar.ts";

test("activity: a year is 52 whole weeks from Monday on, and the days of this one until today", () => {
  // A Sunday, and the Monday after it.
  assert.equal(startOfCalendar("2026-11-22"), "2025-11-17");
  assert.equal(startOfCalendar("2026-11-23"), "2025-11-24");

  const sunday = buildContributionCalendar([], "2026-11-22").days;
  const monday = buildContributionCalendar([], "2026-11-23").days;

  assert.equal(sunday.length, 53 * 7);
  assert.equal(monday.length, 52 * 7 + 1);
  assert.deepEqual([sunday[0]?.day, sunday.at(-1)?.day], ["2025-11-17", "2026-11-22"]);
  assert.deepEqual([sunday.at(-1)?.column, sunday.at(-1)?.row], [52, 6]);
  assert.deepEqual([monday.at(-1)?.column, monday.at(-1)?.row], [52, 0]);
});

test("activity: a leap year has its day", () => {
  const { days: calendarDays } = buildContributionCalendar([], "2028-03-01");

  assert.ok(calendarDays.some(({ day }) => day === "2028-02-29"));
  assert.equal(new Set(calendarDays.map(({ day }) => day)).size, calendarDays.length);
});

test("activity: shades go from one annotation to the busiest day, and what is nothing has none", () => {
  const days = [
    { day: "2026-11-01", annotations: 1 },
    { day: "2026-11-02", annotations: 50 },
    { day: "2026-11-03", annotations: 51 },
    { day: "2026-11-04", annotations: 100 },
  ];

  const { days: calendarDays, total, busiest } = buildContributionCalendar(days, "2026-11-05");

  assert.deepEqual(
    calendarDays.slice(-6).map(({ level }) => level),
    [0, 1, 2, 3, 4, 0],
  );
  assert.equal(total, 202);
  assert.deepEqual(busiest, { day: "2026-11-04", annotations: 100 });
});

test("activity: of equally busy days the latest is named, and of none there is no busiest", () => {
  const days = ["2026-11-01", "2026-11-03"].map((day) => ({ day, annotations: 2 }));

  assert.equal(buildContributionCalendar(days, "2026-11-05").busiest?.day, "2026-11-03");
  assert.equal(buildContributionCalendar([], "2026-11-05").busiest, undefined);
});

test("activity: months add up to the year, the latest first", () => {
  const days = [
    { day: "2025-11-30", annotations: 1 },
    { day: "2026-11-01", annotations: 2 },
    { day: "2026-11-05", annotations: 3 },
  ];

  const { months } = buildContributionCalendar(days, "2026-11-05");

  assert.equal(months.length, 13);
  assert.deepEqual(months[0], { day: "2026-11-01", annotations: 5, active_days: 2 });
  assert.deepEqual(months.at(-1), { day: "2025-11-03", annotations: 1, active_days: 1 });
});
