// Writes a picture as a PNG that is at most so many bytes, giving up as little of it as that takes.
//
// PNG stores each pixel's difference to a prediction from its neighbours. Rounding these differences to multiples of a
// step makes them repeat, so that they compress; the prediction is made from what a reader will have, so that errors do
// not add up. Flat areas, which is to say text and controls, are kept exactly.

import { crc32, deflateSync } from 'node:zlib';

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const LARGEST_STEP = 24;
// The PNG specification's fourth filter (W3C PNG, 9.4).
const PAETH = 4;

/** Encodes rows of RGB bytes; the step grows from 1, which loses nothing, until the file fits. Gives {png, step}. */
export function encodeWithin(rgb, width, height, largestBytes) {
  for (let step = 1; ; step += 1 + (step >> 2)) {
    const png = encode(rgb, width, height, step);
    if (png.length <= largestBytes || step >= LARGEST_STEP) return { png, step };
  }
}

function encode(rgb, width, height, step) {
  const stride = width * 3;
  const seen = new Uint8Array(rgb.length);
  const lines = Buffer.alloc((stride + 1) * height);
  for (let y = 0; y < height; y += 1) {
    lines[y * (stride + 1)] = PAETH;
    for (let x = 0; x < stride; x += 1) {
      const at = y * stride + x;
      const left = x >= 3 ? seen[at - 3] : 0;
      const above = y ? seen[at - stride] : 0;
      const corner = x >= 3 && y ? seen[at - stride - 3] : 0;
      const predicted = paeth(left, above, corner);
      let difference = rgb[at] - predicted;
      if (!isFlat(rgb, at, x, y, stride)) difference = Math.round(difference / step) * step;
      // Past the ends of the range the exact difference is used.
      if (predicted + difference < 0 || predicted + difference > 255) difference = rgb[at] - predicted;
      seen[at] = predicted + difference;
      lines[y * (stride + 1) + 1 + x] = difference & 0xff;
    }
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  // Eight bits, red green blue, and the only methods of compression, filtering and order that there are.
  header.set([8, 2, 0, 0, 0], 8);
  return Buffer.concat([SIGNATURE, chunk('IHDR', header), chunk('IDAT', deflateSync(lines, { level: 9 })), chunk('IEND', Buffer.alloc(0))]);
}

function isFlat(rgb, at, x, y, stride) {
  return (x >= 3 && rgb[at] === rgb[at - 3]) || (y > 0 && rgb[at] === rgb[at - stride]);
}

function paeth(left, above, corner) {
  const guess = left + above - corner;
  const [toLeft, toAbove, toCorner] = [Math.abs(guess - left), Math.abs(guess - above), Math.abs(guess - corner)];
  if (toLeft <= toAbove && toLeft <= toCorner) return left;
  return toAbove <= toCorner ? above : corner;
}

function chunk(type, data) {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const framed = Buffer.alloc(named.length + 8);
  framed.writeUInt32BE(data.length, 0);
  named.copy(framed, 4);
  framed.writeUInt32BE(crc32(named), named.length + 4);
  return framed;
}
