import assert from 'node:assert/strict';
import { mermaidText } from '../../../server/src/core/features/drawing/mermaid.ts';
import { textOutline } from '../../../server/src/core/features/drawing/outline.ts';
import { type PathScene, type ScenePath, sceneOf } from '../../../server/src/core/features/drawing/scene.ts';
import { type SvgElement, svgText, svgTree } from '../../../server/src/core/features/drawing/svg.ts';

const client = 'spiffe://cluster.local/ns/shop/sa/web';

const refused: ScenePath = {
  request: { from: 'shop/web', to: { service: 'shop/cart', port: 80 }, http: { method: 'GET', path: '/items?a=<b>' } },
  nodes: [
    { id: 'app:shop/web', kind: 'app' },
    { id: 'zt:shop/web', kind: 'ztunnel' },
    { id: 'wp:shop/waypoint', kind: 'waypoint' },
  ],
  legs: [
    {
      seq: 1,
      from: 'app:shop/web',
      to: 'zt:shop/web',
      kind: 'capture',
      port: 80,
      scope: 'pod-local',
      encrypted: false,
      mutualAuth: false,
      peerIdentitySeen: null,
      certainty: 'certain',
      why: 'The pod is in ambient mode.',
    },
    {
      seq: 2,
      from: 'zt:shop/web',
      to: 'wp:shop/waypoint',
      kind: 'hbone',
      port: 15008,
      scope: 'network',
      encrypted: true,
      mutualAuth: true,
      peerIdentitySeen: client,
      underlay: 'wireguard',
      certainty: 'assumed',
      why: 'The Service is bound to the waypoint.',
    },
  ],
  points: [
    {
      node: 'wp:shop/waypoint',
      layer: 'L7',
      sees: { identity: client, port: 80, portMeaning: 'service', srcIp: 'client' },
    },
  ],
  policies: [
    {
      ref: 'AuthorizationPolicy/shop/readers',
      verdict: 'enforced',
      at: 'wp:shop/waypoint',
      effect: 'as-written',
      reason: 'It targets the "cart" Service & no other.',
    },
    {
      ref: 'AuthorizationPolicy/shop/pods',
      verdict: 'bypassed',
      at: 'zt:shop/cart',
      effect: 'fail-open',
      reason: null,
    },
  ],
  routes: [
    {
      node: 'wp:shop/waypoint',
      ref: 'HTTPRoute/shop/cart',
      rule: 0,
      destinations: [
        { host: 'cart-v1.shop', subset: null, port: 80, weight: 90, taken: true },
        { host: 'cart-v2.shop', subset: 'canary', port: null, weight: 10, taken: false },
      ],
    },
  ],
  outcome: { result: 'deny', at: 'wp:shop/waypoint', by: 'AuthorizationPolicy/shop/readers', signal: 'HTTP 403' },
  assume: ['The waypoint is ready (`meshpath.istiod.waypointsProgrammed`).'],
};

const nowhere: ScenePath = {
  ...refused,
  nodes: [],
  legs: [],
  points: [],
  policies: [],
  routes: [],
  outcome: { result: 'unknown' },
  assume: [],
  note: 'from: no workload shop/"web" in the workspace',
};

/** Everything that a form has to say. */
function factsOf(scene: PathScene): string[] {
  return [
    scene.title,
    ...scene.hops.flatMap(({ number, title, facts, policies, branches }) => [
      `${number}. ${title}`,
      ...facts,
      ...[...policies, ...branches].map(({ text }) => text),
    ]),
    ...scene.legs.flatMap(({ title, facts }) => [title, ...facts]),
    ...scene.elsewhere.map(({ text }) => text),
    scene.outcome.text,
    ...scene.assumptions,
    ...(scene.note === undefined ? [] : [scene.note]),
  ];
}

/** Without blanks: a drawing breaks lines where the room ends. */
function squeezed(text: string): string {
  return text.replace(/\s+/g, '');
}

/** What a viewer of the SVG reads. */
function readSvg(svg: string): string {
  const words = svg.replace(/<[^>]*>/g, ' ');
  return words
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&amp;/g, '&');
}

