// What every test of the page needs: visits to the page, and the server's own answers to compare with.

import assert from 'node:assert/strict';
import { test } from 'node:test';

export class Stage {
  server;
  browser;

  /** Registers a test that gets a visit of its own; page errors and breaches of the content policy make it fail. The time limits only end what hangs. */
  test(name, run, options = {}) {
    test(`page: ${name}`, { timeout: 600_000 }, async () => {
      const context = await this.browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'en-GB', timezoneId: 'America/St_Johns', ...options });
      context.setDefaultTimeout(120_000);
      const visit = new Visit(this, context, await context.newPage());
      try {
        await run(visit);
        assert.deepEqual(visit.complaints, []);
      } finally {
        await context.close();
      }
    });
  }
}

export class Visit {
  complaints = [];

  constructor(stage, context, page) {
    this.stage = stage;
    this.context = context;
    this.page = page;
    page.on('pageerror', (error) => this.complaints.push(String(error)));
    page.on('console', (message) => {
      if (/content security policy/i.test(message.text())) this.complaints.push(message.text());
    });
  }

  get url() {
    return this.stage.server.url;
  }

  /** Opens the page at an address like `?q=…` and waits until pictures or a message are shown. */
  async open(address = '') {
    await this.page.goto(`${this.url}/${address}`);
    await this.page.locator('.tile, #panel h2').first().waitFor();
  }

  /** The server's answer to a route, as JSON. */
  async ask(route) {
    const response = await fetch(`${this.url}${route}`);
    return response.json();
  }

  /** The server's hits for the parameters of a search. */
  async hits(parameters = {}) {
    const index = (await this.ask('/_health')).indices[0].index;
    const answer = await this.ask(`/_similar?${new URLSearchParams({ index, size: '60', ...parameters })}`);
    assert.ok(answer.hits, JSON.stringify(answer));
    return answer;
  }

  /** The bytes of a hit's file. */
  async original(hit) {
    const response = await fetch(`${this.url}/_images/${encodeURIComponent(hit.index)}/${encodeURIComponent(hit.id)}/original`);
    assert.equal(response.status, 200);
    return { name: hit.name, mimeType: response.headers.get('content-type') ?? 'image/jpeg', buffer: Buffer.from(await response.arrayBuffer()) };
  }

  /** A word that is in a title or name, so that a search for it finds something. */
  async word() {
    const { hits } = await this.hits();
    const words = hits.flatMap((hit) => (hit.title ?? hit.name).match(/\p{L}{4,}/gu) ?? []);
    for (const word of words) {
      const { total } = await this.hits({ q: word });
      if (total > 0) return word;
    }
    throw new Error('no word of any title or name finds anything');
  }

  /** The address of the page, without its `show`. */
  parameters() {
    return Object.fromEntries(new URL(this.page.url()).searchParams);
  }

  /** Waits until the page shows exactly these hits first, in this order. */
  async expectHits(hits) {
    const wanted = hits.map(reference);
    await this.page.waitForFunction((expected) => {
      const shown = [...document.querySelectorAll('#grid:not([hidden]) .tile a')].map((link) => new URL(link.href).searchParams.get('show'));
      return shown.length >= expected.length && expected.every((one, at) => shown[at] === one);
    }, wanted);
  }

  tile(position) {
    return this.page.locator('.tile a').nth(position);
  }

  /** Waits until this picture is the one in the open dialog. */
  async expectShown(hit) {
    await this.page.waitForFunction((shown) => document.querySelector('#viewer').open && new URL(location.href).searchParams.get('show') === shown, reference(hit));
    await this.page.locator('#viewer-fields table').first().waitFor();
  }

  async expectClosed() {
    await this.page.waitForFunction(() => !document.querySelector('#viewer').open && !new URL(location.href).searchParams.has('show'));
  }
}

/** `index/id`, as addresses write it. */
export function reference(hit) {
  return `${hit.index}/${hit.id}`;
}
