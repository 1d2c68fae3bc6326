// Searching: by a picture however it comes, by words, with a filter, and by more of the same.

import assert from 'node:assert/strict';

import { reference } from './stage.mjs';

export function searchTests(stage) {
  stage.test('shows all pictures when nothing is asked', async (visit) => {
    const { hits, total } = await visit.hits();
    await visit.open();
    await visit.expectHits(hits);
    assert.match(await visit.page.locator('#status').textContent(), new RegExp(`^${total.toLocaleString('en-GB')} picture`));
  });

  stage.test('searches by a picked picture', async (visit) => {
    const { hits } = await visit.hits();
    const picked = hits[Math.min(3, hits.length - 1)];
    await visit.open();
    await visit.page.setInputFiles('#file', await visit.original(picked));
    await expectFound(visit, picked);
  });

  stage.test('searches by a dropped picture', async (visit) => {
    const { hits } = await visit.hits();
    await visit.open();
    await give(visit, hits[1], 'drop');
    await expectFound(visit, hits[1]);
  });

  stage.test('searches by a pasted picture', async (visit) => {
    const { hits } = await visit.hits();
    await visit.open();
    await give(visit, hits[2], 'paste');
    await expectFound(visit, hits[2]);
  });

  stage.test('searches by a picture dragged out of the grid', async (visit) => {
    const { hits } = await visit.hits();
    await visit.open();
    await visit.tile(1).dragTo(visit.page.locator('#words'));
    await visit.page.waitForURL(/image=/);
    assert.equal(visit.parameters().image, reference(hits[1]));
  });

  stage.test('looks only at what is chosen, and forgets it with the picture', async (visit) => {
    const { indices: [{ features }] } = await visit.ask('/_health');
    const { hits: [first] } = await visit.hits();
    await visit.open(`?image=${reference(first)}`);
    const choices = visit.page.locator('#features input');
    assert.deepEqual(await choices.evaluateAll((inputs) => inputs.map((input) => input.value)), ['auto', ...features]);
    const feature = features.at(-1);
    await visit.page.locator(`#features input[value="${feature}"]`).check();
    await visit.page.waitForURL(new RegExp(`feature=${feature}`));
    const { hits } = await visit.hits({ image: reference(first), feature });
    await visit.expectHits(hits);
    await visit.page.locator('#chip button').click();
    await visit.page.waitForURL((url) => !url.searchParams.has('image') && !url.searchParams.has('feature'));
    assert.ok(await visit.page.locator('#chip').isHidden());
    assert.ok(await visit.page.locator('#features').isHidden());
  });

  stage.test('searches by words', async (visit) => {
    const word = await visit.word();
    const { hits } = await visit.hits({ q: word });
    await visit.open();
    await visit.page.getByRole('searchbox', { name: 'Words' }).fill(word);
    await visit.page.keyboard.press('Enter');
    await visit.page.waitForURL(/q=/);
    await visit.expectHits(hits);
    assert.equal(visit.parameters().q, word);
    assert.match(await visit.page.title(), new RegExp(word));
  });

  stage.test('filters, and clears the filter', async (visit) => {
    const all = await visit.hits();
    const widths = all.hits.map((hit) => hit.width).sort((a, b) => a - b);
    const filter = `image.width:>=${widths[Math.floor(widths.length / 2)]}`;
    const { hits, total } = await visit.hits({ filter });
    await visit.open();
    await visit.page.getByLabel('Filter', { exact: true }).fill(filter);
    await visit.page.keyboard.press('Enter');
    await visit.page.waitForURL(/filter=/);
    await visit.expectHits(hits);
    assert.match(await visit.page.locator('#status').textContent(), new RegExp(`^${total.toLocaleString('en-GB')} picture`));
    await visit.page.getByRole('button', { name: 'Clear the filter' }).click();
    await visit.page.waitForURL((url) => !url.searchParams.has('filter'));
    await visit.expectHits(all.hits);
  });

  stage.test('starts a filter from an example', async (visit) => {
    await visit.open();
    await visit.page.getByRole('button', { name: 'How to write a filter' }).click();
    const example = visit.page.locator('#filter-help .example').first();
    const text = await example.locator('code').textContent();
    await example.click();
    assert.equal(await visit.page.locator('#filter').inputValue(), text);
    assert.ok(await visit.page.locator('#filter').evaluate((box) => box === document.activeElement));
    assert.ok(await visit.page.locator('#filter-help').isHidden());
  });

  stage.test('finds more like a picture, keeping the filter', async (visit) => {
    const filter = 'image.width:>=1';
    const { hits: [, second] } = await visit.hits({ filter });
    await visit.open(`?filter=${encodeURIComponent(filter)}`);
    await visit.page.locator('.tile').nth(1).hover();
    await visit.page.locator('.tile').nth(1).locator('.tile-similar').click();
    await visit.page.waitForURL(/image=/);
    assert.deepEqual(visit.parameters(), { image: reference(second), filter });
    const { hits } = await visit.hits({ image: reference(second), filter });
    await visit.expectHits(hits);
  });

  stage.test('loads more near the end, and each picture once', async (visit) => {
    const { total } = await visit.hits();
    const wanted = Math.min(total, 130);
    await visit.open();
    await visit.page.waitForFunction((number) => {
      window.scrollTo(0, document.documentElement.scrollHeight);
      return document.querySelectorAll('.tile').length >= number;
    }, wanted);
    const shown = await visit.page.locator('.tile a').evaluateAll((links) => links.map((link) => link.href));
    assert.equal(new Set(shown).size, shown.length);
  });

  stage.test('leads on through the pictures like one, to the last', async (visit) => {
    const { hits: [first], total } = await visit.hits();
    const { indices: [{ features }] } = await visit.ask('/_health');
    await visit.open(`?image=${reference(first)}&feature=${features.at(-1)}`);
    assert.match(await visit.page.locator('#status').textContent(), /^Most alike first in [\d,]+ ms$/);
    const wanted = Math.min(total - 1, 130);
    await visit.page.waitForFunction((number) => {
      window.scrollTo(0, document.documentElement.scrollHeight);
      return document.querySelectorAll('.tile').length >= number;
    }, wanted);
    if (wanted < total - 1) return;
    await visit.page.locator('#more').waitFor({ state: 'hidden' });
    assert.equal(await visit.page.locator('.tile').count(), wanted);
  });

  stage.test('goes back and forward through searches, to the same place', async (visit) => {
    const word = await visit.word();
    const all = await visit.hits();
    const found = await visit.hits({ q: word });
    await visit.open();
    await visit.expectHits(all.hits);
    await visit.page.evaluate(() => window.scrollTo(0, 300));
    const place = await visit.page.evaluate(() => window.scrollY);
    await visit.page.keyboard.press('/');
    await visit.page.keyboard.type(word);
    await visit.page.keyboard.press('Enter');
    await visit.page.waitForURL(/q=/);
    await visit.expectHits(found.hits);
    await visit.page.goBack();
    await visit.expectHits(all.hits);
    assert.equal(await visit.page.locator('#words').inputValue(), '');
    assert.equal(await visit.page.evaluate(() => window.scrollY), place);
    await visit.page.goForward();
    await visit.expectHits(found.hits);
    assert.equal(await visit.page.locator('#words').inputValue(), word);
  });

  stage.test('a reload comes back to the same place among the same pictures', async (visit) => {
    const { total } = await visit.hits();
    await visit.open();
    await visit.page.waitForFunction((number) => {
      window.scrollTo(0, document.documentElement.scrollHeight);
      return document.querySelectorAll('.tile').length >= number;
    }, Math.min(total, 100));
    await visit.page.evaluate(() => window.scrollBy(0, -200));
    const place = await visit.page.evaluate(() => window.scrollY);
    assert.ok(place > 0);
    await visit.page.reload();
    await visit.page.waitForFunction((y) => window.scrollY === y, place);
  });

  stage.test('restores a shared address and a reload', async (visit) => {
    const word = await visit.word();
    const filter = 'image.width:>=1';
    const { hits } = await visit.hits({ q: word, filter });
    const address = `?q=${encodeURIComponent(word)}&filter=${encodeURIComponent(filter)}&show=${reference(hits[0])}`;
    await visit.open(address);
    for (let round = 0; round < 2; round += 1) {
      await visit.expectShown(hits[0]);
      await visit.expectHits(hits);
      assert.equal(await visit.page.locator('#words').inputValue(), word);
      assert.equal(await visit.page.locator('#filter').inputValue(), filter);
      await visit.page.reload();
    }
    await visit.expectShown(hits[0]);
    await visit.page.keyboard.press('Escape');
    await visit.expectClosed();
    assert.deepEqual(visit.parameters(), { q: word, filter });
  });
}

