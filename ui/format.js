// Numbers, sizes and dates as people write them. The page is in English, whatever the browser's language is.

const whole = new Intl.NumberFormat('en-GB');
const short = new Intl.NumberFormat('en-GB', { maximumSignificantDigits: 3 });
const dayAndTime = { dateStyle: 'long', timeStyle: 'short' };
const cameraTime = new Intl.DateTimeFormat('en-GB', { ...dayAndTime, timeZone: 'UTC' });
const localTime = new Intl.DateTimeFormat('en-GB', dayAndTime);

/** 12345 as "12,345". */
export function count(number) {
  return whole.format(number);
}

/** "1 picture", "2,500 pictures". */
export function pictures(number) {
  return `${count(number)} ${number === 1 ? 'picture' : 'pictures'}`;
}

/** Three significant digits at most: 0.93, 12.5. */
export function rounded(number) {
  return short.format(number);
}

/** A share of 1 as a percentage. */
export function percent(share) {
  return `${Math.round(share * 100)}%`;
}

/** Bytes in decimal units, as file managers show them. */
export function bytes(number) {
  if (number < 1000) return `${number} bytes`;
  const units = ['kB', 'MB', 'GB'];
  let value = number / 1000;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${short.format(value)} ${units[unit]}`;
}

/** A moment by the camera's clock; text that is no date is given back as it is. */
export function taken(text) {
  // A camera writes the time on its own clock: shown as it was written, never shifted to this computer's zone.
  const [, clock] = /^(\d{4}-\d\d-\d\dT[\d:.]+)(?:Z|[+-]\d\d:?\d\d)?$/.exec(text) ?? [];
  return clock ? written(cameraTime, `${clock}Z`) : String(text);
}

/** A moment by this computer's clock. */
export function moment(text) {
  return written(localTime, text);
}

function written(format, text) {
  const date = new Date(text);
  return Number.isNaN(date.getTime()) ? String(text) : format.format(date);
}

/** An exposure time as cameras show it: "1/250 s", "2 s". */
export function exposure(seconds) {
  return seconds > 0 && seconds < 0.4 ? `1/${count(Math.round(1 / seconds))} s` : `${rounded(seconds)} s`;
}

/** Degrees with their hemisphere: "54.1000° N, 8.9000° E". */
export function place({ lat, lon }) {
  const degrees = (value, positive, negative) => `${Math.abs(value).toFixed(4)}° ${value < 0 ? negative : positive}`;
  return `${degrees(lat, 'N', 'S')}, ${degrees(lon, 'E', 'W')}`;
}

/** What an address shows, as a heading. */
export function headingOf({ q, image, feature, filter }) {
  if (image) {
    const by = feature === 'auto' ? '' : `, by ${partName(feature).toLowerCase()}`;
    return q ? `“${q}” and pictures like this${by}` : `Pictures like this${by}`;
  }
  if (q) return `“${q}”`;
  return filter ? 'Filtered pictures' : 'All pictures';
}

/** What people call a feature or another part that can match. */
export function partName(part) {
  const names = { auto: 'Auto', embedding: 'Subject', looks: 'Looks', color: 'Colour', texture: 'Texture', shape: 'Shape', words: 'Words' };
  const [, tag] = /^tag (.+)$/.exec(part) ?? [];
  return tag ? `Tag “${tag}”` : names[part] ?? part;
}
