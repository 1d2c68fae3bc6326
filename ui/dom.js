// Makes elements. Text always goes in as text nodes, so that nothing a picture carries can become markup.

const SVG = 'http://www.w3.org/2000/svg';

/** Makes an element: `attributes` with false or undefined values are left out, `on` holds listeners. */
export function make(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === 'on') {
      for (const [event, listener] of Object.entries(value)) node.addEventListener(event, listener);
    } else if (value === true) {
      node.setAttribute(name, '');
    } else if (value !== false && value !== undefined && value !== null) {
      node.setAttribute(name, value);
    }
  }
  node.append(...children.flat().filter((child) => child !== undefined && child !== null && child !== false));
  return node;
}

/** Finds the one element with this id; the page's skeleton is in index.html. */
export function byId(id) {
  return document.getElementById(id);
}

// Outlines on a 24 by 24 grid.
const PATHS = {
  similar: 'M4 8V6a2 2 0 0 1 2-2h2M16 4h2a2 2 0 0 1 2 2v2M20 16v2a2 2 0 0 1-2 2h-2M8 20H6a2 2 0 0 1-2-2v-2M15 12a3 3 0 1 1-6 0a3 3 0 0 1 6 0Z',
  open: 'M13 5h6v6M19 5l-8.5 8.5M10 6H6.5A1.5 1.5 0 0 0 5 7.5v10A1.5 1.5 0 0 0 6.5 19h10a1.5 1.5 0 0 0 1.5-1.5V14',
  copy: 'M9 9.5A1.5 1.5 0 0 1 10.5 8h7A1.5 1.5 0 0 1 19 9.5v9a1.5 1.5 0 0 1-1.5 1.5h-7A1.5 1.5 0 0 1 9 18.5ZM15 8V5.5A1.5 1.5 0 0 0 13.5 4h-7A1.5 1.5 0 0 0 5 5.5v9A1.5 1.5 0 0 0 6.5 16H9',
  done: 'M5 12.5l4.5 4.5L19 7.5',
  close: 'M6 6l12 12M18 6L6 18',
  previous: 'M14.5 5.5L8 12l6.5 6.5',
  next: 'M9.5 5.5L16 12l-6.5 6.5',
  search: 'M16.5 10.5a6 6 0 1 1-12 0a6 6 0 0 1 12 0ZM15 15l5 5',
  picture: 'M4 6.5A1.5 1.5 0 0 1 5.5 5h13A1.5 1.5 0 0 1 20 6.5v11a1.5 1.5 0 0 1-1.5 1.5h-13A1.5 1.5 0 0 1 4 17.5ZM4.5 17l4.5-5 3.5 4 2.5-2.5 4.5 4.5M15.5 9.5h.01',
  filter: 'M4 6.5h16M7 12h10M10 17.5h4',
  lost: 'M4 5l16 14M8 5h10.5A1.5 1.5 0 0 1 20 6.5v10M18 19H5.5A1.5 1.5 0 0 1 4 17.5v-10M4.5 17l4.5-5 2 2.300',
};

/** Makes one of the page's own icons; it is decoration, the control around it carries the name. */
export function icon(name) {
  const drawing = document.createElementNS(SVG, 'svg');
  drawing.setAttribute('viewBox', '0 0 24 24');
  drawing.setAttribute('class', 'icon');
  drawing.setAttribute('aria-hidden', 'true');
  const path = document.createElementNS(SVG, 'path');
  path.setAttribute('d', PATHS[name]);
  drawing.append(path);
  return drawing;
}

/** Puts the icons into the controls of the skeleton that ask for one with `data-icon`. */
export function placeIcons(root = document) {
  for (const place of root.querySelectorAll('[data-icon]')) place.prepend(icon(place.dataset.icon));
}

/** Puts text on the clipboard; `place` is an element that can take the keyboard now. Says whether it worked. */
export async function copyText(text, place = document.body) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // Pages that came over plain HTTP from another computer have no clipboard of their own.
    const focused = document.activeElement;
    const area = make('textarea', { class: 'unseen', readonly: true, 'aria-hidden': 'true' });
    area.value = text;
    place.append(area);
    area.select();
    const copied = document.execCommand('copy');
    area.remove();
    focused?.focus();
    return copied;
  }
}