async function expectFound(visit, hit) {
  await visit.page.waitForURL(/image=_uploads/);
  const { image } = visit.parameters();
  const { hits } = await visit.hits({ image });
  await visit.expectHits(hits);
  // The very same picture is among the nearest; a copy of it may come before it.
  assert.ok(hits.slice(0, 3).some((near) => reference(near) === reference(hit)), 'the same picture is not among the first three');
  const chip = visit.page.locator('#chip');
  assert.match(await chip.locator('img').getAttribute('alt'), new RegExp(hit.name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')));
  await visit.page.waitForFunction(() => document.querySelector('#chip img')?.naturalWidth > 0);
}

// Drops or pastes a hit's own file, as a browser would hand it over.
function give(visit, hit, how) {
  return visit.page.evaluate(async ({ url, name, kind }) => {
    const blob = await (await fetch(url)).blob();
    const transfer = new DataTransfer();
    transfer.items.add(new File([blob], name, { type: blob.type }));
    if (kind === 'paste') {
      document.dispatchEvent(new ClipboardEvent('paste', { clipboardData: transfer, bubbles: true, cancelable: true }));
      return;
    }
    const target = document.querySelector('#grid');
    for (const type of ['dragenter', 'dragover', 'drop']) {
      target.dispatchEvent(new DragEvent(type, { dataTransfer: transfer, bubbles: true, cancelable: true }));
      if (type === 'dragover' && !document.querySelector('#drop').matches(':popover-open')) throw new Error('nothing says that a picture can be dropped');
    }
    if (document.querySelector('#drop').matches(':popover-open')) throw new Error('the veil stays after the drop');
  }, { url: `/_images/${encodeURIComponent(hit.index)}/${encodeURIComponent(hit.id)}/original`, name: hit.name, kind: how });
}
