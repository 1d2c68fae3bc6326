// Justified rows: every picture keeps its aspect ratio, every full row ends at the right edge. Pure arithmetic.

// Beyond these a picture would make its row unusable; it is shown whole inside the box instead.
const FLATTEST = 4;
const TALLEST = 0.4;
const UNKNOWN = 1.5;
// A last row that is nearly full is stretched this much rather than left with a ragged end.
const STRETCH = 1.2;

/** The width of a picture's box divided by its height. */
export function boxAspect({ width, height }) {
  const aspect = width > 0 && height > 0 ? width / height : UNKNOWN;
  return Math.min(FLATTEST, Math.max(TALLEST, aspect));
}

/** The row height, in CSS pixels, that suits a grid this wide. */
export function rowHeightFor(width) {
  return Math.round(Math.min(280, Math.max(124, 88 + width * 0.088)));
}

/**
 * Places pictures in rows. `width`, `rowHeight` (what rows aim at) and `gap` are CSS pixels.
 * Gives one box {left, top, width, height, row} per picture, in whole pixels, and the height of them all.
 * A last row that is far from full keeps the aimed height and stays at the left.
 */
export function justify(pictures, { width, rowHeight, gap }) {
  const aspects = pictures.map(boxAspect);
  const boxes = [];
  let top = 0;
  let row = 0;
  let start = 0;
  while (start < aspects.length) {
    const { end, full } = rowEnd(aspects, start, width, rowHeight, gap);
    const fitted = heightOfRow(aspects, start, end, width, gap);
    const height = Math.round(full ? fitted : Math.min(fitted, rowHeight));
    let edge = 0;
    for (let at = start; at < end; at += 1) {
      const left = Math.round(edge);
      edge += aspects[at] * (full ? fitted : height);
      const right = Math.round(edge);
      boxes.push({ left, top, width: right - left, height, row });
      edge += gap;
    }
    top += height + gap;
    row += 1;
    start = end;
  }
  return { boxes, height: Math.max(0, top - gap) };
}

function heightOfRow(aspects, start, end, width, gap) {
  let sum = 0;
  for (let at = start; at < end; at += 1) sum += aspects[at];
  return (width - gap * (end - start - 1)) / sum;
}

// A row takes pictures until it is no taller than aimed at, then drops the last one if that comes closer.
function rowEnd(aspects, start, width, rowHeight, gap) {
  for (let end = start + 1; end <= aspects.length; end += 1) {
    const height = heightOfRow(aspects, start, end, width, gap);
    if (height > rowHeight) continue;
    if (end - 1 === start) return { end, full: true };
    const without = heightOfRow(aspects, start, end - 1, width, gap);
    return without / rowHeight < rowHeight / height ? { end: end - 1, full: true } : { end, full: true };
  }
  const left = heightOfRow(aspects, start, aspects.length, width, gap);
  return { end: aspects.length, full: left <= rowHeight * STRETCH };
}
