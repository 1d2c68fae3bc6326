// How the page looks: sizes of windows, aspect ratios, contrast, colour schemes and motion.

import assert from 'node:assert/strict';

import { reference } from './stage.mjs';

export function looksTests(stage) {
  for (const width of [360, 820, 3440]) {
    stage.test(`fits a window ${width} pixels wide`, async (visit) => {
      const { hits } = await visit.hits();
      await visit.open(`?image=${reference(hits[0])}&filter=image.width:>=1`);
      await expectNoSideways(visit);
      await visit.page.getByRole('button', { name: 'How to write a filter' }).click();
      await expectNoSideways(visit);
      const help = await visit.page.locator('#filter-help').boundingBox();
      assert.ok(help.x >= 0 && help.x + help.width <= width);
      await visit.page.keyboard.press('Escape');
      await visit.tile(0).click();
      await visit.page.locator('#viewer-fields table').first().waitFor();
      await expectNoSideways(visit);
      const sideways = await visit.page.evaluate(() => ['#viewer', '#viewer-side'].map((id) => document.querySelector(id)).some((box) => box.scrollWidth > box.clientWidth));
      assert.ok(!sideways);
    }, { viewport: { width, height: 740 } });
  }

  stage.test('rows keep every aspect ratio and do not jump when thumbnails come', async (visit) => {
    const { hits } = await visit.hits();
    let release;
    const held = new Promise((resolve) => {
      release = resolve;
    });
    await visit.page.route('**/thumbnail?*', async (route) => {
      await held;
      await route.continue();
    });
    await visit.open();
    const before = await boxes(visit);
    release();
    await visit.page.waitForFunction(() => document.querySelectorAll('.tile.loaded').length >= 4);
    const after = await boxes(visit);
    assert.deepEqual(after.slice(0, before.length), before);
    before.slice(0, hits.length).forEach((box, at) => {
      const aspect = hits[at].width / hits[at].height;
      if (aspect < 0.4 || aspect > 4) return;
      assert.ok(Math.abs(box.width / box.height / aspect - 1) < 0.03, `${hits[at].name}: ${box.width} × ${box.height} for ${hits[at].width} × ${hits[at].height}`);
    });
  });

  stage.test('a thumbnail that does not come leaves the name', async (visit) => {
    const { hits } = await visit.hits();
    await visit.page.route('**/thumbnail?*', (route) => route.abort());
    await visit.open();
    await visit.page.locator('.tile.lost').first().waitFor();
    const label = hits[0].title || hits[0].name;
    await visit.page.getByRole('link', { name: label }).first().waitFor();
    await visit.page.waitForFunction(() => getComputedStyle(document.querySelector('.tile.lost a'), '::before').opacity === '1');
  });

  for (const colorScheme of ['light', 'dark']) {
    stage.test(`text can be read in the ${colorScheme} scheme`, async (visit) => {
      const { hits } = await visit.hits();
      await visit.open(`?image=${reference(hits[0])}`);
      await expectContrast(visit, ['#heading', '#status', '.brand', '.segments span', '.chip-name', '#words']);
      await visit.tile(0).click();
      await visit.page.locator('#viewer-fields table').first().waitFor();
      await expectContrast(visit, ['#viewer-title', '#viewer-path', '.part', '.button.strong', '.button:not(.strong)', '.fields th', '.fields td', '.fields caption', '.tag', 'summary']);
      await visit.open('?filter=image.width:%3E%3D99999999');
      await expectContrast(visit, ['.panel h2', '.panel p', '.panel .button']);
    }, { colorScheme });
  }

  stage.test('keeps still for people who ask for it', async (visit) => {
    await visit.open();
    const longest = await visit.page.evaluate(() => Math.max(...[...document.querySelectorAll('*')].flatMap((node) => {
      const style = getComputedStyle(node);
      return [...style.transitionDuration.split(','), ...style.animationDuration.split(',')].map(Number.parseFloat);
    })));
    assert.ok(longest <= 0.001, `something moves for ${longest} s`);
  }, { reducedMotion: 'reduce' });
}

function boxes(visit) {
  return visit.page.locator('.tile').evaluateAll((tiles) => tiles.slice(0, 24).map((tile) => {
    const { left, top, width, height } = tile.getBoundingClientRect();
    return { left, top, width, height };
  }));
}

async function expectNoSideways(visit) {
  const { inner, content } = await visit.page.evaluate(() => ({ inner: document.documentElement.clientWidth, content: document.documentElement.scrollWidth }));
  assert.ok(content <= inner, `${content} pixels of content in ${inner}`);
}

// WCAG 2.2, 1.4.3: 4.5 to 1 against the nearest background that is not transparent.
async function expectContrast(visit, selectors) {
  const poor = await visit.page.evaluate((wanted) => {
    const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
    const bytes = (colour) => {
      canvas.clearRect(0, 0, 1, 1);
      canvas.fillStyle = colour;
      canvas.fillRect(0, 0, 1, 1);
      return canvas.getImageData(0, 0, 1, 1).data;
    };
    const light = ([red, green, blue]) => {
      const [r, g, b] = [red, green, blue].map((value) => (value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4));
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const behind = (node) => {
      for (let at = node; at; at = at.parentElement) {
        const colour = bytes(getComputedStyle(at).backgroundColor);
        if (colour[3] > 220) return colour;
      }
      return bytes(getComputedStyle(document.body).backgroundColor);
    };
    return wanted.flatMap((selector) => [...document.querySelectorAll(selector)].filter((node) => node.checkVisibility()).slice(0, 6).map((node) => {
      const [a, b] = [light(bytes(getComputedStyle(node).color)), light(behind(node))];
      return { selector, ratio: (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05) };
    })).filter(({ ratio }) => ratio < 4.5);
  }, selectors);
  assert.deepEqual(poor, []);
}
