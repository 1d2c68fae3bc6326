// What people read when something is wrong, and how the page goes on afterwards.

import assert from 'node:assert/strict';

export function failureTests(stage) {
  stage.test('says in the server’s words what is wrong with a filter', async (visit) => {
    const filter = 'image.width:[1 TO';
    const { error, status } = await visit.ask(`/_similar?filter=${encodeURIComponent(filter)}`);
    assert.equal(status, 400);
    await visit.open();
    await visit.page.locator('#filter').fill(filter);
    await visit.page.keyboard.press('Enter');
    const panel = visit.page.locator('#panel');
    await panel.getByRole('heading', { name: 'The server cannot answer this search' }).waitFor();
    const [sentence, ...excerpt] = error.reason.split('\n');
    assert.ok((await panel.innerText()).toLowerCase().includes(sentence.toLowerCase()));
    assert.ok(excerpt.length > 0, 'the server shows no place in the filter');
    assert.equal(await panel.locator('pre').textContent(), excerpt.join('\n'));
    assert.equal(await visit.page.locator('#filter').getAttribute('aria-invalid'), 'true');
    assert.notEqual(await visit.page.getByRole('alert').textContent(), '');
    await panel.getByRole('button', { name: 'Clear the filter' }).click();
    await visit.page.locator('.tile').first().waitFor();
    assert.equal(await visit.page.locator('#filter').getAttribute('aria-invalid'), null);
  });

  stage.test('says when nothing is found, and leads back', async (visit) => {
    await visit.open('?filter=image.width:%3E%3D99999999');
    await visit.page.getByRole('heading', { name: 'Nothing found' }).waitFor();
    await visit.page.getByRole('button', { name: 'Show all pictures' }).click();
    await visit.page.locator('.tile').first().waitFor();
    assert.deepEqual(visit.parameters(), {});
  });

  stage.test('refuses what is no picture', async (visit) => {
    await visit.open();
    await visit.page.setInputFiles('#file', { name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('words') });
    await visit.page.getByRole('alert').getByText('“notes.txt” is not a picture.').waitFor();
    await visit.page.setInputFiles('#file', { name: 'broken.png', mimeType: 'image/png', buffer: Buffer.from('this is no PNG at all') });
    await visit.page.getByRole('alert').getByText('The picture could not be used.').waitFor();
    assert.ok(await visit.page.locator('#chip').isHidden());
    assert.ok(await visit.page.locator('.tile').first().isVisible());
  });

  stage.test('says when the query picture is gone', async (visit) => {
    await visit.open(`?image=_uploads/${'0'.repeat(64)}`);
    await visit.page.getByRole('heading', { name: 'The query picture is no longer here' }).waitFor();
    await visit.page.locator('#panel').getByRole('button', { name: 'Remove the picture' }).click();
    await visit.page.locator('.tile').first().waitFor();
  });

  stage.test('welcomes people who have no pictures yet, and shows them when they come', async (visit) => {
    await visit.page.route('**/_health', (route) => route.fulfill({ json: { status: 'green', version: '0.1.0', indices: [] } }));
    await visit.open();
    await visit.page.getByRole('heading', { name: 'No pictures in here yet' }).waitFor();
    assert.ok(await visit.page.getByText('eidetic index FOLDER').isVisible());
    await visit.page.unroute('**/_health');
    await visit.page.locator('.tile').first().waitFor();
  });

  stage.test('survives an answer that is no JSON', async (visit) => {
    await visit.open();
    await visit.page.route('**/_similar?*', (route) => route.fulfill({ status: 200, contentType: 'text/html', body: '<p>hello' }));
    await visit.page.locator('#words').fill('anything');
    await visit.page.keyboard.press('Enter');
    await visit.page.getByRole('heading', { name: 'This page cannot read the answer' }).waitFor();
    await visit.page.unroute('**/_similar?*');
    await visit.page.getByRole('button', { name: 'Try again' }).click();
    await visit.page.getByRole('heading', { name: 'This page cannot read the answer' }).waitFor({ state: 'detached' });
  });

  stage.test('keeps the pictures when a later page fails, and goes on from there', async (visit) => {
    const { total } = await visit.hits();
    if (total <= 60) return;
    await visit.page.route(/_similar\?.*from=[1-9]/, (route) => route.fulfill({ status: 500, json: { error: { type: 'internal', reason: 'disk on fire' }, status: 500 } }));
    await visit.open();
    await visit.page.evaluate(() => window.scrollTo(0, document.documentElement.scrollHeight));
    await visit.page.getByText('Disk on fire.').waitFor();
    assert.equal(await visit.page.locator('.tile').count(), 60);
    await visit.page.unroute(/_similar\?.*from=[1-9]/);
    await visit.page.locator('#more').getByRole('button', { name: 'Try again' }).click();
    await visit.page.waitForFunction(() => document.querySelectorAll('.tile').length > 60);
  });

  stage.test('says when the server is gone, and goes on when it is back', async (visit) => {
    const { server } = visit.stage;
    const word = await visit.word();
    const { hits } = await visit.hits({ q: word });
    await visit.open();
    if (server.owned) await server.stop();
    else await visit.context.setOffline(true);
    try {
      await visit.page.locator('#words').fill(word);
      await visit.page.keyboard.press('Enter');
      await visit.page.getByRole('heading', { name: 'The server does not answer' }).waitFor();
      await visit.page.getByRole('button', { name: 'Try again' }).click();
      await visit.page.getByRole('heading', { name: 'The server does not answer' }).waitFor();
    } finally {
      if (server.owned) await server.start();
      else await visit.context.setOffline(false);
    }
    await visit.expectHits(hits);
  });
}
