// Turns what is known about a picture into tables that people can read; nothing that the server sends is left out.

import { make } from './dom.js';
import { bytes, count, exposure, moment, percent, place, rounded, taken } from './format.js';

/**
 * Makes the tables of a picture's source. `actions` search by what is shown: words(text), filter(text).
 */
export function fieldTables(source, actions) {
  const { image = {}, file = {}, path, ...rest } = source;
  const { title, caption, keywords, tags, confidence = {}, rating, colors, taken: takenAt, camera, location, exif = {}, width, height, format, animated, bytes: size, sha256, ahash, dhash, phash, ...otherImage } = image;
  const { name, folders, root, bytes: fileSize, modified, ...otherFile } = file;
  const { make: maker, model, lens, iso, f_number: aperture, exposure_time_s: time, focal_length_mm: focal, software, artist, copyright, orientation, altitude_m: altitude, ...otherExif } = exif;
  const makerAndModel = [maker, model].filter(Boolean).join(' ');
  const known = (value) => value !== undefined && value !== null && value !== '';
  const groups = [
    ['Words', [
      ['Title', title],
      ['Caption', caption],
      ['Keywords', list(keywords, (word) => search(word, `Search for ${word}`, () => actions.words(word)))],
      ['Rating', known(rating) ? stars(rating) : undefined],
      ['Shows', list(tags, (tag) => search(known(confidence[tag]) ? `${tag} ${percent(confidence[tag])}` : tag, `Search for ${tag}`, () => actions.words(tag)))],
    ]],
    ['Colours', [[undefined, colors?.length ? palette(colors, actions) : undefined]]],
    ['Camera', [
      // Where no camera wrote a date the server puts that of the file, which stands with the file.
      ['Taken', known(takenAt) && takenAt !== modified ? taken(takenAt) : undefined],
      ['Camera', known(camera) ? search(camera, `Show pictures from ${camera}`, () => actions.filter('image.camera', camera)) : undefined],
      ['Make and model', makerAndModel && makerAndModel !== camera ? makerAndModel : undefined],
      ['Lens', lens],
      ['Exposure', known(time) ? exposure(time) : undefined],
      ['Aperture', known(aperture) ? `f/${rounded(aperture)}` : undefined],
      ['ISO', iso],
      ['Focal length', known(focal) ? `${rounded(focal)} mm` : undefined],
      ['Orientation', orientation],
      ['Software', software],
      ['Artist', artist],
      ['Copyright', copyright],
      ...flat(otherExif, ''),
    ]],
    ['Place', [
      ['Coordinates', known(location?.lat) && known(location?.lon) ? map(location) : undefined],
      ['Altitude', known(altitude) ? `${count(Math.round(altitude))} m` : undefined],
    ]],
    ['File', [
      ['Name', name],
      ['Folders', list(folders, (folder) => search(folder, `Show pictures in ${folder}`, () => actions.filter('file.folders', folder)))],
      ['Pixels', known(width) && known(height) ? `${count(width)} × ${count(height)}` : undefined],
      ['Format', known(format) ? `${String(format).toUpperCase()}${animated ? ', animated' : ''}` : undefined],
      ['Size', known(size ?? fileSize) ? bytes(size ?? fileSize) : undefined],
      ['Changed', known(modified) ? moment(modified) : undefined],
      ['Root', root],
      ['Perceptual hashes (a, d, p)', phash && make('code', {}, [ahash, dhash, phash].filter(known).join(' '))],
      ['SHA-256', sha256 && make('code', {}, sha256)],
    ]],
    ['Other', [...flat(otherImage, 'image.'), ...flat(otherFile, 'file.'), ...flat(rest, '')]],
  ];
  return groups.map(([heading, rows]) => table(heading, rows.filter(([, value]) => known(value)))).filter(Boolean);
}

/** Everything as the server keeps it, behind a disclosure. */
export function rawFields(record) {
  return make('details', { class: 'raw' },
    make('summary', {}, 'All fields as JSON'),
    make('pre', { tabindex: '0', role: 'region', 'aria-label': 'All fields as JSON' }, JSON.stringify(record, null, 2)));
}

function table(heading, rows) {
  if (!rows.length) return undefined;
  const lines = rows.map(([label, value]) => (label === undefined
    ? make('tr', {}, make('td', { colspan: '2' }, value))
    : make('tr', {}, make('th', { scope: 'row' }, label), make('td', {}, value))));
  return make('table', { class: 'fields' }, make('caption', {}, heading), make('tbody', {}, lines));
}

function list(values, each) {
  const items = [values ?? []].flat().filter((value) => value !== '');
  return items.length ? make('span', { class: 'tags' }, items.map(each)) : undefined;
}

function search(text, label, act) {
  return make('button', { type: 'button', class: 'tag', title: label, on: { click: act } }, text);
}

function stars(rating) {
  const full = Math.max(0, Math.min(5, Math.round(rating)));
  return make('span', { class: 'stars', role: 'img', 'aria-label': `${rating} of 5` }, '★'.repeat(full), make('span', { class: 'off' }, '★'.repeat(5 - full)));
}

function palette(colors, actions) {
  const strip = make('div', { class: 'strip', 'aria-hidden': 'true' }, colors.map(({ hex, share }) => {
    const part = make('span');
    part.style.backgroundColor = hex;
    // In hundredths: growth that sums up to less than one would leave the strip short.
    part.style.flexGrow = Math.max(share ?? 0, 0.02) * 100;
    return part;
  }));
  const swatches = colors.map(({ hex, name, share }) => {
    const dot = make('span', { class: 'dot' });
    dot.style.backgroundColor = hex;
    const text = [name || hex, share === undefined ? '' : percent(share)].filter(Boolean).join(' ');
    return make('button', { type: 'button', class: 'tag swatch', title: `${hex}: show pictures with ${name || 'this colour'}`, on: { click: () => actions.filter('image.colors.name', name || hex) } }, dot, text);
  });
  return make('div', { class: 'palette' }, strip, make('span', { class: 'tags' }, swatches));
}

function map(location) {
  const { lat, lon } = location;
  const href = `https://www.openstreetmap.org/?mlat=${encodeURIComponent(lat)}&mlon=${encodeURIComponent(lon)}#map=13/${encodeURIComponent(lat)}/${encodeURIComponent(lon)}`;
  return make('a', { href, target: '_blank', rel: 'noopener noreferrer', title: 'Show on OpenStreetMap' }, place(location));
}

// Fields that no group knows, each with its full path.
function flat(value, prefix) {
  return Object.entries(value).flatMap(([key, inner]) => {
    if (inner === null || inner === '') return [];
    if (Array.isArray(inner)) return [[`${prefix}${key}`, inner.map((item) => (typeof item === 'object' ? JSON.stringify(item) : String(item))).join(', ')]];
    if (typeof inner === 'object') return flat(inner, `${prefix}${key}.`);
    return [[`${prefix}${key}`, String(inner)]];
  });
}
