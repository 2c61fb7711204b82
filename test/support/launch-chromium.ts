import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { chromium } from "playwright-core";
import type { Browser } from "playwright-core";

// Playwright itself adds --headless, --no-sandbox, --no-first-run and --disable-background-networking.
const defaultArguments = ["--disable-gpu", "--disable-quic"];

/**
 * Starts a headless browser, with further arguments of Chromium: on Linux x64 the one from npm, which needs nothing but
 * glibc 2.34; elsewhere the installed Chrome.
 */
export async function launchChromium(more: string[] = []): Promise<Browser> {
  const args = [...defaultArguments, ...more];
  if (process.platform !== "linux" || process.arch !== "x64") return chromium.launch({ channel: "chrome", args });

  const folder = await unpackedChromium();
  const env = {
    ...process.env,
    LD_LIBRARY_PATH: join(folder, "al2023", "lib"),
    FONTCONFIG_FILE: join(folder, "fonts.conf"),
  };
  return chromium.launch({ executablePath: join(folder, "chromium"), env, args });
}

/**
 * The folder with the browser, its libraries and fonts, unpacked inside the package, so it goes when the package is
 * replaced. Every process unpacks into a folder of its own and renames it: the first one wins, and nobody ever sees
 * a half-unpacked browser.
 */
async function unpackedChromium(): Promise<string> {
  const folder = fileURLToPath(new URL("../../unpacked", import.meta.resolve("@sparticuz/chromium")));
  if (existsSync(folder)) return folder;

  const mine = await mkdtemp(`${folder}-`);
  try {
    // The package unpacks into TMPDIR, and its shared libraries only where it believes to be on Vercel or Lambda.
    const script = "import chromium from '@sparticuz/chromium'; await chromium.executablePath()";
    await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", script], {
      cwd: import.meta.dirname,
      env: { ...process.env, NODE_OPTIONS: "", TMPDIR: mine, VERCEL: "1" },
    });
    // Its own fonts.conf names folders under /tmp.
    await writeFile(
      join(mine, "fonts.conf"),
      `<fontconfig><dir>${join(folder, "fonts")}</dir><cachedir>${join(folder, "fonts-cache")}</cachedir></fontconfig>`,
    );
    await rename(mine, folder);
  } catch (error) {
    await rm(mine, { recursive: true, force: true });
    if (!existsSync(folder)) throw error;
  }
  return folder;
}
