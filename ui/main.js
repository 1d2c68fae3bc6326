// Joins the parts: the address says what is shown, every action changes the address, and the page follows it.

import { isSearch, referenceOf, searchKey, writeAddress } from './address.js';
import { listIndexes, PAGE_SIZE, readPicture, uploadPicture, WINDOW } from './api.js';
import { byId, placeIcons } from './dom.js';
import { count, headingOf, pictures } from './format.js';
import { Grid, labelOf } from './grid.js';
import { listenForPictures } from './intake.js';
import { Navigation } from './navigation.js';
import { failed, nothingFound, welcome } from './panels.js';
import { forgetAll, recall, remember, Results } from './results.js';
import { filterFor, rememberedName, rememberName, SearchBar } from './searchbar.js';
import { Viewer } from './viewer.js';

// How often the page looks whether a server or an index has come.
const LOOK_AGAIN_MS = 3000;
// Answers quicker than this need no sign of progress.
const PATIENCE_MS = 150;

const navigation = new Navigation({
  follow,
  // Asking the same again means: look whether the answer has changed.
  again: () => address.show || start(),
});
const go = (changes, options) => navigation.go(changes, options);

let { address } = navigation;
let indexes = [];
let results;
let waiting = new AbortController();
let sending;
let lookAgain;

const grid = new Grid(byId('grid'), {
  linkTo: (hit) => writeAddress({ ...address, show: referenceOf(hit) }),
  open: (position) => go({ show: referenceOf(results.hits[position]) }),
  similar: (hit) => moreLike(referenceOf(hit), labelOf(hit)),
});
const viewer = new Viewer({
  close: () => navigation.closePicture(),
  step: stepViewer,
  similar: (reference) => moreLike(reference, byId('viewer-title').textContent),
  words: (q) => go({ q, image: '', filter: '', feature: 'auto', show: '' }),
  filter: (field, value) => go({ q: '', image: '', feature: 'auto', filter: filterFor(field, value), show: '' }),
});
const actions = {
  retry: () => start(),
  clearFilter: () => go({ filter: '' }),
  clearWords: () => go({ q: '' }),
  removePicture: () => removePicture(),
  startOver: () => go({ q: '', image: '', feature: 'auto', filter: '', index: '', show: '' }),
};
const endWatch = new IntersectionObserver((entries) => {
  if (entries.some((entry) => entry.isIntersecting)) loadMore();
}, { rootMargin: '100% 0px' });
const bar = new SearchBar({ submit: (changes) => go({ ...changes, show: '' }), removePicture });

function moreLike(reference, name) {
  rememberName(reference, name);
  go({ q: '', image: reference, show: '' });
}

function removePicture() {
  if (sending) {
    sending.abort();
    sending = undefined;
    bar.show(address, indexes, indexName());
    return;
  }
  go({ image: '', feature: 'auto', show: '' });
}

/** Makes the page show an address. */
function follow(next, before) {
  if (results) results.scroll = window.scrollY;
  const sameSearch = results && searchKey(next) === searchKey(before);
  address = next;
  sending?.abort();
  sending = undefined;
  byId('alert').textContent = '';
  bar.show(address, indexes, indexName());
  nameThePage();
  if (sameSearch) {
    showViewer();
  } else if (indexes.length) {
    search();
  }
}

function indexName() {
  return address.index || indexes[0]?.index || '';
}

async function search({ scroll = 0, atLeast = PAGE_SIZE } = {}) {
  stopWatching();
  nameQueryPicture();
  waiting.abort();
  waiting = new AbortController();
  const key = searchKey(address);
  const kept = recall(key);
  results = kept ?? new Results(address, indexName());
  remember(key, results);
  const mine = results;
  if (kept?.answered) {
    showResults();
    window.scrollTo(0, kept.scroll);
  } else {
    if (viewer.isOpen && viewer.reference !== address.show) viewer.close();
    const busy = setTimeout(() => showBusy(true), PATIENCE_MS);
    try {
      await mine.more(waiting.signal, atLeast);
    } catch {
      // Another search has taken over.
      return;
    } finally {
      clearTimeout(busy);
    }
    if (mine !== results) return;
    showResults();
    window.scrollTo(0, scroll);
  }
  showViewer();
}

