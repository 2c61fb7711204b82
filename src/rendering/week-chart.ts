import { addDays, startOfWeek } from "../common/timestamps.ts";
import type { ContributionDay } from "../repositories/labeling/contributions.ts";

/** A bar of the chart: its height is at most 100; that of a day without annotations is 0. */
interface WeekDay extends ContributionDay {
  name: string;
  height: number;
}

/** A user's annotations of the current week, by day (UTC). */
export interface WeekChart {
  total: number;
  days: WeekDay[];
}

const names = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/** Builds the chart; `days` may leave out days without annotations. */
export function buildWeekChart(days: ContributionDay[], today: string): WeekChart {
  const counts = new Map(days.map(({ day, annotations }) => [day, annotations]));
  const monday = startOfWeek(today);
  const week = names.map((name, index) => {
    const day = addDays(monday, index);
    return { day, name, annotations: counts.get(day) ?? 0 };
  });
  const most = Math.max(1, ...week.map(({ annotations }) => annotations));
  return {
    total: week.reduce((total, { annotations }) => total + annotations, 0),
    days: week.map((each) => ({ ...each, height: Math.ceil((100 * each.annotations) / most) })),
  };
}
