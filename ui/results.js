// The hits of one search, page after page, and the last few searches so that Back shows them at once.

import { referenceOf } from './address.js';
import { findSimilar, PAGE_SIZE, WINDOW } from './api.js';

const REMEMBERED = 12;
// After a reload, as many pictures come back at once as keep the answer quick.
const LARGEST_REQUEST = 600;

export class Results {
  hits = [];
  total = 0;
  tookMs = 0;
  /** Where the page was scrolled to when these were last looked at. */
  scroll = 0;
  /** The error of the last request, or undefined. */
  error;
  loading = false;
  #fetched = 0;
  #lastWasFull = false;
  #seen = new Set();
  #address;
  #index;

  constructor(address, index) {
    this.#address = address;
    this.#index = index;
  }

  /** True once a first answer is there. */
  get answered() {
    return this.#fetched > 0 || this.total > 0 || this.tookMs > 0;
  }

  /** True where `total` says how many match; every picture is more or less like another, so that there is no such number. */
  get countable() {
    return !this.#address.image;
  }

  /** True where the server has more than is here and the window lets it be asked for. */
  get hasMore() {
    return this.#fetched < WINDOW && (this.countable ? this.#fetched < this.total : this.#lastWasFull);
  }

  /** True where pictures match that no request can reach. */
  get cutOff() {
    return this.#fetched >= WINDOW && (this.countable ? this.total > WINDOW : this.#lastWasFull);
  }

  /** Asks for the next page, at least `atLeast` pictures long. Errors are kept in `error`; an abort is thrown. */
  async more(signal, atLeast = PAGE_SIZE) {
    this.loading = true;
    this.error = undefined;
    try {
      const size = Math.min(Math.max(atLeast, PAGE_SIZE), LARGEST_REQUEST);
      const answer = await findSimilar(this.#address, this.#index, this.#fetched, size, signal);
      this.total = answer.total;
      this.tookMs = Math.max(1, answer.took_ms);
      this.#lastWasFull = answer.hits.length >= Math.min(size, WINDOW - this.#fetched);
      // An empty page means that pictures went away meanwhile: there is no more to ask for.
      this.#fetched = answer.hits.length ? this.#fetched + answer.hits.length : this.total;
      for (const hit of answer.hits) {
        // A picture may move to a later page while the index changes; it is shown once.
        const reference = referenceOf(hit);
        if (this.#seen.has(reference)) continue;
        this.#seen.add(reference);
        this.hits.push(hit);
      }
    } catch (error) {
      if (error.name === 'AbortError') throw error;
      this.error = error;
    } finally {
      this.loading = false;
    }
  }

  /** The position of a picture among the hits, or -1. */
  positionOf(reference) {
    return this.#seen.has(reference) ? this.hits.findIndex((hit) => referenceOf(hit) === reference) : -1;
  }
}

const remembered = new Map();

/** Gives back the results of this search if they are still here. */
export function recall(key) {
  return remembered.get(key);
}

/** Keeps the results of this search; the oldest ones are let go. */
export function remember(key, results) {
  remembered.delete(key);
  remembered.set(key, results);
  if (remembered.size > REMEMBERED) remembered.delete(remembered.keys().next().value);
}

/** Lets go of every kept search: the server has come back, perhaps with other pictures. */
export function forgetAll() {
  remembered.clear();
}