async function loadMore() {
  const mine = results;
  if (!mine || mine.loading || !mine.hasMore) return;
  byId('more-button').textContent = 'Loading…';
  try {
    await mine.more(waiting.signal);
  } catch {
    return;
  }
  if (mine !== results) return;
  showResults();
  if (viewer.isOpen) showViewer();
}

function showBusy(busy) {
  byId('progress').hidden = !busy;
  byId('results').setAttribute('aria-busy', String(busy));
}

function showResults() {
  showBusy(false);
  const { hits, error, total } = results;
  const panel = byId('panel');
  const failedFirst = error && !hits.length;
  const content = failedFirst ? failed(error, address, actions) : !hits.length ? emptyPanel() : [];
  panel.replaceChildren(...content);
  panel.hidden = !content.length;
  panel.classList.toggle('error', Boolean(failedFirst));
  const keyboardWasHere = byId('grid').contains(document.activeElement);
  byId('grid').hidden = !hits.length;
  grid.show(hits, results);
  // The picture that had the keyboard is gone: what has come instead is next in the tab order.
  if (keyboardWasHere && document.activeElement === document.body) byId('results').focus({ preventScroll: true });
  bar.markFilter(Boolean(failedFirst && error.kind === 'refused' && address.filter));
  say(failedFirst ? '' : summary(total, hits.length));
  byId('alert').textContent = failedFirst ? `${panel.querySelector('h2').textContent}. ${error.message}` : '';
  byId('alert').className = failedFirst ? 'unseen' : '';
  showMore();
  if (failedFirst && error.kind === 'unreachable') watchForServer();
}

function emptyPanel() {
  return isSearch(address) && indexes.some((index) => index.pictures > 0) ? nothingFound(address, actions) : welcome();
}

function summary(total, shown) {
  if (!shown) return isSearch(address) ? 'Nothing found' : '';
  const order = address.q ? 'Best matches first' : 'Most alike first';
  const found = results.countable ? pictures(total) : order;
  return `${found}${isSearch(address) ? ` in ${count(results.tookMs)} ms` : ''}`;
}

function say(text) {
  const status = byId('status');
  if (status.textContent !== text) status.textContent = text;
}

function showMore() {
  const note = byId('more-note');
  const button = byId('more-button');
  const failedLater = results.error && results.hits.length > 0;
  note.hidden = !(failedLater || results.cutOff);
  note.className = failedLater ? 'wrong' : 'quiet';
  note.textContent = failedLater ? results.error.message : `These are the first ${count(WINDOW)}. A filter or more words bring the others closer.`;
  button.hidden = !results.hasMore;
  button.textContent = failedLater ? 'Try again' : 'Load more';
  byId('more').hidden = note.hidden && button.hidden;
  // Watched anew each time: an end that stays in sight, on a tall screen or under a held key, would report nothing.
  endWatch.disconnect();
  if (!failedLater && results.hasMore) endWatch.observe(byId('more'));
}

function showViewer() {
  if (!address.show) {
    const last = viewer.reference;
    viewer.close();
    const position = last && results ? results.positionOf(last) : -1;
    if (position >= 0) grid.focus(position);
    return;
  }
  const position = results?.positionOf(address.show) ?? -1;
  const hasNext = position >= 0 && (position < results.hits.length - 1 || results.hasMore);
  viewer.show({ reference: address.show, hit: results?.hits[position], position, total: results?.countable ? results.total : undefined, hasNext });
}

async function stepViewer(by) {
  const from = results?.positionOf(address.show) ?? -1;
  if (from < 0) return;
  if (from + by >= results.hits.length) await loadMore();
  const hit = results.hits[from + by];
  if (hit) go({ show: referenceOf(hit) }, { replace: true });
}

