// Moves between addresses: every action is a step in the browser's history, so that Back and Forward lead through them.

import { parseAddress, searchKey, writeAddress } from './address.js';

// The history's own state cannot be written any more while a page is being left.
const PLACE_KEY = 'eidetic.place';

export class Navigation {
  /** What is shown now; change it with `go`. */
  address = parseAddress(location.search);
  #follow;
  #again;
  #stepBack;

  /** `follow(address, before)` makes the page show an address; `again()` is called where the same is asked for twice. */
  constructor({ follow, again }) {
    this.#follow = follow;
    this.#again = again;
    history.scrollRestoration = 'manual';
    window.addEventListener('popstate', () => {
      const stepBack = this.#stepBack;
      this.#stepBack = undefined;
      this.#show(parseAddress(location.search));
      stepBack?.resolve();
    });
  }

  /** Goes to a changed address; what `changes` does not name stays. */
  async go(changes, { replace = false } = {}) {
    // A step back that is under way would otherwise land on top of this one.
    if (this.#stepBack) await this.#stepBack.promise;
    const next = { ...this.address, ...changes };
    if (writeAddress(next) === writeAddress(this.address)) {
      this.#again();
      return;
    }
    const opened = Boolean(next.show) && searchKey(next) === searchKey(this.address);
    if (replace) history.replaceState(history.state, '', writeAddress(next));
    else history.pushState({ opened }, '', writeAddress(next));
    this.#show(next);
  }

  /** Closes the picture that is open: back to the step that opened it, or, with a shared address, just without it. */
  closePicture() {
    if (this.#stepBack || !this.address.show) return;
    if (!history.state?.opened) {
      this.go({ show: '' }, { replace: true });
      return;
    }
    const stepBack = {};
    stepBack.promise = new Promise((resolve) => {
      stepBack.resolve = resolve;
    });
    this.#stepBack = stepBack;
    history.back();
  }

  /** Keeps where the reader was, for when this address comes back by a reload or from another page. */
  keepPlace(place) {
    try {
      sessionStorage.setItem(PLACE_KEY, JSON.stringify({ ...place, at: location.href }));
    } catch {
      // Without storage a reload starts at the top.
    }
  }

  /** What `keepPlace` kept for this address, or nothing where somebody came here anew. */
  get keptPlace() {
    try {
      const [{ type }] = performance.getEntriesByType('navigation');
      const place = JSON.parse(sessionStorage.getItem(PLACE_KEY));
      return type !== 'navigate' && place?.at === location.href ? place : {};
    } catch {
      return {};
    }
  }

  #show(next) {
    const before = this.address;
    this.address = next;
    this.#follow(next, before);
  }
}
