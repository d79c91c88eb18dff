import assert from 'node:assert/strict';
import { mermaidText } from '../../server/src/core/features/drawing/mermaid.ts';
import { textOutline } from '../../server/src/core/features/drawing/outline.ts';
import { sceneOf } from '../../server/src/core/features/drawing/scene.ts';
import { svgText } from '../../server/src/core/features/drawing/svg.ts';
import { requestFor } from '../../server/src/core/features/hopPathAt.ts';
import { accessMatrix } from '../../server/src/core/mesh/paths/accessMatrix.ts';
import { HYPOTHESES, type PathContext } from '../../server/src/core/mesh/paths/context.ts';
import { hopPath } from '../../server/src/core/mesh/paths/hopPath.ts';
import { isHttpPort } from '../../server/src/core/mesh/paths/speech.ts';
import type { HopPath, PathRequest } from '../../server/src/core/mesh/paths/vocabulary.ts';
import { Workspace } from '../../server/src/core/model/workspace.ts';
import { DEFAULT_SETTINGS } from '../../server/src/core/settings.ts';
import { sampleFiles } from './texts.ts';

// All forms of a path tell the same: what the answer in JSON has, the list, the picture and the flowchart say too.

const SHOPS = ['shop-ambient', 'shop-sidecar', 'shop-linkerd'];

function contextOf(folder: string): PathContext {
  const workspace = new Workspace();
  for (const { path, text } of sampleFiles(folder)) workspace.setFile(path, text);
  return { world: workspace.snapshot().world, settings: DEFAULT_SETTINGS, hypothesis: undefined };
}

/** The requests that the lenses of a folder show. */
function requestsOf(context: PathContext): PathRequest[] {
  const all = context.world.all.flatMap((located) => requestFor(context, located) ?? []);
  return [...new Map(all.map((request) => [JSON.stringify(request), request])).values()];
}

/** What the answer says, apart from codes that forms put into words; each part as often as it is said. */
function factsOf({ request, nodes, legs, points, policies, routes, outcome, assume, note }: HopPath): string[] {
  const { http, to } = request;
  return [
    request.from,
    'service' in to ? to.service : 'pod' in to ? to.pod : to.host,
    ...(http ? [http.method, http.path, http.host ?? '', ...Object.values(http.headers ?? {})] : []),
    ...nodes.map(({ id }) => id.slice(id.indexOf(':') + 1)),
    ...legs.flatMap(({ port, encrypted, peerIdentitySeen, why, underlay }) => [
      `port ${port}, ${encrypted ? 'encrypted' : 'not encrypted'}`,
      peerIdentitySeen ?? '',
      why,
      underlay ?? '',
    ]),
    ...points.map(
      ({ layer, sees }) => `${layer}: sees ${sees.identity === null ? 'no identity' : `identity ${sees.identity}`}`,
    ),
    ...points.map(({ sees }) => `${sees.portMeaning} port ${sees.port}`),
    ...policies.map(({ ref, verdict }) => `${ref}: ${verdict}`),
    ...policies.flatMap(({ reason }) => reason ?? ''),
    ...routes.flatMap(({ ref, destinations }) => [
      ref,
      ...destinations.flatMap(({ host, subset }) => [host, subset ?? '']),
    ]),
    outcome.by ?? '',
    outcome.signal ?? '',
    ...assume,
    note ?? '',
  ].filter((fact) => fact !== '');
}

function formsOf(path: HopPath): Readonly<Record<string, string>> {
  const scene = sceneOf(path);
  const svg = svgText(scene).replace(/<[^>]*>/g, ' ');
  return {
    list: textOutline(scene),
    picture: svg
      .replace(/&lt;/g, '<')
      .replace(/&gt;/g, '>')
      .replace(/&quot;/g, '"')
      .replace(/&amp;/g, '&'),
    flowchart: mermaidText(scene)
      .replace(/<br\/>/g, ' ')
      .replace(/#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code))),
  };
}

/** Without blanks: a picture breaks lines where the room ends. */
function squeezed(text: string): string {
  return text.replace(/\s+/g, '');
}

function timesIn(text: string, part: string): number {
  return text.split(part).length - 1;
}

describe('the forms of the paths of the samples', () => {
  for (const folder of [...SHOPS, 'faults']) {
    it(`say all that the answer does, and each policy once: ${folder}`, () => {
      const context = contextOf(folder);
      const requests = requestsOf(context);
      assert.ok(requests.length > 5);
      for (const hypothesis of folder === 'faults' ? [undefined] : [undefined, ...HYPOTHESES]) {
        for (const request of requests) {
          const path = hopPath({ ...context, hypothesis }, request);
          const facts = [...new Set(factsOf(path))].map(squeezed);
          const verdicts = path.policies.map(({ ref, verdict }) => squeezed(`${ref}: ${verdict}`));
          for (const [form, text] of Object.entries(formsOf(path))) {
            const said = squeezed(text);
            for (const fact of facts) assert.ok(said.includes(fact), `${form} of ${JSON.stringify(request)}: ${fact}`);
            for (const verdict of verdicts) {
              const times = verdicts.filter((other) => other.startsWith(verdict)).length;
              assert.ok(timesIn(said, verdict) <= times, `${form} of ${JSON.stringify(request)} repeats ${verdict}`);
            }
          }
        }
      }
    });
  }
});

describe('the matrix of who may call whom', () => {
  for (const folder of SHOPS) {
    it(`answers as each question by itself: ${folder}`, () => {
      const context = contextOf(folder);
      const http = { method: 'GET', path: '/' };
      const { clients, targets, outcomes } = accessMatrix(context, http);
      assert.ok(clients.length > 2 && targets.length > 2);
      // In another order and of another workspace, so that no answer can rest on what was asked before.
      const other = contextOf(folder);
      for (const [row, from] of [...clients.entries()].reverse()) {
        for (const [column, to] of [...targets.entries()].reverse()) {
          const [namespace = '', name = ''] = to.service.split('/');
          const port = context.world.service(namespace, name)?.ports.find((candidate) => candidate.port === to.port);
          const request = port && isHttpPort(port) ? { from, to, http } : { from, to };
          const alone = hopPath(other, request).outcome;
          assert.deepEqual(outcomes[row]?.[column], alone, JSON.stringify(request));
        }
      }
    });
  }
});
