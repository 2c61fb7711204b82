import { pictureField } from "./actions.ts";

/** A picture at one width, as a button. */
export interface PictureButton {
  /** Its name, after the prefix of the list of regions. */
  field: string;
  width: number;
  height: number;
  /** The width of which it is a larger view. */
  fits: number;
}

/** The widths at which pictures are shown, in CSS pixels; pictures.css shows the one for which there is room. */
const widths = [320, 640, 880];

/** A picture of an object, `item` of several, at each width. `factor`: how much larger it is shown than there is room for. */
export function pictureButtons(
  target: string,
  item: number,
  { factor, heightAt }: { factor: number; heightAt: (width: number) => number },
): PictureButton[] {
  return widths.map((fits) => {
    const width = fits * factor;
    return { field: pictureField(target, item, width), width, height: heightAt(width), fits };
  });
}
