// Makes docs/screenshot.png: node screenshot.mjs [--url URL] [--out FILE] [--dark] [--narrow] [--like NAME] (pictures
// like the sample of this file name) [--at '?q=…'] [--open] (opens the first picture). Prints the file's size; a picture
// that would be too large for a repository is made smaller with losses that are hard to see.

import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { findTools, openBrowser, openServer } from './harness.mjs';
import { encodeWithin } from './png.mjs';

const LARGEST_BYTES = 700_000;

const { values } = parseArgs({
  options: {
    url: { type: 'string' },
    out: { type: 'string', default: fileURLToPath(new URL('../../docs/screenshot.png', import.meta.url)) },
    like: { type: 'string', default: 'pink-jellyfish-in-blue-water-09.jpg' },
    at: { type: 'string' },
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
  await page.goto(`${server.url}/${values.at ?? await addressLike(values.like)}`);
  await page.locator('.tile.loaded, .panel h2').first().waitFor();
  if (values.open) {
    await page.locator('.tile a').first().click();
    await page.locator('#viewer-fields table').first().waitFor();
  }
  await page.waitForLoadState('networkidle');
  const taken = await page.screenshot();
  const { png, step } = taken.length <= LARGEST_BYTES ? { png: taken, step: 1 } : await shrink(taken);
  await mkdir(dirname(values.out), { recursive: true });
  await writeFile(values.out, png);
  console.log(`${values.out}: ${png.length} bytes${step > 1 ? `, in steps of ${step}` : ''}`);
  if (png.length > LARGEST_BYTES) throw new Error(`expected at most ${LARGEST_BYTES} bytes`);
} finally {
  await browser.close();
  await server.close();
}

async function addressLike(name) {
  const filter = `file.name.keyword:"${name}"`;
  const answer = await fetch(`${server.url}/_similar?${new URLSearchParams({ filter, size: 1 })}`);
  const { hits: [hit] } = await answer.json();
  if (!hit) throw new Error(`no picture is named ${name}`);
  return `?image=${hit.index}/${hit.id}`;
}

// The browser itself reads its screenshot back into pixels.
async function shrink(taken) {
  const page = await browser.newPage();
  const { pixels, width, height } = await page.evaluate(async (source) => {
    const picture = new Image();
    picture.src = source;
    await picture.decode();
    const canvas = document.createElement('canvas');
    canvas.width = picture.naturalWidth;
    canvas.height = picture.naturalHeight;
    const context = canvas.getContext('2d');
    context.drawImage(picture, 0, 0);
    const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
    let text = '';
    for (let at = 0; at < data.length; at += 4) text += String.fromCharCode(data[at], data[at + 1], data[at + 2]);
    return { pixels: btoa(text), width: canvas.width, height: canvas.height };
  }, `data:image/png;base64,${taken.toString('base64')}`);
  return encodeWithin(Buffer.from(pixels, 'base64'), width, height, LARGEST_BYTES);
}
