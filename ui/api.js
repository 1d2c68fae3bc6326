// Talks to the server; the one module that knows its routes and the shape of its errors.

import { splitReference } from './address.js';

/** How many pictures one request brings. */
export const PAGE_SIZE = 60;
/** The server's result window: `from + size` is at most this. */
export const WINDOW = 10_000;

/**
 * Says why an answer is not there, in words for people. `kind` is unreachable, refused, missing, broken or unreadable;
 * `excerpt` is what the reason speaks of, with a mark below the place, or empty.
 */
export class ServerError extends Error {
  constructor(kind, reason, status = 0) {
    const [words, ...excerpt] = reason.split('\n');
    super(asSentence(words));
    this.name = 'ServerError';
    this.excerpt = excerpt.join('\n');
    this.kind = kind;
    this.status = status;
  }
}

// The server writes reasons as it writes logs: lowercase, no full stop.
function asSentence(reason) {
  const text = reason.trim();
  if (!text) return '';
  const first = text[0].toUpperCase() + text.slice(1);
  return /[.!?…]$/.test(first) ? first : `${first}.`;
}

function kindOf(status) {
  if (status === 404) return 'missing';
  if (status === 502 || status === 503 || status === 504) return 'unreachable';
  return status >= 500 ? 'broken' : 'refused';
}

async function request(path, options) {
  let response;
  let text;
  try {
    response = await fetch(path, { headers: { Accept: 'application/json' }, ...options });
    text = await response.text();
  } catch (error) {
    if (error.name === 'AbortError') throw error;
    throw new ServerError('unreachable', 'The server does not answer.');
  }
  let body;
  try {
    body = JSON.parse(text);
  } catch {
    body = undefined;
  }
  if (!response.ok) {
    const reason = body?.error?.reason ?? `the server answered ${response.status} ${response.statusText}`.trim();
    throw new ServerError(kindOf(response.status), String(reason), response.status);
  }
  if (body === undefined || body === null) {
    throw new ServerError('unreadable', 'The server sent an answer that this page cannot read.', response.status);
  }
  return body;
}

/** Lists the indexes that the server holds, each with its number of pictures and its features. */
export async function listIndexes(signal) {
  const { indices } = await request('/_health', { signal, cache: 'no-store' });
  return indices ?? [];
}

/** Finds one page of pictures for an address, starting at hit number `from`. */
export function findSimilar(address, index, from, size, signal) {
  const asked = new URLSearchParams();
  if (index) asked.set('index', index);
  for (const key of ['q', 'image', 'filter']) {
    if (address[key]) asked.set(key, address[key]);
  }
  if (address.feature !== 'auto') asked.set('feature', address.feature);
  asked.set('from', from);
  asked.set('size', Math.min(size, WINDOW - from));
  return request(`/_similar?${asked}`, { signal });
}

/** Sends a picture to search with; the answer's `image` names it from then on. */
export function uploadPicture(file, signal) {
  const type = file.type || 'application/octet-stream';
  return request('/_images', { method: 'POST', body: file, headers: { 'Content-Type': type, Accept: 'application/json' }, signal });
}

/** Reads everything that is known about one picture. */
export function readPicture(reference, signal) {
  return request(pictureUrl(reference), { signal });
}

function pictureUrl(reference) {
  const { index, id } = splitReference(reference);
  return `/_images/${encodeURIComponent(index)}/${encodeURIComponent(id)}`;
}

/** The address of the file itself, as it lies on the disk. */
export function originalUrl(reference) {
  return `${pictureUrl(reference)}/original`;
}

/** The address of an upright JPEG whose longest side is `size` at most: 160, 320 or 640. */
export function thumbnailUrl(reference, size) {
  return `${pictureUrl(reference)}/thumbnail?size=${size}`;
}

/** The smallest thumbnail size that still fills `side` CSS pixels on this screen. */
export function thumbnailSize(side) {
  // A tenth too few pixels cannot be seen and halves what is sent.
  const wanted = side * Math.min(window.devicePixelRatio || 1, 2) * 0.9;
  return [160, 320].find((size) => size >= wanted) ?? 640;
}
