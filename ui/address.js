// The address bar holds the whole search; this is the one place that reads and writes it.

const KEYS = ['q', 'image', 'feature', 'filter', 'index', 'show'];

/** Reads a query string into an address: every key is present, absent ones are empty. */
export function parseAddress(search) {
  const given = new URLSearchParams(search);
  const address = {};
  for (const key of KEYS) address[key] = (given.get(key) ?? '').trim();
  if (!address.feature) address.feature = 'auto';
  return address;
}

/** Writes an address as `?q=…`, or as the bare path where there is nothing to say. */
export function writeAddress(address) {
  const given = new URLSearchParams();
  for (const key of KEYS) {
    if (address[key] && !(key === 'feature' && address[key] === 'auto')) given.set(key, address[key]);
  }
  // Slashes and colons are allowed in a query and make a shared address readable.
  const text = given.toString().replaceAll('%2F', '/').replaceAll('%3A', ':');
  return text ? `?${text}` : './';
}

/** The part of an address that decides which pictures are found, as a key to compare and to cache by. */
export function searchKey(address) {
  return writeAddress({ ...address, show: '' });
}

/** True where the address asks for something, false where it shows all pictures. */
export function isSearch(address) {
  return Boolean(address.q || address.image || address.filter);
}

/** Splits `index/id` at its first slash: index names have none, ids may. */
export function splitReference(reference) {
  const cut = reference.indexOf('/');
  return { index: reference.slice(0, cut), id: reference.slice(cut + 1) };
}

/** Writes the reference of a hit or of a picture, `index/id`. */
export function referenceOf({ index, id }) {
  return `${index}/${id}`;
}
