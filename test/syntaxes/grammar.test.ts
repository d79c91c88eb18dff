import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { filesUnder, ROOT } from '../sources.ts';
import { meshTokens, tokensOf } from './tokens.ts';

function mesh(...lines: string[]): string {
  return ['apiVersion: security.istio.io/v1', 'kind: AuthorizationPolicy', 'spec:', ...lines].join('\n');
}

/** What stands where, and what is colored there. */
const COLORED: readonly { of: string; text: string; tokens: readonly string[] }[] = [
  {
    of: 'SPIFFE ids and principals',
    text: mesh(
      '  principals:',
      '    - cluster.local/ns/shop/sa/cart',
      '    - "*/ns/shop/sa/*"',
      '    - "spiffe://cluster.local/ns/shop/sa/cart" # spiffe://not/here',
    ),
    tokens: [
      'cluster.local/ns/shop/sa/cart entity.name.type.identity',
      '*/ns/shop/sa/* entity.name.type.identity',
      'spiffe://cluster.local/ns/shop/sa/cart entity.name.type.identity',
    ],
  },
  {
    of: 'identities of Linkerd',
    text: 'identities: ["cart.shop.serviceaccount.identity.linkerd.cluster.local"]',
    tokens: ['cart.shop.serviceaccount.identity.linkerd.cluster.local entity.name.type.identity'],
  },
  {
    of: 'durations',
    text: mesh('  timeout: 10s', '  a: {b: 1h30m, c: "250ms"}', '  - 5m', '  name: s10s', '  text: in 10s'),
    tokens: [
      '10s constant.numeric.duration',
      '1h30m constant.numeric.duration',
      '250ms constant.numeric.duration',
      '5m constant.numeric.duration',
    ],
  },
  {
    of: 'hosts and wildcards',
    text: mesh('  host: cart.shop.svc.cluster.local', '  hosts: ["*.shop.example.com", "*"]', '  group: a.example.com'),
    tokens: [
      'cart.shop.svc.cluster.local entity.name.function.host',
      '*. keyword.operator.wildcard',
      'shop.example.com entity.name.function.host',
      '* keyword.operator.wildcard',
    ],
  },
  {
    of: 'path templates, and the wildcard that ends a path',
    text: mesh('  paths: ["/carts/{*}/items/{**}", "/admin/*"]'),
    tokens: ['{*} string.regexp.template', '{**} string.regexp.template', '* keyword.operator.wildcard'],
  },
  {
    of: 'weights',
    text: mesh('  weight: 90', '  - weight: 10 # of a hundred', '  x: {weight: 5}'),
    tokens: ['90 markup.bold.weight', '10 markup.bold.weight', '5 markup.bold.weight'],
  },
  {
    of: 'the ports of the proxies',
    text: 'ports:\n  - port: 15008\n  - {port: 4143, protocol: TCP}\n  - containerPort: 15001\n  - port: 8080\n  - name: 15006',
    tokens: ['15008 constant.language.port', '4143 constant.language.port', '15001 constant.language.port'],
  },
  {
    of: 'versions that are on their way out',
    text: 'apiVersion: gateway.networking.k8s.io/v1alpha2\n---\napiVersion: gateway.networking.k8s.io/v1',
    tokens: ['gateway.networking.k8s.io/v1alpha2 invalid.deprecated.api-version'],
  },
  {
    of: 'nothing in block scalars and comments',
    text: mesh('  text: |', '    timeout: 10s', '    id: spiffe://cluster.local/ns/a/sa/b', '  # timeout: 10s'),
    tokens: [],
  },
  {
    of: 'nothing of values after the mesh document',
    text: `${mesh('  timeout: 10s')}\n---\ntimeout: 10s\nweight: 90\nhosts: ["*"]`,
    tokens: ['10s constant.numeric.duration'],
  },
];

