// The page's pure modules, run in the browser that they are written for.

import assert from 'node:assert/strict';

export function moduleTests(stage) {
  stage.test('rows are justified for any pictures and any width', async (visit) => {
    await visit.open();
    const wrong = await visit.page.evaluate(async () => {
      const { boxAspect, justify, rowHeightFor } = await import('/_ui/layout.js');
      let seed = 7;
      const random = () => {
        // Numerical Recipes' linear congruential generator: the same pictures in every run.
        seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
        return seed / 2 ** 32;
      };
      const found = [];
      for (let round = 0; round < 200; round += 1) {
        const pictures = Array.from({ length: Math.floor(random() * 90) }, () => ({ width: Math.floor(random() * 5000), height: Math.floor(random() * 5000) }));
        const width = 300 + Math.floor(random() * 3400);
        const rowHeight = rowHeightFor(width);
        const { boxes, height } = justify(pictures, { width, rowHeight, gap: 6 });
        if (boxes.length !== pictures.length) found.push('a picture has no box');
        const rows = Map.groupBy(boxes, (box) => box.row);
        boxes.forEach((box, at) => {
          const before = boxes[at - 1];
          if (before && box.row === before.row && Math.abs(box.left - before.left - before.width - 6) > 1) found.push('gap');
          if (before && box.row !== before.row && box.top !== before.top + before.height + 6) found.push('row gap');
          if (box.left < 0 || box.left + box.width > width || box.width < 1 || box.height < 1) found.push(`outside ${JSON.stringify(box)} in ${width}`);
          if (box.top + box.height > height) found.push('below the end');
          const aspect = boxAspect(pictures[at]);
          if (Math.abs(box.width - box.height * aspect) > 2 + aspect) found.push(`aspect ${box.width}/${box.height} for ${aspect}`);
        });
        for (const [row, inRow] of rows) {
          const last = inRow.at(-1);
          if (row < rows.size - 1 && last.left + last.width !== width) found.push('ragged edge');
        }
      }
      return found.slice(0, 5);
    });
    assert.deepEqual(wrong, []);
  });

  stage.test('addresses are read as they are written', async (visit) => {
    await visit.open();
    const pairs = await visit.page.evaluate(async () => {
      const { parseAddress, splitReference, writeAddress } = await import('/_ui/address.js');
      const odd = ['', 'a b', 'a+b&c=d#e%41', '100%', 'image.width:>=1000 AND (a:"b c" OR d:[1 TO 2])', 'Grüße 山 🌅', 'pictures/a/b', '?q=x'];
      const addresses = odd.map((value, at) => ({ q: value, image: odd[(at + 1) % odd.length], feature: at % 2 ? 'color' : 'auto', filter: odd[(at + 3) % odd.length], index: '', show: odd[(at + 5) % odd.length] }));
      return { addresses: addresses.map((address) => [address, parseAddress(writeAddress(address).replace('./', ''))]), split: splitReference('pictures/a/b'), empty: writeAddress(parseAddress('')) };
    });
    for (const [wanted, read] of pairs.addresses) assert.deepEqual(read, wanted);
    assert.deepEqual(pairs.split, { index: 'pictures', id: 'a/b' });
    assert.equal(pairs.empty, './');
  });

  stage.test('values are written as people read them', async (visit) => {
    await visit.open();
    const written = await visit.page.evaluate(async () => {
      const format = await import('/_ui/format.js');
      const { filterFor } = await import('/_ui/searchbar.js');
      return [
        format.exposure(0.004), format.exposure(2), format.bytes(999), format.bytes(123456), format.bytes(5_250_000), format.place({ lat: -54.1, lon: 8.9 }),
        format.taken('2021-06-01T20:15:00.000Z'), format.taken('2021-06-01T20:15:00'), format.taken('2021-06-01T20:15:00+03:00'), format.taken('long ago'),
        format.moment('2021-06-01T20:15:00.000Z'), format.pictures(1), format.pictures(2500),
        filterFor('image.colors.name', 'blue'), filterFor('file.folders', 'Two words'), filterFor('image.camera', 'A "B" \\ C'), filterFor('file.folders', 'AND'),
      ];
    });
    assert.deepEqual(written, [
      '1/250 s', '2 s', '999 bytes', '123 kB', '5.25 MB', '54.1000° S, 8.9000° E',
      '1 June 2021 at 20:15', '1 June 2021 at 20:15', '1 June 2021 at 20:15', 'long ago', '1 June 2021 at 17:45', '1 picture', '2,500 pictures',
      'image.colors.name:blue', 'file.folders:"Two words"', 'image.camera:"A \\"B\\" \\\\ C"', 'file.folders:"AND"',
    ]);
  });
}
