// One picture in the dialog: its fields, its actions, and the way along the hits.

import assert from 'node:assert/strict';

import { reference } from './stage.mjs';

export function viewerTests(stage) {
  stage.test('opens a picture, goes along the hits, and Back closes it', async (visit) => {
    const { hits } = await visit.hits();
    await visit.open();
    await visit.tile(0).click();
    await visit.expectShown(hits[0]);
    await visit.page.keyboard.press('ArrowRight');
    await visit.expectShown(hits[1]);
    await visit.page.getByRole('button', { name: 'Next picture' }).click();
    await visit.expectShown(hits[2]);
    await visit.page.keyboard.press('ArrowLeft');
    await visit.expectShown(hits[1]);
    await visit.page.goBack();
    await visit.expectClosed();
    assert.equal(await focusedPicture(visit), reference(hits[1]));
    await visit.page.goForward();
    await visit.expectShown(hits[1]);
  });

  stage.test('closing leaves no step behind', async (visit) => {
    const { hits } = await visit.hits();
    await visit.open();
    const steps = await visit.page.evaluate(() => history.length);
    for (const close of ['Escape', 'button']) {
      await visit.tile(1).click();
      await visit.expectShown(hits[1]);
      if (close === 'Escape') await visit.page.keyboard.press('Escape');
      else await visit.page.getByRole('button', { name: 'Close' }).click();
      await visit.expectClosed();
    }
    assert.equal(await visit.page.evaluate(() => history.length), steps + 1);
  });

  stage.test('shows the original at its own aspect ratio, inside the window', async (visit) => {
    const { hits } = await visit.hits();
    await visit.open(`?show=${reference(hits[0])}`);
    await visit.expectShown(hits[0]);
    await visit.page.waitForFunction(() => document.querySelector('#viewer-picture').src.endsWith('/original'));
    const box = await visit.page.locator('#viewer-picture').boundingBox();
    assert.ok(Math.abs(box.width / box.height / (hits[0].width / hits[0].height) - 1) < 0.02);
    assert.ok(box.x >= 0 && box.y >= 0 && box.y + box.height <= 800);
  });

  stage.test('shows the fields, and all of them as JSON', async (visit) => {
    const { hits } = await visit.hits();
    const record = await visit.ask(`/_images/${hits[0].index}/${hits[0].id}`);
    await visit.open(`?show=${reference(hits[0])}`);
    await visit.expectShown(hits[0]);
    const text = await visit.page.locator('#viewer-fields').innerText();
    const { image, file, path } = record.source;
    assert.ok(text.includes(image.format.toUpperCase()));
    assert.ok(text.includes(`${image.width.toLocaleString('en-GB')} × ${image.height.toLocaleString('en-GB')}`));
    if (file?.name) assert.ok(text.includes(file.name));
    for (const folder of file?.folders ?? []) assert.ok(text.includes(folder));
    for (const word of image.keywords ?? []) assert.ok(text.includes(word));
    if (image.caption) assert.ok(text.includes(image.caption));
    assert.equal(await visit.page.locator('#viewer-fields .swatch').count(), image.colors?.length ?? 0);
    assert.equal(await visit.page.locator('#viewer-path').textContent(), path);
    assert.equal(await visit.page.locator('#viewer-title').textContent(), image.title || file.name);
    const raw = visit.page.locator('.raw pre');
    assert.ok(await raw.isHidden());
    await visit.page.getByText('All fields as JSON').click();
    assert.deepEqual(JSON.parse(await raw.textContent()), record);
  });

  stage.test('says which part matched and how well', async (visit) => {
    const { hits: [first] } = await visit.hits();
    const { hits } = await visit.hits({ image: reference(first) });
    await visit.open(`?image=${reference(first)}`);
    await visit.tile(0).click();
    await visit.expectShown(hits[0]);
    assert.equal(await visit.page.locator('#viewer-match .part').count(), hits[0].matched.length);
    const score = Number((await visit.page.locator('#viewer-match .score').textContent()).replace(/[^\d.-]/g, ''));
    assert.ok(Math.abs(score - hits[0].score) <= Math.abs(hits[0].score) * 0.01, `shown ${score}, got ${hits[0].score}`);
  });

  stage.test('copies the path and leads to the original', async (visit) => {
    await visit.context.grantPermissions(['clipboard-read', 'clipboard-write']);
    const { hits } = await visit.hits();
    await visit.open(`?show=${reference(hits[0])}`);
    await visit.expectShown(hits[0]);
    await visit.page.getByRole('button', { name: 'Copy path' }).click();
    await visit.page.getByRole('button', { name: 'Copied' }).waitFor();
    assert.equal(await visit.page.evaluate(() => navigator.clipboard.readText()), hits[0].path);
    const opened = visit.context.waitForEvent('page');
    await visit.page.getByRole('link', { name: 'Open original' }).click();
    assert.match((await opened).url(), /\/original$/);
  });

  stage.test('finds more like the shown picture; Back shows it again', async (visit) => {
    const { hits } = await visit.hits();
    await visit.open();
    await visit.tile(2).click();
    await visit.expectShown(hits[2]);
    await visit.page.getByRole('button', { name: 'More like this' }).first().click();
    await visit.page.waitForURL(/image=/);
    await visit.expectClosed();
    assert.deepEqual(visit.parameters(), { image: reference(hits[2]) });
    await visit.expectHits((await visit.hits({ image: reference(hits[2]) })).hits);
    await visit.page.goBack();
    await visit.expectShown(hits[2]);
    await visit.expectHits(hits);
  });

  stage.test('searches on from a colour', async (visit) => {
    const { hits } = await visit.hits();
    await visit.open(`?show=${reference(hits[0])}`);
    await visit.expectShown(hits[0]);
    await visit.page.locator('#viewer-fields .swatch').first().click();
    await visit.page.waitForURL(/filter=/);
    const { filter } = visit.parameters();
    assert.match(filter, /^image\.colors\.name:/);
    await visit.expectHits((await visit.hits({ filter })).hits);
  });

  stage.test('says so when a shared picture is gone', async (visit) => {
    const { hits } = await visit.hits();
    await visit.open(`?show=${hits[0].index}/no-such-picture`);
    await visit.page.getByRole('heading', { name: 'This picture is no longer here' }).waitFor();
    await visit.page.keyboard.press('Escape');
    await visit.expectClosed();
  });
}

function focusedPicture(visit) {
  return visit.page.evaluate(() => document.activeElement.href && new URL(document.activeElement.href).searchParams.get('show'));
}