function nameThePage() {
  const heading = headingOf(address);
  byId('heading').textContent = heading;
  document.title = isSearch(address) ? `${heading} · Eidetic` : 'Eidetic';
}

// A shared address names the query picture by its id only.
async function nameQueryPicture() {
  const { image } = address;
  if (!image || image.startsWith('_uploads/') || rememberedName(image)) return;
  try {
    const { source = {} } = await readPicture(image);
    rememberName(image, source.image?.title || source.file?.name || 'Picture');
    if (address.image === image && !sending) bar.show(address, indexes, indexName());
  } catch {
    // The search itself says what is wrong.
  }
}

async function sendPicture(file) {
  sending?.abort();
  const mine = new AbortController();
  sending = mine;
  byId('alert').textContent = '';
  bar.showSending(file);
  try {
    const sent = await uploadPicture(file, mine.signal);
    if (sending !== mine) return;
    sending = undefined;
    rememberName(sent.image, file.name || 'Pasted picture');
    const asked = { ...bar.typed(), image: sent.image, show: '' };
    // The same picture again is the same address: the chip still has to leave its state of being sent.
    bar.show({ ...address, ...asked }, indexes, indexName());
    go(asked);
  } catch (error) {
    if (error.name === 'AbortError' || sending !== mine) return;
    sending = undefined;
    bar.show(address, indexes, indexName());
    complain(error.kind === 'unreachable' ? 'The picture could not be sent: the server does not answer.' : `The picture could not be used. ${error.message}`);
  }
}

function complain(text) {
  const alert = byId('alert');
  alert.className = 'alert';
  alert.textContent = text;
}

function stopWatching() {
  clearTimeout(lookAgain);
  lookAgain = undefined;
}

// Until the server, or a first picture, is there, look again now and then while somebody is looking at the page.
function watchForServer() {
  stopWatching();
  const mine = setTimeout(async () => {
    let ready = false;
    if (!document.hidden) {
      const held = await listIndexes().catch(() => undefined);
      ready = held && (Boolean(results?.error) || held.some((index) => index.pictures > 0));
    }
    // Somebody may have searched meanwhile.
    if (mine !== lookAgain) return;
    if (ready) start();
    else watchForServer();
  }, LOOK_AGAIN_MS);
  lookAgain = mine;
}

/** Asks the server what it has, then shows what the address says. */
async function start({ scroll = 0, atLeast = PAGE_SIZE } = {}) {
  stopWatching();
  forgetAll();
  try {
    indexes = await listIndexes();
  } catch (error) {
    results = new Results(address, '');
    results.error = error;
    showResults();
    return;
  }
  bar.show(address, indexes, indexName());
  if (indexes.length && (indexes.some((index) => index.pictures > 0) || isSearch(address))) {
    await search({ scroll, atLeast });
    return;
  }
  results = new Results(address, '');
  byId('heading').textContent = 'Welcome';
  showResults();
  watchForServer();
}

window.addEventListener('pagehide', () => {
  navigation.keepPlace({ scroll: window.scrollY, loaded: results?.hits.length ?? 0 });
});
byId('home').addEventListener('click', (event) => {
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
  event.preventDefault();
  actions.startOver();
});
byId('skip').addEventListener('click', (event) => {
  event.preventDefault();
  if (results?.hits.length) grid.focus();
  else byId('results').focus();
});
byId('more-button').addEventListener('click', loadMore);

placeIcons();
listenForPictures({
  file: sendPicture,
  picture: (reference) => {
    const hit = results?.hits[results.positionOf(reference)];
    moreLike(reference, hit ? labelOf(hit) : 'Picture');
  },
  refuse: complain,
});
nameThePage();
const { scroll, loaded } = navigation.keptPlace;
start({ scroll, atLeast: loaded });