const OTHER_YAML: Readonly<Record<string, string>> = {
  'Docker Compose': `services:
  web:
    image: registry.example.com/web:1.2.3
    ports: ["8080:80", "4143:4143"]
    hosts: ["*.example.com"]
    healthcheck:
      test: ["CMD", "curl", "http://localhost/*"]
      interval: 30s
      timeout: 10s
    deploy:
      resources: {limits: {memory: 50m}}
`,
  'a GitHub workflow': `on:
  push:
    branches: ["*", "release/*"]
jobs:
  test:
    runs-on: ubuntu-latest
    timeout-minutes: 10
    strategy:
      matrix:
        include: [{ os: linux, weight: 3 }]
    steps:
      - uses: actions/checkout@v4
      - run: |
          sleep 10s
          curl https://shop.example.com/{*}
`,
  'Kubernetes without a mesh': `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  labels:
    app.kubernetes.io/name: web
spec:
  template:
    spec:
      affinity:
        podAffinity:
          preferredDuringSchedulingIgnoredDuringExecution:
            - weight: 100
      containers:
        - name: web
          ports:
            - containerPort: 8080
          env:
            - { name: TIMEOUT, value: 10s }
---
apiVersion: networking.k8s.io/v1
kind: Ingress
spec:
  rules:
    - host: "*.example.com"
`,
  'an Ansible playbook': `- hosts: all
  vars:
    wait: 10s
    servers: [web.example.com, db.example.com]
  tasks:
    - name: Wait
      wait_for: {port: 8080, timeout: 300}
      when: name == "*"
`,
};

describe('highlighting', () => {
  for (const { of, text, tokens } of COLORED) {
    it(`shows ${of}`, async () => assert.deepEqual(await meshTokens(text), tokens));
  }

  it('shows mesh labels and annotations on any resource, and reads on behind them as ever', async () => {
    const text =
      'metadata:\n  labels:\n    istio.io/use-waypoint: waypoint\n    istio-injection: enabled\n    app: web\n';
    const labels = await meshTokens(`${text}  annotations:\n    config.linkerd.io/proxy-cpu-limit: "1"\n`);
    // The grammar here keeps the first character of a key for itself, that of VS Code does not.
    assert.deepEqual(labels, [
      'stio.io/use-waypoint keyword.control.label',
      'stio-injection keyword.control.label',
      'onfig.linkerd.io/proxy-cpu-limit keyword.control.label',
    ]);
    assert.deepEqual(withoutOurs(await tokensOf(text)), withoutOurs(await tokensOf(text, 'plain')));
  });

  for (const [name, text] of Object.entries(OTHER_YAML)) {
    it(`leaves ${name} exactly as it is`, async () => {
      assert.deepEqual(await tokensOf(text), await tokensOf(text, 'plain'));
    });
  }

  it('leaves all that is not of a mesh in mesh files in its colors', async () => {
    for (const { path, text } of filesUnder('samples/shop-ambient', /\.yaml$/)) {
      const inOurs = innermost(await tokensOf(text));
      const alone = innermost(await tokensOf(text, 'plain'));
      assert.equal(inOurs.length, alone.length);
      const changed = inOurs.filter((scope, at) => scope !== alone[at] && !scope.endsWith('.mesh'));
      assert.deepEqual(changed, [], path);
    }
  });

  it('is named by scopes that themes know, and each file says what it is for', () => {
    const known = /^(?:entity\.name|constant|keyword|string|markup|invalid|meta)\./;
    for (const { path, text } of filesUnder('syntaxes', /\.json$/)) {
      const names = [...text.matchAll(/"name": "([^"]+)"/g)].flatMap(([, name = '']) => name.split(' '));
      assert.deepEqual(
        names.filter((name) => !known.test(name)),
        [],
        path,
      );
      assert.match(readFileSync(join(ROOT, path), 'utf8'), /"information_for_contributors": "[A-Z]/);
    }
  });
});

/** For each character its innermost scope, so that other borders between tokens make no difference. */
function innermost(tokens: Awaited<ReturnType<typeof tokensOf>>): string[] {
  return tokens.flatMap(({ text, scopes }) => {
    const scope = scopes.at(-1) ?? '';
    return [...text].map(() => (scope === 'meta.document.mesh.yaml' ? 'source.yaml' : scope));
  });
}

function withoutOurs(tokens: Awaited<ReturnType<typeof tokensOf>>): string[] {
  return tokens.map(({ text, scopes }) => `${text} ${scopes.filter((scope) => !scope.endsWith('.mesh')).join(' ')}`);
}
