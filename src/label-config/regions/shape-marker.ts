import type { Marker } from "./markers.ts";
import { idOf } from "./entries.ts";
import type { Entry } from "./entries.ts";
import type { Region } from "./regions.ts";

/** What can be drawn on pictures here. */
export const shapes = ["rectangle", "ellipse", "keypoint", "polygon"] as const;

export type Shape = (typeof shapes)[number];

/** Pixels, after the picture is turned as its EXIF data says. */
export interface Size {
  width: number;
  height: number;
}

export interface Picture {
  /** As the task has it. */
  address: string;
  /** Undefined for a picture on another server, which is not fetched. */
  size: Size | undefined;
}

/** A control that marks shapes on pictures. Places are in percent of the picture. */
export interface ShapeMarker extends Marker {
  kind: "shape";
  shape: Shape;
  pictures: Picture[];
  /** Regions say which picture of the list they are on. */
  is_list: boolean;
  /** Regions may be turned. */
  can_rotate: boolean;
}

/** By `pictureKey`. */
export type Sizes = ReadonlyMap<string, Size>;

export function pictureKey(target: string, item: number): string {
  return `${item} ${target}`;
}

/** The picture that a region is on, by its place in the list. */
export function itemOf({ marker, entries }: Region<ShapeMarker>): number {
  if (!marker.is_list) return 0;
  const item = entries.find(({ members }) => typeof members.item_index === "number")?.members.item_index;
  return typeof item === "number" ? item : 0;
}

/** What new entries say beside their value, in Label Studio's order. */
export function membersOfShape({ pictures, is_list }: ShapeMarker, item: number): Record<string, unknown> {
  const size = pictures[item]?.size;
  return {
    ...(size && { original_width: size.width, original_height: size.height }),
    image_rotation: 0,
    ...(is_list && { item_index: item }),
  };
}

/** The same control with the sizes that people or regions say, for pictures whose files are not here. */
export function withSizes(marker: ShapeMarker, sizes: Sizes, entries: readonly Entry[]): ShapeMarker {
  if (marker.pictures.every(({ size }) => size)) return marker;
  const pictures = marker.pictures.map((picture, item) => ({
    ...picture,
    size: picture.size ?? sizes.get(pictureKey(marker.target, item)) ?? sizeIn(entries, marker, item),
  }));
  return { ...marker, pictures };
}

function sizeIn(entries: readonly Entry[], { target, is_list }: ShapeMarker, item: number): Size | undefined {
  for (const entry of entries) {
    const { to_name, item_index, original_width: width, original_height: height } = entry.members;
    const isHere = to_name === target && (!is_list || (item_index ?? 0) === item) && idOf(entry) !== "";
    if (isHere && isLength(width) && isLength(height)) return { width, height };
  }
  return undefined;
}

function isLength(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) > 0;
}

/** Reads a size as people write it, `600 x 400`. */
export function parseSize(text: string): Size | undefined {
  const [, width, height] = /^\s*([1-9]\d{0,5})\s*[x×]\s*([1-9]\d{0,5})\s*$/i.exec(text) ?? [];
  return width && height ? { width: Number(width), height: Number(height) } : undefined;
}

export function formatSize({ width, height }: Size): string {
  return `${width} × ${height}`;
}
