// Shows hits as justified rows: one tab stop, arrow keys between pictures, thumbnails fetched when near.

import { referenceOf } from './address.js';
import { thumbnailSize } from './api.js';
import { icon, make } from './dom.js';
import { boxAspect, justify, rowHeightFor } from './layout.js';

/** What a tile says when it is dragged, so that the page knows its own pictures from files. */
export const DRAGGED = 'application/x-eidetic-picture';

/** The name that people know a hit by. */
export function labelOf(hit) {
  return hit.title || hit.name || hit.id;
}

export class Grid {
  #list;
  #hooks;
  #hits = [];
  #tiles = [];
  #boxes = [];
  #current = 0;
  #width = 0;
  #search;
  // One button serves all tiles: it goes where the pointer is.
  #similar = make('button', { type: 'button', class: 'tile-similar', tabindex: '-1', title: 'More like this' }, icon('similar'));

  /** `hooks`: linkTo(hit) gives a tile's address; open(position) and similar(hit) act. */
  constructor(list, hooks) {
    this.#list = list;
    this.#hooks = hooks;
    list.addEventListener('click', (event) => this.#onClick(event));
    list.addEventListener('keydown', (event) => this.#onKey(event));
    list.addEventListener('focusin', (event) => this.#onFocus(event));
    list.addEventListener('dragstart', (event) => this.#onDrag(event));
    list.addEventListener('pointerover', (event) => this.#onPointer(event));
    new ResizeObserver(() => {
      if (list.clientWidth !== this.#width) this.#arrange();
    }).observe(list);
  }

  /** Shows the hits of a search, which `search` tells from others; the tiles of the same search stay as they are. */
  show(hits, search) {
    if (search !== this.#search || hits.length < this.#tiles.length) {
      this.#list.replaceChildren();
      this.#tiles = [];
      this.#current = 0;
      this.#search = search;
    }
    this.#hits = hits;
    this.#tiles.forEach((tile, at) => {
      // A thumbnail that could not be fetched gets another chance.
      if (!tile.classList.contains('lost') || tile.contains(document.activeElement)) return;
      this.#tiles[at] = this.#tile(hits[at], at);
      tile.replaceWith(this.#tiles[at]);
    });
    const fresh = hits.slice(this.#tiles.length).map((hit, offset) => this.#tile(hit, this.#tiles.length + offset));
    this.#tiles.push(...fresh);
    this.#arrange();
    this.#list.append(...fresh);
  }

  /** Moves the keyboard to the picture at this position, or to the one it left, and brings it into view. */
  focus(position = this.#current) {
    const tile = this.#tiles[position];
    if (!tile) return;
    this.#moveStop(position);
    tile.firstElementChild.focus();
  }

  #tile(hit, position) {
    const label = labelOf(hit);
    const known = hit.width > 0 && hit.height > 0;
    const exact = known && Math.abs(boxAspect(hit) - hit.width / hit.height) < 0.001;
    const picture = make('img', { alt: label, loading: 'lazy', decoding: 'async', draggable: 'false', class: exact ? undefined : 'whole' });
    const link = make('a', { href: this.#hooks.linkTo(hit), draggable: 'true', tabindex: position === this.#current ? '0' : '-1', 'data-label': label }, picture);
    const tile = make('li', { class: 'tile', 'data-position': position, 'aria-setsize': '-1', 'aria-posinset': position + 1 }, link);
    tile.picture = picture;
    picture.addEventListener('load', () => tile.classList.add('loaded'), { once: true });
    picture.addEventListener('error', () => {
      tile.classList.add('loaded', 'lost');
      picture.hidden = true;
      link.setAttribute('aria-label', label);
      link.prepend(icon('lost'));
    }, { once: true });
    return tile;
  }

  #arrange() {
    const width = this.#list.clientWidth;
    if (!width) return;
    this.#width = width;
    const gap = width < 600 ? 4 : 6;
    const { boxes, height } = justify(this.#hits, { width, rowHeight: rowHeightFor(width), gap });
    this.#list.style.height = `${height}px`;
    this.#tiles.forEach((tile, at) => {
      const box = boxes[at];
      const before = tile.box;
      if (before && before.left === box.left && before.top === box.top && before.width === box.width && before.height === box.height) return;
      tile.box = box;
      tile.style.left = `${box.left}px`;
      tile.style.top = `${box.top}px`;
      tile.style.width = `${box.width}px`;
      tile.style.height = `${box.height}px`;
      const size = thumbnailSize(Math.max(box.width, box.height));
      // Only a larger thumbnail is worth fetching again.
      if (size > (tile.size ?? 0)) {
        tile.size = size;
        tile.picture.src = `${this.#hits[at].thumbnail}?size=${size}`;
      }
    });
    this.#boxes = boxes;
  }

  #moveStop(position) {
    const before = this.#tiles[this.#current]?.firstElementChild;
    if (before) before.tabIndex = -1;
    this.#current = position;
    this.#tiles[position].firstElementChild.tabIndex = 0;
  }

  #positionOf(target) {
    const tile = target.closest?.('.tile');
    return tile ? Number(tile.dataset.position) : -1;
  }

  #onPointer(event) {
    const position = this.#positionOf(event.target);
    if (position < 0 || this.#similar.parentElement === this.#tiles[position]) return;
    this.#similar.setAttribute('aria-label', `More like ${labelOf(this.#hits[position])}`);
    this.#tiles[position].append(this.#similar);
  }

  #onFocus(event) {
    const position = this.#positionOf(event.target);
    if (position >= 0) this.#moveStop(position);
  }

  #onClick(event) {
    const position = this.#positionOf(event.target);
    if (position < 0) return;
    if (event.target.closest('.tile-similar')) {
      this.#hooks.similar(this.#hits[position]);
      return;
    }
    // A new tab or window is the browser's business; the link leads to the same picture.
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    this.#hooks.open(position);
  }

  #onDrag(event) {
    const position = this.#positionOf(event.target);
    if (position < 0 || !event.dataTransfer) return;
    event.dataTransfer.setData(DRAGGED, referenceOf(this.#hits[position]));
    event.dataTransfer.effectAllowed = 'copyLink';
    const { picture } = this.#tiles[position];
    event.dataTransfer.setDragImage(picture, Math.min(80, picture.width / 2), Math.min(60, picture.height / 2));
  }

  #onKey(event) {
    if (event.metaKey || event.ctrlKey || event.altKey || event.shiftKey) return;
    const position = this.#positionOf(event.target);
    if (position < 0) return;
    const target = this.#target(event.key, position);
    if (target === undefined) return;
    event.preventDefault();
    this.focus(target);
  }

  #target(key, position) {
    const last = this.#tiles.length - 1;
    if (key === 'ArrowLeft') return Math.max(0, position - 1);
    if (key === 'ArrowRight') return Math.min(last, position + 1);
    if (key === 'Home') return 0;
    if (key === 'End') return last;
    if (key === 'ArrowUp') return this.#nearestInRow(position, -1);
    if (key === 'ArrowDown') return this.#nearestInRow(position, 1);
    return undefined;
  }

  // The picture in the row above or below whose middle is nearest to this one's.
  #nearestInRow(position, step) {
    const from = this.#boxes[position];
    const middle = from.left + from.width / 2;
    let best = position;
    let distance = Infinity;
    for (let at = position + step; at >= 0 && at < this.#boxes.length; at += step) {
      const box = this.#boxes[at];
      if (box.row === from.row) continue;
      if (box.row !== from.row + step) break;
      const away = Math.abs(box.left + box.width / 2 - middle);
      if (away < distance) {
        best = at;
        distance = away;
      }
    }
    return best;
  }
}
