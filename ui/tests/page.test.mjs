// The one entry of the page's tests: one server and one browser for all of them.

import { after, before, test } from 'node:test';

import { failureTests } from './failures.mjs';
import { findTools, openBrowser, openServer } from './harness.mjs';
import { keyboardTests } from './keyboard.mjs';
import { looksTests } from './looks.mjs';
import { moduleTests } from './modules.mjs';
import { searchTests } from './searches.mjs';
import { viewerTests } from './viewer.mjs';
import { Stage } from './stage.mjs';

const tools = await findTools();
if (tools.missing) {
  console.log(`skipped: page tests: ${tools.missing}`);
  test('page tests', { skip: tools.missing });
} else {
  const stage = new Stage();
  before(async () => {
    stage.server = await openServer();
    stage.browser = await openBrowser(tools);
  });
  after(async () => {
    await stage.browser?.close();
    await stage.server?.close();
  });
  moduleTests(stage);
  searchTests(stage);
  viewerTests(stage);
  keyboardTests(stage);
  looksTests(stage);
  // Last, because these stop the server for a while.
  failureTests(stage);
}
