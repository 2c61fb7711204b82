import { toTimestamp } from "../common/timestamps.ts";
import type { ContributionDay } from "../repositories/labeling/contributions.ts";

/** A day of a year's calendar, whose columns are weeks from Monday on. */
export interface CalendarDay extends ContributionDay {
  column: number;
  row: number;
  /** 0 for none, 1 to 4 by how much it is compared with the busiest day. */
  level: number;
}

export interface CalendarMonth {
  /** Its first day that is shown. */
  day: string;
  annotations: number;
  /** On how many days somebody labeled. */
  active_days: number;
}

/** What a person labeled in a year, as a calendar and as a table. */
export interface ContributionCalendar {
  since: string;
  total: number;
  busiest: ContributionDay | undefined;
  squares: CalendarDay[];
  /** The names of months, where they begin. */
  labels: { day: string; column: number }[];
  /** The latest first. */
  months: CalendarMonth[];
}

const weeks = 53;
const dayInMilliseconds = 86_400_000;

/** The Monday with which a year until this day begins. */
export function startOfCalendar(today: string): string {
  return addDays(today, -weekday(today) - (weeks - 1) * 7);
}

/** From `beginOfYear` to this day; days without annotations may be missing from `days`. */
export function buildContributionCalendar(days: ContributionDay[], today: string): ContributionCalendar {
  const since = startOfCalendar(today);
  const counts = new Map(days.map(({ day, annotations }) => [day, annotations]));
  const all: ContributionDay[] = [];
  for (let day = since; day <= today; day = addDays(day, 1)) all.push({ day, annotations: counts.get(day) ?? 0 });
  const most = Math.max(...all.map(({ annotations }) => annotations));
  return {
    since,
    total: sum(all),
    busiest: most > 0 ? all.findLast(({ annotations }) => annotations === most) : undefined,
    squares: all.map((each, index) => ({
      ...each,
      column: Math.floor(index / 7),
      row: index % 7,
      level: Math.ceil((4 * each.annotations) / (most || 1)),
    })),
    labels: all.flatMap(({ day }, index) => (day.endsWith("-01") ? [{ day, column: Math.floor(index / 7) }] : [])),
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

function addDays(day: string, count: number): string {
  return toTimestamp(Date.parse(day) + count * dayInMilliseconds).slice(0, 10);
}

/** 0 is Monday. */
function weekday(day: string): number {
  return (new Date(day).getUTCDay() + 6) % 7;
}
