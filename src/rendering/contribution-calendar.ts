import { groupBy } from "../common/group-by.ts";
import { addDays, startOfWeek } from "../common/timestamps.ts";
import type { ContributionDay } from "../repositories/labeling/contributions.ts";

/** A day of the calendar: a column is a week, a row a day of the week from Monday on. */
interface CalendarDay extends ContributionDay {
  column: number;
  row: number;
  /** 0 without annotations, else 1 to 4, in proportion to the busiest day. */
  level: number;
}

interface CalendarMonth {
  /** Its first day within the calendar. */
  day: string;
  annotations: number;
  /** The number of days with annotations. */
  active_days: number;
}

/** A user's annotations of the last year, by day and by month. */
interface ContributionCalendar {
  since: string;
  total: number;
  busiest: ContributionDay | undefined;
  days: CalendarDay[];
  /** The first days of months, which are labeled with the month's name. */
  month_labels: { day: string; column: number }[];
  /** Latest first. */
  months: CalendarMonth[];
}

const weeks = 53;

/** Returns the first day of the calendar that ends today: a Monday, 52 weeks before the current week. */
export function startOfCalendar(today: string): string {
  return addDays(startOfWeek(today), -(weeks - 1) * 7);
}

/** Builds the calendar from `startOfCalendar(today)` to `today`; `days` may leave out days without annotations. */
export function buildContributionCalendar(days: ContributionDay[], today: string): ContributionCalendar {
  const dates = datesUntil(today);
  const counts = new Map(days.map(({ day, annotations }) => [day, annotations]));
  const annotationsOf = (day: string) => counts.get(day) ?? 0;
  const max = Math.max(0, ...dates.map(annotationsOf));
  const busiest = max > 0 ? dates.findLast((day) => annotationsOf(day) === max) : undefined;
  return {
    since: dates[0] ?? today,
    total: sum(dates.map(annotationsOf)),
    busiest: busiest === undefined ? undefined : { day: busiest, annotations: max },
    // All properties at once: to copy those of an object takes a hundred times as long on Node 20.
    days: dates.map((day, index) => ({
      day,
      annotations: annotationsOf(day),
      column: Math.floor(index / 7),
      row: index % 7,
      level: Math.ceil((4 * annotationsOf(day)) / (max || 1)),
    })),
    month_labels: dates.flatMap((day, index) => (day.endsWith("-01") ? [{ day, column: Math.floor(index / 7) }] : [])),
    months: [...groupBy(dates, (day) => day.slice(0, 7)).values()].reverse().map((month) => {
      const active = month.map(annotationsOf).filter((annotations) => annotations > 0);
      return { day: month[0] ?? today, annotations: sum(active), active_days: active.length };
    }),
  };
}

let calendarDates: { today: string; dates: string[] } | undefined;

/** The days of the calendar that ends today, which are the same for everybody until tomorrow. */
function datesUntil(today: string): string[] {
  if (calendarDates?.today === today) return calendarDates.dates;
  const dates: string[] = [];
  for (let day = startOfCalendar(today); day <= today; day = addDays(day, 1)) dates.push(day);
  calendarDates = { today, dates };
  return dates;
}

function sum(counts: number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}
