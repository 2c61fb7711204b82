import path from "node:path";

/** Whether an absolute path is that of a folder, or of something in it. Links are not looked at. */
export function isWithin(folder: string, file: string): boolean {
  return file === folder || file.startsWith(folder.endsWith(path.sep) ? folder : folder + path.sep);
}
