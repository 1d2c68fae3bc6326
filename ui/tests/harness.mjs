// Starts the real program over a folder of samples, or takes a server that runs already, and opens Chromium on it.
//
// EIDETIC_URL      a running server; nothing is started then
// EIDETIC_BIN      the program, else target/release/eidetic
// EIDETIC_SAMPLES  the folder of pictures to index
// EIDETIC_MODEL    a folder with a network to index them with; without it, pictures have no embeddings
// CHROMIUM         the browser, else the first of chromium, chromium-browser, google-chrome and google-chrome-stable on PATH

import { spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const FLAGS = ['--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];
const READY = /^eidetic is listening on (http:\/\/\S+)/;

/** Says why the tests cannot run here, or gives what they need. */
export async function findTools() {
  const chromium = findChromium();
  if (!chromium) return { missing: 'no Chromium found' };
  let playwright;
  try {
    playwright = await import('playwright-core');
  } catch {
    return { missing: 'no playwright-core found (run npm ci in ui/tests)' };
  }
  if (!process.env.EIDETIC_URL) {
    if (!isProgram(programPath())) return { missing: `no program found at ${programPath()}` };
    if (!process.env.EIDETIC_SAMPLES) return { missing: 'no samples found (set EIDETIC_SAMPLES to a folder of pictures)' };
  }
  return { chromium, playwright };
}

function programPath() {
  return process.env.EIDETIC_BIN || fileURLToPath(new URL('../../target/release/eidetic', import.meta.url));
}

function findChromium() {
  if (process.env.CHROMIUM) return isProgram(process.env.CHROMIUM) ? process.env.CHROMIUM : undefined;
  const folders = (process.env.PATH ?? '').split(delimiter);
  const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find(isProgram);
}

function isProgram(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Starts the browser. */
export function openBrowser({ chromium, playwright }) {
  const root = process.getuid?.() === 0;
  return playwright.chromium.launch({ executablePath: chromium, headless: true, args: root ? [...FLAGS, '--no-sandbox'] : FLAGS });
}

/** A server to test against: its address, and how to stop it and start it again at the same address. */
export async function openServer() {
  if (process.env.EIDETIC_URL) {
    return { url: process.env.EIDETIC_URL.replace(/\/$/, ''), owned: false, close: async () => {} };
  }
  const folder = await mkdtemp(join(tmpdir(), 'eidetic-page-'));
  try {
    const model = process.env.EIDETIC_MODEL ? ['--model', process.env.EIDETIC_MODEL] : [];
    await runToEnd(['--data', folder, 'index', ...model, process.env.EIDETIC_SAMPLES]);
    let running = await serve(folder, '127.0.0.1:0');
    const { url } = running;
    return {
      url,
      owned: true,
      stop: () => running.stop(),
      start: async () => {
        running = await serve(folder, new URL(url).host);
      },
      close: async () => {
        await running.stop();
        await rm(folder, { recursive: true, force: true });
      },
    };
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

function runToEnd(parameters) {
  return new Promise((resolve, reject) => {
    const child = spawn(programPath(), parameters, { stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    child.stderr.on('data', (text) => {
      said += text;
    });
    child.on('error', reject);
    child.on('close', (code) => (code === 0 ? resolve() : reject(new Error(`eidetic ${parameters.join(' ')} ended with ${code}: ${said}`))));
  });
}

async function serve(folder, listen) {
  const child = spawn(programPath(), ['--data', folder, 'serve', '--listen', listen], { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  child.stderr.on('data', (text) => {
    said += text;
  });
  const ended = new Promise((resolve) => {
    child.on('close', resolve);
  });
  const ready = new Promise((resolve) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const url = READY.exec(line)?.[1];
      if (url) resolve(url.replace(/\/$/, ''));
    });
  });
  const url = await Promise.race([ready, ended.then((code) => Promise.reject(new Error(`eidetic serve ended with ${code}: ${said}`)))]);
  return {
    url,
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
    },
  };
}
