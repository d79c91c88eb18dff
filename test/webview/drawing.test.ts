import assert from 'node:assert/strict';
import { after, before, describe, it } from 'mocha';
import type { Browser, Page } from 'playwright-core';
import { LONG, SHOP } from './meshes.ts';
import { openBrowser, openPanel, pathMessage } from './panelPage.ts';
import { THEMES, type ThemeName } from './themes.ts';

const WIDTHS = [320, 400, 520, 640, 900];

interface Area {
  readonly what: string;
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** Where the parts of the drawing are on the page, by a selector. */
function areas(page: Page, selector: string): Promise<Area[]> {
  return page.locator(`#drawing svg ${selector}`).evaluateAll((parts) =>
    parts.map((part) => {
      const { left, top, right, bottom } = part.getBoundingClientRect();
      return { what: part.textContent || part.outerHTML, left, top, right, bottom };
    }),
  );
}

function overlap(one: Area, other: Area): boolean {
  return one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom;
}

function overlapping(parts: readonly Area[], others: readonly Area[]): string[] {
  return parts.flatMap((part) =>
    others.filter((other) => other !== part && overlap(part, other)).map(({ what }) => `${part.what} over ${what}`),
  );
}

/** Channels from 0 to 255 and an opacity, of a color as the browser computes it. */
function channels(color: string): readonly number[] {
  return (color.match(/[\d.]+/g) ?? []).map(Number);
}

function luminance([red = 0, green = 0, blue = 0]: readonly number[]): number {
  const [r = 0, g = 0, b = 0] = [red, green, blue].map((channel) => {
    const share = channel / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** By the formula of WCAG, for a color that may let some of the background through. */
function contrast(color: string, background: string): number {
  const behind = channels(background);
  const [red = 0, green = 0, blue = 0, opacity = 1] = channels(color);
  const seen = [red, green, blue].map((channel, index) => channel * opacity + (behind[index] ?? 0) * (1 - opacity));
  const [darker = 0, lighter = 0] = [luminance(seen), luminance(behind)].sort((a, b) => a - b);
  return (lighter + 0.05) / (darker + 0.05);
}

describe('the drawing in the panel', () => {
  let browser: Browser;

  before(async () => {
    browser = await openBrowser();
  });

  after(() => browser?.close());

  for (const [names, mesh] of Object.entries({ usual: SHOP, 'the longest': LONG })) {
    for (const width of WIDTHS) {
      it(`keeps ${names} names in their boxes and apart, ${width} pixels wide`, async () => {
        const panel = await openPanel(browser, { width });
        await panel.tell(await pathMessage(mesh.text, mesh.request));
        const { page } = panel;
        await page.locator('#drawing svg').waitFor();
        const boxes = await areas(page, ':is(.hop, .branch, .outcome) > rect');
        const written = await areas(page, ':is(.hop, .branch, .outcome) tspan');
        const beside = await areas(page, ':is(svg > g > text, .leg) tspan');
        assert.ok(boxes.length >= 8 && beside.length >= 8);
        assert.deepEqual(
          written
            .filter((text) => !boxes.some((box) => text.left > box.left && text.right < box.right))
            .map(({ what }) => what),
          [],
        );
        assert.deepEqual(overlapping(boxes, boxes), []);
        assert.deepEqual(overlapping(beside, boxes), []);
        const [frame] = await page
          .locator('#drawing svg')
          .evaluateAll((all) => all.map((svg) => svg.getBoundingClientRect().right));
        assert.deepEqual(
          beside.filter(({ right }) => right > (frame ?? 0)),
          [],
        );
        await panel.close();
      });
    }
  }

  it('writes as large as the page does, whatever the width', async () => {
    const message = await pathMessage(SHOP.text, SHOP.request);
    for (const width of WIDTHS) {
      const panel = await openPanel(browser, { width });
      await panel.tell(message);
      const scale = await panel.page
        .locator('#drawing svg')
        .evaluate((svg) => svg.getBoundingClientRect().width / (svg as SVGSVGElement).viewBox.baseVal.width);
      assert.ok(scale > 0.9 && scale <= 1, `at ${width}: ${scale}`);
      await panel.close();
    }
  });

  it('is drawn anew when the panel becomes narrower', async () => {
    const panel = await openPanel(browser, { width: 900 });
    await panel.tell(await pathMessage(SHOP.text, SHOP.request));
    await panel.page.locator('#drawing svg[width="700"]').waitFor();
    await panel.page.setViewportSize({ width: 400, height: 600 });
    await panel.page.locator('#drawing svg[width="360"]').waitFor();
    await panel.close();
  });

  for (const theme of Object.keys(THEMES) as ThemeName[]) {
    it(`can be read in ${theme}`, async () => {
      const panel = await openPanel(browser, { theme });
      await panel.tell(await pathMessage(SHOP.text, SHOP.request));
      const styles = (selector: string, property: 'fill' | 'stroke') =>
        panel.page
          .locator(`#drawing svg ${selector}`)
          .evaluateAll((parts, name) => parts.map((part) => getComputedStyle(part)[name]), property);
      const backs = [...new Set([...(await styles('> rect', 'fill')), ...(await styles('.hop > rect', 'fill'))])];
      const texts = [...new Set(await styles('tspan', 'fill'))];
      const marks = [...new Set(await styles(':is(.good, .bad, .faint, .leg > path)', 'stroke'))].filter(
        (color) => color !== 'none',
      );
      assert.ok(texts.length > 0 && marks.length > 1);
      const weak = (colors: readonly string[], least: number) =>
        colors.flatMap((color) =>
          backs.filter((back) => contrast(color, back) < least).map((back) => `${color} on ${back}`),
        );
      assert.deepEqual(weak(texts, 4.5), []);
      assert.deepEqual(weak(marks, 3), []);
      await panel.close();
    });
  }

  it('says with a mark and in words what becomes of each policy', async () => {
    const panel = await openPanel(browser);
    await panel.tell(await pathMessage(SHOP.text, SHOP.request));
    const marks = (tone: string) => panel.page.locator(`#drawing svg path.${tone}`).count();
    const said = (tone: string) => panel.page.locator(`#list .policy:has(.mark.${tone})`).count();
    for (const tone of ['good', 'bad', 'faint']) assert.equal(await marks(tone), await said(tone), tone);
    assert.ok((await marks('good')) > 0 && (await marks('bad')) > 0);
    await panel.close();
  });
});
