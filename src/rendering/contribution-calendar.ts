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
  const since = startOfCalendar(today);
  const counts = new Map(days.map(({ day, annotations }) => [day, annotations]));
  const all: ContributionDay[] = [];
  for (let day = since; day <= today; day = addDays(day, 1)) all.push({ day, annotations: counts.get(day) ?? 0 });
  const maxAnnotations = Math.max(...all.map(({ annotations }) => annotations));
  return {
    since,
    total: sum(all),
    busiest: maxAnnotations > 0 ? all.findLast(({ annotations }) => annotations === maxAnnotations) : undefined,
    days: all.map((each, index) => ({
      ...each,
      column: Math.floor(index / 7),
      row: index % 7,
      level: Math.ceil((4 * each.annotations) / (maxAnnotations || 1)),
    })),
    month_labels: all.flatMap(({ day }, index) =>
      day.endsWith("-01") ? [{ day, column: Math.floor(index / 7) }] : [],
    ),
    months: monthsOf(all),
  };
}

function monthsOf(all: ContributionDay[]): CalendarMonth[] {
  const names = [...new Set(all.map(({ day }) => day.slice(0, 7)))];
  return names.toReversed().map((name) => {
    const days = all.filter(({ day }) => day.startsWith(name));
    const active = days.filter(({ annotations }) => annotations > 0);
    return { day: days[0]?.day ?? name, annotations: sum(active), active_days: active.length };
  });
}

function sum(days: ContributionDay[]): number {
  return days.reduce((total, { annotations }) => total + annotations, 0);
}
