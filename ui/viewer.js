// Shows one picture large with everything that is known about it; the arrow keys go along the hits.

import { originalUrl, readPicture, thumbnailUrl } from './api.js';
import { byId, copyText, icon, make } from './dom.js';
import { fieldTables, rawFields } from './fields.js';
import { count, partName, rounded } from './format.js';
import { labelOf } from './grid.js';

// A small picture may grow this much before it only gets blurred.
const LARGEST_SCALE = 2;
const SWIPE = 48;

export class Viewer {
  #dialog = byId('viewer');
  #stage = byId('viewer-stage');
  #picture = byId('viewer-picture');
  #hooks;
  #reference = '';
  #path = '';
  #pixels;
  #waiting;
  #original = new Image();

  /** `hooks`: close(), step(by), similar(reference), words(text), filter(field, value). */
  constructor(hooks) {
    this.#hooks = hooks;
    this.#dialog.addEventListener('cancel', (event) => {
      event.preventDefault();
      hooks.close();
    });
    // The browser may close a dialog that it has asked about once already.
    this.#dialog.addEventListener('close', () => this.#reference && hooks.close());
    this.#dialog.addEventListener('keydown', (event) => this.#onKey(event));
    byId('viewer-close').addEventListener('click', () => hooks.close());
    byId('viewer-previous').addEventListener('click', () => hooks.step(-1));
    byId('viewer-next').addEventListener('click', () => hooks.step(1));
    byId('viewer-similar').addEventListener('click', () => hooks.similar(this.#reference));
    byId('viewer-copy').addEventListener('click', () => this.#copyPath());
    new ResizeObserver(() => this.#fit()).observe(this.#stage);
    this.#listenForSwipes();
    // The page behind the dialog stays where it is when the wheel turns over the picture.
    this.#stage.addEventListener('wheel', (event) => {
      if (!event.ctrlKey && this.#dialog.scrollHeight <= this.#dialog.clientHeight) event.preventDefault();
    }, { passive: false });
  }

  get isOpen() {
    return this.#dialog.open;
  }

  /** The picture that is shown, `index/id`, or empty. */
  get reference() {
    return this.#reference;
  }

  /** Shows a picture. `hit` and `position` are missing where it is not among the hits; `total` counts all of them, where that is known. */
  show({ reference, hit, position = -1, total, hasNext = false }) {
    const sequence = position >= 0;
    const place = total === undefined ? `Number ${count(position + 1)}` : `${count(position + 1)} of ${count(total)}`;
    byId('viewer-place').textContent = sequence ? place : '';
    this.#switch('viewer-previous', sequence && position > 0);
    this.#switch('viewer-next', sequence && hasNext);
    if (reference === this.#reference) return;
    this.#reference = reference;
    this.#title(hit ? labelOf(hit) : 'Picture');
    this.#setPath(hit?.path ?? '');
    this.#showMatch(hit);
    this.#showPicture(reference, hit);
    this.#readFields(reference);
    if (!this.#dialog.open) {
      this.#dialog.showModal();
      byId('viewer-title').focus({ preventScroll: true });
    }
    byId('viewer-side').scrollTop = 0;
    this.#dialog.scrollTop = 0;
    this.#fit();
    byId('viewer-status').textContent = sequence ? `${labelOf(hit)}, ${place}` : '';
  }

  close() {
    this.#reference = '';
    this.#waiting?.abort();
    if (this.#dialog.open) this.#dialog.close();
    this.#picture.removeAttribute('src');
    this.#original.removeAttribute('src');
  }

  // A disabled button would lose the keyboard's place, so that it is only marked and does nothing.
  #switch(id, on) {
    byId(id).setAttribute('aria-disabled', String(!on));
  }

  #title(text) {
    byId('viewer-title').textContent = text;
    this.#picture.alt = text;
  }

  #setPath(path) {
    this.#path = path;
    // A long path may break after each folder.
    byId('viewer-path').replaceChildren(...path.split(/(?<=[\\/])/).flatMap((part) => [part, make('wbr')]));
    byId('viewer-path').hidden = !path;
    byId('viewer-copy').hidden = !path;
  }

  #showMatch(hit) {
    const parts = hit?.matched ?? [];
    const place = byId('viewer-match');
    place.hidden = !parts.length;
    place.replaceChildren();
    if (!parts.length) return;
    place.append(make('span', { class: 'quiet' }, 'Matched by'), ...parts.map((part) => make('span', { class: 'part' }, partName(part))));
    if (typeof hit.score === 'number') place.append(make('span', { class: 'score' }, make('span', { class: 'quiet' }, 'score '), rounded(hit.score)));
  }

  // The thumbnail stands in, at the same size on the screen, until the original is there.
  #showPicture(reference, hit) {
    const picture = this.#picture;
    this.#pixels = hit?.width > 0 && hit?.height > 0 ? { width: hit.width, height: hit.height } : undefined;
    // The picture before would otherwise stay, stretched, until this one has come.
    picture.removeAttribute('src');
    picture.src = thumbnailUrl(reference, 640);
    byId('viewer-note').hidden = true;
    byId('viewer-original').href = originalUrl(reference);
    // What is no longer looked at need not be fetched to its end.
    this.#original.removeAttribute('src');
    const original = new Image();
    this.#original = original;
    original.src = originalUrl(reference);
    original.decode().then(() => {
      if (reference !== this.#reference) return;
      this.#pixels = { width: original.naturalWidth, height: original.naturalHeight };
      picture.src = original.src;
      this.#fit();
    }, () => {
      if (reference === this.#reference) this.#showPreviewOnly();
    });
  }

  #showPreviewOnly() {
    const note = byId('viewer-note');
    note.textContent = 'This browser cannot show the original; this is a preview.';
    note.hidden = false;
  }

  #fit() {
    if (!this.#dialog.open) return;
    const { width, height } = this.#pixels ?? { width: 3, height: 2 };
    const style = getComputedStyle(this.#stage);
    const room = {
      width: this.#stage.clientWidth - Number.parseFloat(style.paddingLeft) - Number.parseFloat(style.paddingRight),
      height: this.#stage.clientHeight - Number.parseFloat(style.paddingTop) - Number.parseFloat(style.paddingBottom),
    };
    const largest = this.#pixels ? LARGEST_SCALE : Infinity;
    const scale = Math.min(room.width / width, room.height / height, largest);
    this.#picture.style.width = `${Math.round(width * scale)}px`;
    this.#picture.style.height = `${Math.round(height * scale)}px`;
  }

  async #readFields(reference) {
    this.#waiting?.abort();
    this.#waiting = new AbortController();
    const place = byId('viewer-fields');
    place.setAttribute('aria-busy', 'true');
    try {
      const record = await readPicture(reference, this.#waiting.signal);
      const source = record.source ?? {};
      const tables = fieldTables(source, { words: this.#hooks.words, filter: this.#hooks.filter });
      place.replaceChildren(...tables, rawFields(record));
      this.#title(source.image?.title || source.file?.name || record.id);
      this.#setPath(source.path ?? this.#path);
      const { width, height } = source.image ?? {};
      if (!this.#pixels && width > 0 && height > 0) {
        this.#pixels = { width, height };
        this.#fit();
      }
    } catch (error) {
      if (error.name === 'AbortError') return;
      if (error.kind === 'missing') this.#title('This picture is no longer here');
      place.replaceChildren(make('p', { class: 'wrong' }, error.message),
        error.kind === 'missing' ? '' : make('button', { type: 'button', class: 'button', on: { click: () => this.#readFields(reference) } }, 'Try again'));
    }
    place.removeAttribute('aria-busy');
  }

  #onKey(event) {
    if (event.metaKey || event.ctrlKey || event.altKey || event.shiftKey) return;
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    // Inside the raw fields the arrows scroll sideways, as everywhere.
    if (by === undefined || event.target.closest('pre')) return;
    event.preventDefault();
    this.#hooks.step(by);
  }

  #listenForSwipes() {
    let start;
    this.#stage.addEventListener('pointerdown', (event) => {
      start = event.pointerType === 'mouse' || event.target.closest('button') ? undefined : event.clientX;
    });
    this.#stage.addEventListener('pointerup', (event) => {
      const moved = start === undefined ? 0 : event.clientX - start;
      start = undefined;
      if (Math.abs(moved) > SWIPE) this.#hooks.step(moved < 0 ? 1 : -1);
    });
  }

  async #copyPath() {
    const copied = await copyText(this.#path, this.#dialog);
    const button = byId('viewer-copy');
    const words = copied ? 'Copied' : 'Could not copy';
    button.replaceChildren(icon(copied ? 'done' : 'copy'), make('span', {}, words));
    byId('viewer-status').textContent = copied ? 'The path is copied' : words;
    setTimeout(() => button.replaceChildren(icon('copy'), make('span', {}, 'Copy path')), 1800);
  }
}
