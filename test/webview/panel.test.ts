import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, it } from 'mocha';
import type { Browser } from 'playwright-core';
import { fromPageSchema } from '../../server/src/protocol/webview.ts';
import { hindrances } from './axe.ts';
import { HOSTILE, LONG, MARKUP, SHOP } from './meshes.ts';
import { openBrowser, openPanel, type PanelOptions, type PanelPage, pathMessage } from './panelPage.ts';
import { THEMES, type ThemeName } from './themes.ts';

let browser: Browser;
let panel: PanelPage;

before(async () => {
  browser = await openBrowser();
});
after(() => browser?.close());
afterEach(() => panel?.close());

async function open(options: PanelOptions = {}, mesh = SHOP, compared = false): Promise<void> {
  panel = await openPanel(browser, options);
  await panel.tell(await pathMessage(mesh.text, mesh.request, compared));
  await panel.page.locator('#drawing svg').waitFor();
}

describe('the page of the panel', () => {
  beforeEach(() => open());

  it('loads and runs nothing but its own parts', async () => {
    assert.equal(panel.complaints.join('\n'), '');
    await panel.page.evaluate(() => {
      const script = document.createElement('script');
      script.textContent = 'window.harmed = true';
      document.body.append(script);
      const image = document.createElement('img');
      image.setAttribute('src', 'https://elsewhere.test/x.png');
      document.body.append(image);
    });
    assert.equal(await panel.page.evaluate('window.harmed'), undefined);
    assert.equal(panel.complaints.filter((complaint) => complaint.includes('Content Security Policy')).length, 2);
    assert.equal(panel.complaints.filter((complaint) => complaint.startsWith('asked for')).length, 0);
  });

  it('ignores messages that it does not know, and says so in the console', async () => {
    const wrong: unknown[] = [null, 'path', { type: 'path' }, { type: 'nothing', text: 1 }, { type: 'run', code: 'x' }];
    await panel.page.evaluate((messages) => {
      for (const message of messages) window.postMessage(message, '*');
    }, wrong);
    await panel.tell({ type: 'nothing', text: 'last' });
    await panel.page.getByText('last').waitFor();
    assert.equal(
      panel.complaints.filter((line) => line.includes('a message that it does not know')).length,
      wrong.length,
    );
  });

  it('takes no picture that could run or load', async () => {
    const { answer, ...message } = await pathMessage(SHOP.text, SHOP.request);
    const hostile: object[] = [
      { tag: 'script', attributes: {}, children: ['window.harmed = true'] },
      { tag: 'rect', attributes: { onload: 'window.harmed = true' }, children: [] },
      { tag: 'path', attributes: { href: 'https://elsewhere.test' }, children: [] },
      { tag: 'rect', attributes: { style: 'background: url(https://elsewhere.test)' }, children: [] },
    ];
    for (const root of hostile) {
      const drawing = { ...answer.drawing, pictures: [{ width: 288, root }] };
      await panel.page.evaluate((data) => window.postMessage(data, '*'), {
        ...message,
        answer: { ...answer, drawing },
      });
    }
    await panel.tell({ type: 'nothing', text: 'last' });
    await panel.page.getByText('last').waitFor();
    assert.equal(panel.complaints.length, hostile.length);
    assert.equal(await panel.page.evaluate('window.harmed'), undefined);
  });

  it('says ready at once, and what each control asks for', async () => {
    const { page } = panel;
    await page.getByRole('button', { name: 'Pin' }).click();
    await page.getByRole('button', { name: 'Compare meshes' }).click();
    await page.getByRole('button', { name: 'Copy link' }).click();
    for (const name of ['SVG', 'Mermaid', 'Text', 'JSON'])
      await page.getByRole('button', { name, exact: true }).click();
    await page.locator('#policy-0').click();
    await page.locator('summary', { hasText: 'Request' }).click();
    await page.getByRole('textbox', { name: 'Path' }).fill('items');
    await page.getByLabel('Headers').fill('X-Team: blue\nbroken');
    await page.getByLabel('Headers').blur();
    const said = await panel.said();
    assert.deepEqual(said.slice(0, 8), [
      { type: 'ready' },
      { type: 'pin', pinned: true },
      { type: 'compare', on: true },
      { type: 'copy-link' },
      ...['svg', 'mermaid', 'text', 'json'].map((format) => ({ type: 'export', format })),
    ]);
    const { answer } = await pathMessage(SHOP.text, SHOP.request);
    assert.deepEqual(said[8], { type: 'reveal', place: answer.case.policies[0]?.place });
    const http = { method: 'GET', path: '/items', headers: { 'x-team': 'blue' } };
    assert.deepEqual(said.at(-1), { type: 'ask', request: { ...SHOP.request, http } });
    for (const message of said) assert.ok(fromPageSchema.safeParse(message).success, JSON.stringify(message));
  });

  it('keeps its question for the next session', async () => {
    assert.deepEqual(await panel.kept(), { question: { request: SHOP.request }, pinned: false });
  });

  it('announces an outcome that changes, and no other', async () => {
    const { page } = panel;
    assert.equal(await page.getByRole('status').textContent(), 'Allowed');
    await page.evaluate(`
      window.announced = [];
      const status = document.getElementById('outcome');
      new MutationObserver(() => announced.push(status.textContent)).observe(status, { childList: true, subtree: true });
    `);
    const message = await pathMessage(SHOP.text, SHOP.request);
    await panel.tell({ ...message, pinned: true });
    await page.getByRole('button', { name: 'Pin', pressed: true }).waitFor();
    assert.deepEqual(await page.evaluate('announced'), []);
    await panel.tell(await pathMessage(SHOP.text, { ...SHOP.request, from: 'shop/nobody' }));
    await page.getByRole('status').filter({ hasText: 'Not known' }).waitFor();
    assert.equal((await page.evaluate<string[]>('announced')).length, 1);
  });

  it('saves the drawing as a PNG in the colors of the theme', async () => {
    await panel.page.getByRole('button', { name: 'Save PNG' }).click();
    const message = fromPageSchema.parse((await panel.said()).at(-1));
    assert.ok(message.type === 'save-png');
    const bytes = Buffer.from(message.png, 'base64');
    const box = await panel.page
      .locator('#drawing svg')
      .evaluate((svg) => (svg as SVGSVGElement).viewBox.baseVal.height);
    assert.deepEqual([bytes.readUInt32BE(16), bytes.readUInt32BE(20)], [2 * 560, Math.round(2 * box)]);
    const colors = await paintedColors(message.png);
    for (const color of ['#ffffff', '#f8f8f8', '#3b3b3b', '#388a34', '#f85149']) assert.ok(colors.has(color), color);
  });
});

