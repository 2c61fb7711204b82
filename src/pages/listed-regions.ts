import { kindOf } from "../label-config/regions/kinds.ts";
import type { MarkedRegion } from "../label-config/regions/kinds.ts";
import type { KeyedRegions } from "../label-config/regions/picture-view.ts";
import type { RegionWords } from "../label-config/regions/place-fields.ts";
import { shownLabels } from "../label-config/regions/span-view.ts";

/** A region in the list. */
export interface ListedRegion extends RegionWords {
  id: string;
  number: number;
  labels: { words: string; color: number }[];
  origin: string;
  is_selected: boolean;
  /** An HTML id. */
  key: string;
  /** The page that asks shows it already, and nothing more. */
  is_known: boolean;
}

/** The list of regions. `focus`: what the page puts the focus on. */
export function listedRegions(
  regions: readonly MarkedRegion[],
  selected: string,
  { keys, focus }: { keys: KeyedRegions; focus: string },
): ListedRegion[] {
  return regions.map((region, index) => {
    const { id, marker, value, origin } = region;
    const { key = "", is_known = false } = keys.get(id) ?? {};
    const is_selected = id === selected;
    const hasFocus = focus === `select ${id}` || focus === `delete ${id}`;
    // Of hundreds of regions that are known, nobody asks for the words.
    let words: RegionWords | undefined;
    const described = () => (words ??= kindOf(marker).describe(marker, value));
    return {
      id,
      number: index + 1,
      origin,
      is_selected,
      key,
      is_known: is_known && !is_selected && !hasFocus,
      get labels() {
        return shownLabels(region);
      },
      get text() {
        return described().text;
      },
      get place() {
        return described().place;
      },
      get problem() {
        return described().problem;
      },
      get play() {
        return described().play;
      },
    };
  });
}