/** What Mermaid shows. */
function readMermaid(text: string): string {
  return text.replace(/<br\/>/g, ' ').replace(/#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)));
}

describe('forms of a hop path', () => {
  for (const [name, path] of Object.entries({ refused, nowhere })) {
    it(`say the same of a path that is ${name}`, () => {
      const scene = sceneOf(path);
      const forms = {
        outline: textOutline(scene),
        svg: readSvg(svgText(scene)),
        mermaid: readMermaid(mermaidText(scene)),
      };
      for (const [form, text] of Object.entries(forms)) {
        for (const fact of factsOf(scene)) {
          assert.ok(squeezed(text).includes(squeezed(fact)), `${form} does not say: ${fact}`);
        }
      }
    });
  }

  it('tell who is seen, what is encrypted, where the request ends and what is not evaluated', () => {
    const text = textOutline(sceneOf(refused));
    assert.match(text, /^1\. Application shop\/web$/m);
    assert.match(text, /HBONE across the network, port 15008, encrypted/);
    assert.match(text, /captured in the pod, port 80, not encrypted/);
    assert.match(text, /^3\. Waypoint shop\/waypoint \(the request ends here\)$/m);
    assert.match(text, /cart-v2\.shop, subset canary, weight 10/);
    assert.match(text, /Not evaluated on this path:\n- AuthorizationPolicy\/shop\/pods: bypassed \(fail-open\)/);
    assert.match(text, /^Refused at Waypoint shop\/waypoint by AuthorizationPolicy\/shop\/readers: HTTP 403$/m);
  });

  it('say which hops a refused request does not reach', () => {
    const early: ScenePath = { ...refused, outcome: { result: 'deny', at: 'zt:shop/web', by: 'no-ALLOW-matched' } };
    assert.deepEqual(
      sceneOf(early).hops.map(({ title }) => title),
      ['Application shop/web', 'ztunnel of shop/web (the request ends here)', 'Waypoint shop/waypoint (not reached)'],
    );
    assert.ok(sceneOf({ ...early, outcome: { result: 'allow' } }).hops.every(({ state }) => state === 'reached'));
  });

  it('draws a box for each hop and backend, and a lock for each encrypted leg', () => {
    const svg = svgText(sceneOf(refused));
    const count = (mark: string) => svg.split(`class="${mark}"`).length - 1;
    assert.deepEqual([count('hop'), count('branch'), count('lock'), count('outcome')], [3, 2, 1, 1]);
  });

  it('needs no theme to be shown alone, and takes the colors of the one around it in the panel', () => {
    const scene = sceneOf(refused);
    assert.doesNotMatch(svgText(scene), /var\(/);
    const fills = (tree: SvgElement): string[] => [
      tree.attributes.fill ?? '',
      ...tree.children.flatMap((child) => (typeof child === 'string' ? [] : fills(child))),
    ];
    const colors = fills(svgTree(scene, 640)).filter((fill) => fill !== '' && fill !== 'none');
    assert.ok(colors.length > 10 && colors.every((fill) => /^var\(--vscode-[\w-]+, #[0-9a-f]{6}\)$/i.test(fill)));
  });

  it('lets no name of a file become markup, a line or a command of a terminal', () => {
    const name = 'a"]<script>\u001b[2J\nb';
    const scene = sceneOf({ ...nowhere, note: name });
    assert.ok(!svgText(scene).includes('<script>'));
    assert.ok(!mermaidText(scene).includes('"]<script>'));
    const forms = [svgText(scene), mermaidText(scene), textOutline(scene)];
    assert.deepEqual(
      forms.map((form) => form.includes('\u001b')),
      [false, false, false],
    );
    assert.equal(textOutline(scene).split('\n').length, textOutline(sceneOf(nowhere)).split('\n').length);
  });

  it('gives the same drawing for the same path', () => {
    assert.equal(svgText(sceneOf(refused)), svgText(sceneOf(structuredClone(refused))));
  });
});