/** The colors of the pixels of a PNG, read by a page that may load it. */
async function paintedColors(png: string): Promise<Set<string>> {
  const page = await browser.newPage();
  const colors = await page.evaluate(async (data) => {
    const image = new Image();
    image.src = `data:image/png;base64,${data}`;
    await image.decode();
    const canvas = Object.assign(document.createElement('canvas'), { width: image.width, height: image.height });
    const context = canvas.getContext('2d');
    context?.drawImage(image, 0, 0);
    const pixels = context?.getImageData(0, 0, image.width, image.height).data ?? [];
    const found: Record<string, true> = {};
    for (let at = 0; at < pixels.length; at += 4) found[`${pixels[at]},${pixels[at + 1]},${pixels[at + 2]}`] = true;
    return Object.keys(found);
  }, png);
  await page.close();
  const hex = (color: string) =>
    `#${color
      .split(',')
      .map((channel) => Number(channel).toString(16).padStart(2, '0'))
      .join('')}`;
  return new Set(colors.map(hex));
}

describe('names that would be markup', () => {
  it('are shown as they are written', async () => {
    await open({}, HOSTILE, true);
    const { page } = panel;
    const text = await page.locator('main').textContent();
    assert.ok(text?.includes(MARKUP));
    assert.equal(await page.locator('img, iframe, a, object, embed, #page script').count(), 0);
    assert.equal(await page.evaluate('window.harmed'), undefined);
    assert.deepEqual(panel.complaints, []);
    assert.ok(await page.locator('#source option', { hasText: MARKUP }).count());
  });
});

