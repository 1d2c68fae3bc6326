// Makes docs/screenshot.png from a running server: node screenshot.mjs [--url URL] [--out FILE] [--dark] [--narrow]
// [--at '?q=…'] [--open] (opens the first picture). Prints the file's size.

import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { findTools, openBrowser, openServer } from './harness.mjs';

const LARGEST_BYTES = 700_000;

const { values } = parseArgs({
  options: {
    url: { type: 'string' },
    out: { type: 'string', default: fileURLToPath(new URL('../../docs/screenshot.png', import.meta.url)) },
    at: { type: 'string', default: '' },
    dark: { type: 'boolean', default: false },
    narrow: { type: 'boolean', default: false },
    open: { type: 'boolean', default: false },
  },
});
if (values.url) process.env.EIDETIC_URL = values.url;

const tools = await findTools();
if (tools.missing) {
  console.error(`cannot take a screenshot: ${tools.missing}`);
  process.exit(1);
}
const server = await openServer();
const browser = await openBrowser(tools);
try {
  const page = await browser.newPage({
    viewport: values.narrow ? { width: 390, height: 844 } : { width: 1280, height: 800 },
    deviceScaleFactor: 1,
    colorScheme: values.dark ? 'dark' : 'light',
    reducedMotion: 'reduce',
  });
  await page.goto(`${server.url}/${values.at}`);
  await page.locator('.tile.loaded, .panel h2').first().waitFor();
  if (values.open) {
    await page.locator('.tile a').first().click();
    await page.locator('#viewer-fields table').first().waitFor();
  }
  await page.waitForLoadState('networkidle');
  await mkdir(dirname(values.out), { recursive: true });
  await page.screenshot({ path: values.out });
} finally {
  await browser.close();
  await server.close();
}
const { size } = await stat(values.out);
console.log(`${values.out}: ${size} bytes`);
if (size > LARGEST_BYTES) {
  console.error(`expected at most ${LARGEST_BYTES} bytes`);
  process.exitCode = 1;
}
