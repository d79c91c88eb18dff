import { accessSync, constants } from 'node:fs';
import path from 'node:path';
import { type BrowserContext, chromium } from 'playwright-core';
import type { Profile } from './profile.ts';

const COMMANDS = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const MAC = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome';
const VIEWPORT = { width: 1340, height: 600 };

/** The path of a Chromium: the one that CHROMIUM names, else the first on the PATH. */
export function findChromium(): string {
  const named = process.env.CHROMIUM;
  if (named) {
    if (isExecutable(named)) return named;
    throw new Error(`CHROMIUM names ${named}, which is not an executable file.`);
  }
  const folders = (process.env.PATH ?? '').split(path.delimiter);
  const candidates = [...COMMANDS.flatMap((command) => folders.map((folder) => path.join(folder, command))), MAC];
  const found = candidates.find(isExecutable);
  if (found) return found;
  throw new Error('The editor tests need Chromium: apt-get install chromium, or set CHROMIUM to the path of one.');
}

/** Opens a browser without a window. `profile` keeps what it writes. */
export function openChromium(profile: Profile): Promise<BrowserContext> {
  const flags = ['--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'];
  return chromium.launchPersistentContext(path.join(profile.root, 'chromium'), {
    executablePath: findChromium(),
    // Chromium refuses its sandbox to root, which is who runs the tests in most containers.
    chromiumSandbox: process.getuid?.() !== 0,
    args: flags,
    viewport: VIEWPORT,
  });
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
