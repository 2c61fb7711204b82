// Converts each hostile image in a process of its own, and prints what came of it and the most memory that it took.
import { makeAvatar } from "../../src/images/avatars.ts";
import { hostileImages } from "./hostile-images.ts";
import { smallPng } from "./images.ts";

await makeAvatar({ name: "small.png", bytes: smallPng });
const images = hostileImages();
const before = process.memoryUsage.rss();
let peak = 0;
const observe = () => (peak = Math.max(peak, process.memoryUsage.rss()));
setInterval(observe, 2).unref();
const rows = [];
for (const { what, name, bytes, is_valid = false } of images) {
  peak = 0;
  const { avatar } = await makeAvatar({ name, bytes });
  observe();
  const is_converted = avatar !== undefined;
  const megabytes = Math.round((peak - before) / 1024 / 1024);
  rows.push({ what, length: bytes.length, is_valid, is_converted, megabytes });
}
process.stdout.write(JSON.stringify(rows));
