// What stands in the place of pictures when there are none to show.

import { copyText, icon, make } from './dom.js';

/** No index, or an index without pictures: says how to make one. */
export function welcome() {
  const command = 'eidetic index FOLDER';
  return [
    art('picture'),
    make('h2', {}, 'No pictures in here yet'),
    make('p', {}, 'Point Eidetic at a folder of pictures. The files stay where they are.'),
    make('p', { class: 'command' }, make('code', {}, command), copyButton(command)),
    make('p', { class: 'quiet' }, 'They appear on this page as soon as the first ones are in.'),
  ];
}

/** A search that found nothing. `actions` undo parts of it. */
export function nothingFound(address, actions) {
  const buttons = [];
  if (address.filter) buttons.push(button('Clear the filter', actions.clearFilter));
  if (address.q) buttons.push(button('Clear the words', actions.clearWords));
  if (address.image) buttons.push(button('Remove the picture', actions.removePicture));
  buttons.push(button('Show all pictures', actions.startOver, !buttons.length));
  return [
    art('search'),
    make('h2', {}, 'Nothing found'),
    make('p', {}, address.filter ? 'No picture passes the filter together with the rest of the search.' : 'No picture matches. Fewer or other words may help.'),
    make('p', { class: 'actions' }, buttons),
  ];
}

/** A search that the server, or the way to it, made fail. */
export function failed(error, address, actions) {
  if (error.kind === 'unreachable') {
    return [
      art('lost'),
      make('h2', {}, 'The server does not answer'),
      make('p', {}, 'It may have been stopped, or the network is down. This page goes on by itself as soon as the server is back.'),
      make('p', { class: 'actions' }, button('Try again', actions.retry, true)),
    ];
  }
  const lostPicture = error.kind === 'missing' && address.image;
  const buttons = [];
  if (address.filter && error.kind === 'refused') buttons.push(button('Clear the filter', actions.clearFilter));
  if (lostPicture) buttons.push(button('Remove the picture', actions.removePicture));
  if (error.kind === 'broken' || error.kind === 'unreadable') buttons.push(button('Try again', actions.retry, true));
  buttons.push(button('Show all pictures', actions.startOver));
  const heading = {
    refused: 'The server cannot answer this search',
    missing: lostPicture ? 'The query picture is no longer here' : 'The server does not have this',
    broken: 'Something went wrong in the server',
    unreadable: 'This page cannot read the answer',
  }[error.kind] ?? 'This did not work';
  const hint = lostPicture && address.image.startsWith('_uploads/') ? 'Pictures that were sent for a search are kept for a while only. Drop it again to go on.' : undefined;
  return [
    art('lost'),
    make('h2', {}, heading),
    make('div', { class: 'reason' }, make('p', {}, error.message), error.excerpt && make('pre', {}, error.excerpt)),
    hint && make('p', {}, hint),
    make('p', { class: 'actions' }, buttons),
  ].filter(Boolean);
}

function art(name) {
  return make('div', { class: 'art', 'aria-hidden': 'true' }, icon(name));
}

function button(text, act, strong = false) {
  return make('button', { type: 'button', class: strong ? 'button strong' : 'button', on: { click: act } }, text);
}

function copyButton(text) {
  const made = make('button', { type: 'button', class: 'tool', 'aria-label': 'Copy the command', title: 'Copy the command' }, icon('copy'));
  made.addEventListener('click', async () => {
    if (!(await copyText(text))) return;
    made.replaceChildren(icon('done'));
    setTimeout(() => made.replaceChildren(icon('copy')), 1800);
  });
  return made;
}