describe('the panel for everybody', () => {
  for (const theme of Object.keys(THEMES) as ThemeName[]) {
    it(`has nothing that axe calls serious in ${theme}`, async () => {
      await open({ theme }, SHOP, true);
      await panel.page.locator('summary', { hasText: 'Request' }).click();
      assert.deepEqual(await hindrances(panel.page), []);
    });
  }

  it('needs no scrolling sideways at 320 pixels, which is 640 at 200 %', async () => {
    for (const mesh of [SHOP, LONG]) {
      await open({ width: 320 }, mesh, true);
      await panel.page.locator('summary', { hasText: 'Request' }).click();
      const [content, room] = await panel.page.evaluate(() => [
        document.documentElement.scrollWidth,
        window.innerWidth,
      ]);
      assert.ok((content ?? 0) <= (room ?? 0), `${content} in ${room}`);
      const outside = await panel.page
        .locator('#page *:not(.wide *)')
        .evaluateAll((parts) =>
          parts
            .filter((part) => part.getBoundingClientRect().right > window.innerWidth + 1)
            .map((part) => part.outerHTML),
        );
      assert.deepEqual(outside, []);
      await panel.close();
    }
  });

  it('is reached by the keyboard alone, in the order of reading, with the focus in sight', async () => {
    await open({}, SHOP, true);
    const { page } = panel;
    const met: string[] = [];
    for (;;) {
      await page.keyboard.press('Tab');
      const { name, seen } = await page.evaluate(() => {
        const active = document.activeElement;
        const { outlineStyle, outlineWidth } = active
          ? getComputedStyle(active)
          : { outlineStyle: 'none', outlineWidth: '0px' };
        const name = active?.id || active?.getAttribute('aria-label') || active?.textContent || '';
        return { name: active === document.body ? '' : name, seen: outlineStyle !== 'none' && outlineWidth !== '0px' };
      });
      if (name === '' || met.includes(name)) break;
      assert.ok(seen, `the focus on ${name} cannot be seen`);
      met.push(name);
      if (name === 'Request') await page.keyboard.press('Enter');
    }
    const links = met.filter((name) => /^(?:hop|leg|policy)-/.test(name));
    assert.deepEqual(
      met.filter((name) => !links.includes(name)),
      ['pin', 'compare', 'copy-link', 'Request', 'source', 'target', 'method', 'path', 'host', 'headers']
        .concat(['Comparison of meshes', 'As a list'])
        .concat(['export-svg', 'export-mermaid', 'export-text', 'export-json', 'save-png']),
    );
    const controls = await page.locator('button, select, input, textarea, summary').count();
    assert.equal(met.length, controls + 1);
    const tops = await page
      .locator('#list button')
      .evaluateAll((all) => all.map((one) => one.getBoundingClientRect().top));
    assert.equal(links.length, tops.length);
    assert.deepEqual(
      tops,
      [...tops].sort((a, b) => a - b),
    );
  });

  it('keeps the focus where it is when the path changes', async () => {
    await open();
    const link = panel.page.locator('#list .policy button').first();
    await link.focus();
    const id = await link.getAttribute('id');
    await panel.tell({ ...(await pathMessage(SHOP.text, SHOP.request)), pinned: true });
    await panel.page.getByRole('button', { name: 'Pin', pressed: true }).waitFor();
    assert.equal(await panel.page.evaluate(() => document.activeElement?.id), id);
  });

  it('moves nothing', async () => {
    await open({ media: { reducedMotion: 'reduce' } }, SHOP, true);
    const moving = await panel.page.locator('*').evaluateAll((parts) =>
      parts
        .filter((part) => {
          const { transitionDuration, animationName, scrollBehavior } = getComputedStyle(part);
          return transitionDuration !== '0s' || animationName !== 'none' || scrollBehavior === 'smooth';
        })
        .map((part) => part.outerHTML),
    );
    assert.deepEqual(moving, []);
  });

  it('shows in forced colors what is pressed and where the focus is', async () => {
    await open({ media: { forcedColors: 'active' } }, SHOP, true);
    const { page } = panel;
    const border = (id: string) => page.locator(id).evaluate((button) => getComputedStyle(button).borderTopWidth);
    assert.notEqual(await border('#compare'), await border('#pin'));
    assert.deepEqual(await hindrances(page), []);
    await page.keyboard.press('Tab');
    assert.notEqual(await page.locator('#pin').evaluate((button) => getComputedStyle(button).outlineStyle), 'none');
  });

  it('marks in words what differs between meshes', async () => {
    await open({}, SHOP, true);
    const { comparison } = await pathMessage(SHOP.text, SHOP.request, true);
    const cells = comparison?.rows.flatMap((row) => row.cells) ?? [];
    assert.deepEqual(comparison?.columns, [
      'As written',
      'Ambient',
      'Ambient with waypoint',
      'Sidecars',
      'Linkerd',
      'Cilium',
    ]);
    assert.deepEqual(
      await panel.page.locator('tbody td').allTextContents(),
      cells.map(({ text, differs }) => (differs ? `${text} (differs)` : text)),
    );
    assert.ok(cells.some(({ differs }) => differs));
  });
});
