import { statSync } from "node:fs";
import type { Browser } from "playwright-core";

const PLACES = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/usr/bin/google-chrome-stable",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/** It runs as whoever runs the tests, and asks nobody for anything. */
const QUIET = [
  "--no-sandbox",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** A Chromium of this machine; in words why there is none. */
export const openBrowser = async (): Promise<Browser | string> => {
  const executablePath = PLACES.find((path) => statSync(path, { throwIfNoEntry: false }) !== undefined);
  if (executablePath === undefined) {
    return "there is no Chromium here: apt-get install chromium";
  }
  try {
    const { chromium } = await import("playwright-core");
    return await chromium.launch({ executablePath, args: QUIET });
  } catch (error) {
    return `the browser does not start: ${String(error).split("\n", 1)[0] ?? ""}`;
  }
};
