// The controls that say what is asked: words, the query picture, the filter, what to look at, and the index.

import { thumbnailUrl } from './api.js';
import { byId, icon, make } from './dom.js';
import { partName, pictures } from './format.js';

// Examples that people can start from, each with what it finds.
const EXAMPLES = [
  ['image.width:>=1000 AND image.format:jpeg', 'large JPEGs'],
  ['image.colors.name:blue', 'pictures with much blue'],
  ['file.folders:Sunsets', 'in any folder called Sunsets'],
  ['image.taken:[2020 TO 2022]', 'taken in these three years'],
  ['image.rating:>=4', 'rated four or five stars'],
  ['NOT image.camera:*', 'no camera is known'],
];
const FEATURE_HINTS = {
  auto: 'Everything that can help, weighed together',
  embedding: 'What the picture shows',
  looks: 'Colours, surfaces and outlines together',
  color: 'Which colours it has',
  texture: 'Which patterns and surfaces it has',
  shape: 'How its outlines run',
};

/** Writes `field:value` so that the value is taken literally. */
export function filterFor(field, value) {
  const plain = /^[\p{L}\p{N}_]+$/u.test(value) && !['AND', 'OR', 'NOT', 'TO'].includes(value);
  return plain ? `${field}:${value}` : `${field}:"${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}

export class SearchBar {
  #words = byId('words');
  #filter = byId('filter');
  #chip = byId('chip');
  #hooks;

  /** `hooks`: submit(changes, {replace}) asks anew; removePicture() takes the query picture away. */
  constructor(hooks) {
    this.#hooks = hooks;
    byId('search').addEventListener('submit', (event) => {
      event.preventDefault();
      hooks.submit(this.typed());
    });
    for (const box of [this.#words, this.#filter]) {
      box.addEventListener('input', () => this.#showClear());
      byId(`clear-${box.id}`).addEventListener('click', () => {
        box.value = '';
        box.focus();
        hooks.submit(this.typed());
      });
    }
    byId('index').addEventListener('change', (event) => hooks.submit({ ...this.typed(), index: event.target.value }));
    this.#fillHelp();
    document.addEventListener('keydown', (event) => this.#onKey(event));
  }

  /** What stands in the boxes now. */
  typed() {
    return { q: this.#words.value.trim(), filter: this.#filter.value.trim() };
  }

  /** Shows an address in the controls. `indexes` are the server's, `index` the one that is searched. */
  show(address, indexes, index) {
    if (this.#words.value.trim() !== address.q) this.#words.value = address.q;
    if (this.#filter.value.trim() !== address.filter) this.#filter.value = address.filter;
    this.#showClear();
    this.markFilter(false);
    this.#showIndexes(indexes, index);
    const features = indexes.find((held) => held.index === index)?.features ?? [];
    this.#showFeatures(address, features);
    if (address.image) this.#showChip(thumbnailUrl(address.image, 160), rememberedName(address.image) ?? 'Your picture');
    else this.#hideChip();
  }

  /** Shows a picture that is on its way to the server. */
  showSending(file) {
    this.#showChip(URL.createObjectURL(file), file.name || 'Pasted picture', true);
  }

  /** Marks the filter as the part that the server could not read. */
  markFilter(wrong) {
    if (wrong) {
      this.#filter.setAttribute('aria-invalid', 'true');
      this.#filter.setAttribute('aria-errormessage', 'panel');
    } else {
      this.#filter.removeAttribute('aria-invalid');
      this.#filter.removeAttribute('aria-errormessage');
    }
  }

  #showClear() {
    for (const box of [this.#words, this.#filter]) byId(`clear-${box.id}`).hidden = !box.value;
  }

  #showIndexes(indexes, index) {
    const select = byId('index');
    byId('index-choice').hidden = indexes.length < 2;
    select.replaceChildren(...indexes.map((held) => make('option', { value: held.index, selected: held.index === index }, `${held.index} (${pictures(held.pictures)})`)));
  }

  // What to look at matters only where there is a picture to look at.
  #showFeatures(address, features) {
    const place = byId('features');
    place.hidden = !address.image || !features.length;
    if (place.hidden) return;
    const wanted = ['auto', ...features];
    const built = [...place.querySelectorAll('input')];
    if (built.map((input) => input.value).join() !== wanted.join()) {
      place.querySelectorAll('label').forEach((label) => label.remove());
      place.append(...wanted.map((feature) => make('label', { title: FEATURE_HINTS[feature] },
        make('input', { type: 'radio', name: 'feature', value: feature, on: { change: () => this.#hooks.submit({ ...this.typed(), feature }) } }),
        make('span', {}, partName(feature)))));
    }
    for (const input of place.querySelectorAll('input')) input.checked = input.value === address.feature;
  }

  #showChip(source, name, sending = false) {
    const before = this.#chip.querySelector('img')?.src;
    if (!this.#chip.hidden && before === new URL(source, location.href).href && this.#chip.title === name) return;
    if (before?.startsWith('blob:')) URL.revokeObjectURL(before);
    const picture = make('img', { src: source, alt: `Query picture: ${name}` });
    picture.addEventListener('error', () => picture.replaceWith(icon('lost')), { once: true });
    this.#chip.title = name;
    this.#chip.classList.toggle('sending', sending);
    this.#chip.hidden = false;
    this.#chip.replaceChildren(picture, make('span', { class: 'chip-name', 'aria-hidden': 'true' }, sending ? 'Sending…' : name),
      make('button', { type: 'button', class: 'tool', 'aria-label': `Remove the query picture ${name}`, title: 'Remove the picture', on: { click: () => this.#remove() } }, icon('close')));
  }

  #hideChip() {
    this.#chip.hidden = true;
    this.#chip.replaceChildren();
  }

  #remove() {
    this.#hooks.removePicture();
    this.#words.focus();
  }

  #fillHelp() {
    const help = byId('filter-help');
    const box = byId('filter-box');
    byId('filter-examples').append(...EXAMPLES.map(([text, meaning]) => make('li', {},
      make('button', { type: 'button', class: 'example', on: { click: () => this.#startFrom(text) } }, make('code', {}, text), make('span', { class: 'quiet' }, meaning)))));
    help.addEventListener('beforetoggle', (event) => {
      if (event.newState !== 'open') return;
      const below = box.getBoundingClientRect();
      const width = Math.min(420, document.documentElement.clientWidth - 24);
      help.style.width = `${width}px`;
      help.style.top = `${below.bottom + 6}px`;
      help.style.left = `${Math.max(12, Math.min(below.right - width, document.documentElement.clientWidth - width - 12))}px`;
    });
  }

  #startFrom(example) {
    const before = this.#filter.value.trim();
    this.#filter.value = before && !before.includes(example) ? `${before} AND ${example}` : example;
    byId('filter-help').hidePopover();
    this.#showClear();
    this.#filter.focus();
  }

  #onKey(event) {
    if (event.key !== '/' || event.metaKey || event.ctrlKey || event.altKey) return;
    if (event.target.closest('input, textarea, select, dialog')) return;
    event.preventDefault();
    this.#words.focus();
    this.#words.select();
  }
}

// A file's name is only known where it was picked, and a picture's where it was seen: the tab remembers both.
const NAME_KEY = 'eidetic.name.';

/** Keeps the name of a query picture for this tab. */
export function rememberName(reference, name) {
  try {
    sessionStorage.setItem(NAME_KEY + reference, name);
  } catch {
    // Without storage the chip has a general name.
  }
}

/** The name that was kept for a query picture, or undefined. */
export function rememberedName(reference) {
  try {
    return sessionStorage.getItem(NAME_KEY + reference) ?? undefined;
  } catch {
    return undefined;
  }
}
