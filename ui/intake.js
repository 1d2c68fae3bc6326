// Takes a picture to search with, however it comes: picked, dropped, pasted, or dragged from the grid.

import { byId } from './dom.js';
import { DRAGGED } from './grid.js';

/**
 * Listens for pictures. `hooks`: file(file) for a picture's file, picture(reference) for one of the page's own,
 * refuse(text) for what is no picture.
 */
export function listenForPictures(hooks) {
  const input = byId('file');
  byId('pick').addEventListener('click', () => input.click());
  input.addEventListener('change', () => {
    const files = [...input.files];
    // The same file can be picked again later.
    input.value = '';
    takeFiles(files, hooks);
  });

  document.addEventListener('paste', (event) => {
    const files = [...(event.clipboardData?.files ?? [])];
    // Text goes where the cursor is, as always.
    if (!files.length) return;
    event.preventDefault();
    takeFiles(files, hooks);
  });

  listenForDrops(hooks);
}

function takeFiles(files, hooks) {
  if (!files.length) return;
  // A file without a type may still be a picture that the server knows and the browser does not.
  const picture = files.find((file) => file.type.startsWith('image/')) ?? files.find((file) => !file.type);
  if (picture) hooks.file(picture);
  else hooks.refuse(`“${files[0].name}” is not a picture.`);
}

function listenForDrops(hooks) {
  const veil = byId('drop');
  const words = byId('drop-words');
  let depth = 0;
  const kindOf = (event) => {
    const types = [...(event.dataTransfer?.types ?? [])];
    if (types.includes(DRAGGED)) return 'own';
    if (types.includes('Files')) return 'file';
    return types.includes('text/uri-list') && !event.target.closest?.('input') ? 'link' : undefined;
  };
  const lower = () => {
    depth = 0;
    if (veil.matches(':popover-open')) veil.hidePopover();
  };

  window.addEventListener('dragenter', (event) => {
    const kind = kindOf(event);
    if (!kind) return;
    event.preventDefault();
    depth += 1;
    words.textContent = kind === 'own' ? 'Drop here to find more like it' : 'Drop the picture to find others like it';
    if (depth === 1 && kind !== 'link') veil.showPopover();
  });
  window.addEventListener('dragover', (event) => {
    if (!kindOf(event)) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = 'copy';
  });
  window.addEventListener('dragleave', (event) => {
    if (!kindOf(event)) return;
    depth -= 1;
    if (depth <= 0) lower();
  });
  window.addEventListener('dragend', lower);
  window.addEventListener('drop', (event) => {
    const kind = kindOf(event);
    if (!kind) return;
    event.preventDefault();
    lower();
    if (kind === 'own') hooks.picture(event.dataTransfer.getData(DRAGGED));
    else if (event.dataTransfer.files.length) takeFiles([...event.dataTransfer.files], hooks);
    else hooks.refuse('That is a link, not a picture. Save the picture first, then drop the file.');
  });
}
