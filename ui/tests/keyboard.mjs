// Everything by keyboard alone, and what assistive programs are told.

import assert from 'node:assert/strict';

import { reference } from './stage.mjs';

export function keyboardTests(stage) {
  stage.test('is used from end to end by keyboard alone', async (visit) => {
    const { page } = visit;
    const { hits } = await visit.hits();
    const word = await visit.word();
    await visit.open();
    await visit.expectHits(hits);

    await page.keyboard.press('Tab');
    assert.equal(await page.evaluate(() => document.activeElement.id), 'skip');
    const skip = await page.locator('#skip').boundingBox();
    assert.ok(skip.y >= 0, 'the skip link is seen while it has the keyboard');
    await page.keyboard.press('Enter');
    assert.equal(await focusedPicture(page), reference(hits[0]));

    await page.keyboard.press('ArrowRight');
    assert.equal(await focusedPicture(page), reference(hits[1]));
    await page.keyboard.press('ArrowDown');
    const below = await focusedBox(page);
    await page.keyboard.press('ArrowUp');
    const above = await focusedBox(page);
    assert.ok(above.bottom <= below.top, 'up and down go to the neighbouring row');
    await page.keyboard.press('End');
    const shown = await page.locator('.tile').count();
    assert.ok(shown >= Math.min(60, hits.length));
    await page.keyboard.press('Home');
    assert.equal(await focusedPicture(page), reference(hits[0]));

    await page.keyboard.press('Enter');
    await visit.expectShown(hits[0]);
    assert.ok(await page.evaluate(() => document.querySelector('#viewer').contains(document.activeElement)));
    await page.keyboard.press('ArrowRight');
    await visit.expectShown(hits[1]);
    await page.keyboard.press('Escape');
    await visit.expectClosed();
    assert.equal(await focusedPicture(page), reference(hits[1]));

    await page.keyboard.press('/');
    assert.equal(await page.evaluate(() => document.activeElement.id), 'words');
    await page.keyboard.type(`${word}/`);
    assert.equal(await page.locator('#words').inputValue(), `${word}/`);
    await page.keyboard.press('Backspace');
    await page.keyboard.press('Enter');
    await page.waitForURL(/q=/);
    await visit.expectHits((await visit.hits({ q: word })).hits);
  });

  stage.test('the grid is one tab stop', async (visit) => {
    await visit.open();
    assert.equal(await visit.page.locator('.tile a[tabindex="0"]').count(), 1);
    assert.equal(await visit.page.locator('.tile button:not([tabindex="-1"])').count(), 0);
  });

  stage.test('every control that the keyboard reaches shows where it is', async (visit) => {
    const { page } = visit;
    const { hits } = await visit.hits();
    await visit.open(`?image=${reference(hits[0])}&q=x&filter=image.width:>=1`);
    const seen = new Set();
    for (let step = 0; step < 40; step += 1) {
      await page.keyboard.press('Tab');
      const { name, visible } = await page.evaluate(async () => {
        const at = document.activeElement;
        const fading = [at, at.closest('.box')].flatMap((node) => node?.getAnimations() ?? []);
        await Promise.allSettled(fading.map((animation) => animation.finished));
        // The sign may be drawn by the control, by what surrounds it, or by what stands beside it.
        const drawn = (style) => (style.outlineStyle !== 'none' && style.outlineWidth !== '0px') || style.boxShadow.includes('3px');
        const places = [getComputedStyle(at), getComputedStyle(at, '::after'), at.nextElementSibling && getComputedStyle(at.nextElementSibling), at.closest('.box') && getComputedStyle(at.closest('.box'))];
        return { name: at.id || at.className || at.tagName, visible: at === document.body || places.some((style) => style && drawn(style)) };
      });
      assert.ok(visible, `${name} does not show that it has the keyboard`);
      seen.add(name);
    }
    for (const id of ['words', 'filter', 'pick', 'clear-filter', 'filter-help-open']) assert.ok(seen.has(id), `${id} is not reached`);
  });

  stage.test('every control has a name and every picture its words', async (visit) => {
    const { hits } = await visit.hits();
    await visit.open(`?image=${reference(hits[0])}&filter=image.width:>=1`);
    await visit.expectHits((await visit.hits({ image: reference(hits[0]), filter: 'image.width:>=1' })).hits.slice(0, 5));
    await expectNames(visit);
    await visit.page.getByRole('button', { name: 'How to write a filter' }).click();
    await expectNames(visit);
    await visit.page.keyboard.press('Escape');
    await visit.tile(0).click();
    await visit.page.locator('#viewer-fields table').first().waitFor();
    await expectNames(visit);
    await visit.page.getByRole('dialog').waitFor();
  });

  stage.test('counts and errors are announced', async (visit) => {
    await visit.open();
    const status = visit.page.getByRole('status').first();
    assert.equal(await status.getAttribute('aria-live'), 'polite');
    assert.match(await status.textContent(), /picture/);
    assert.equal(await visit.page.getByRole('main').count(), 1);
    assert.equal(await visit.page.getByRole('search').count(), 1);
    assert.equal(await visit.page.getByRole('heading', { level: 1 }).count(), 1);
    assert.equal(await visit.page.locator('html').getAttribute('lang'), 'en');
  });
}

const CONTROLS = new Set(['button', 'link', 'textbox', 'searchbox', 'radio', 'combobox', 'checkbox', 'img', 'image', 'dialog', 'group', 'list']);

// The browser's own reading of the page, as it hands it to assistive programs.
async function expectNames(visit) {
  const session = await visit.context.newCDPSession(visit.page);
  const { nodes } = await session.send('Accessibility.getFullAXTree');
  await session.detach();
  const controls = nodes.filter((node) => !node.ignored && CONTROLS.has(node.role?.value));
  assert.ok(controls.length > 10);
  const nameless = controls.filter((node) => !node.name?.value?.trim() && !['group', 'list', 'img', 'image'].includes(node.role.value));
  assert.deepEqual(nameless.map((node) => `${node.role.value} ${node.backendDOMNodeId}`), []);
  assert.equal(await visit.page.locator('img:not([alt])').count(), 0);
  assert.equal(await visit.page.locator('.tile img[alt=""]').count(), 0);
  const twice = await visit.page.evaluate(() => {
    const ids = [...document.querySelectorAll('[id]')].map((node) => node.id);
    return ids.filter((id, at) => ids.indexOf(id) !== at);
  });
  assert.deepEqual(twice, []);
}

function focusedPicture(page) {
  return page.evaluate(() => document.activeElement.href && new URL(document.activeElement.href).searchParams.get('show'));
}

function focusedBox(page) {
  return page.evaluate(() => document.activeElement.getBoundingClientRect().toJSON());
}
