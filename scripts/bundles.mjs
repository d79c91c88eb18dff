// What is bundled from where, for the build and for what is told about it (THIRD-PARTY-NOTICES.md).

const modulesFirst = { mainFields: ['module', 'main'] };
const node = { ...modulesFirst, platform: 'node', format: 'cjs', target: 'node20.19' };
// For the browser esbuild resolves no module of Node's own, so that one import of node:fs fails the build.
const browser = { platform: 'browser', target: 'es2022' };

/** What runs where. The client never bundles `vscode`: the editor provides it. */
export const targets = [
  { ...node, in: 'client/src/extension.ts', out: 'client.cjs', external: ['vscode'] },
  { ...browser, format: 'cjs', in: 'client/src/web.ts', out: 'client.web.cjs', external: ['vscode'] },
  { ...browser, format: 'iife', in: 'client/webview/page.ts', out: 'hopPath.js' },
  { ...browser, in: 'client/webview/page.css', out: 'hopPath.css' },
  { ...node, in: 'server/src/node.ts', out: 'server.cjs' },
  { ...browser, format: 'iife', in: 'server/src/worker.ts', out: 'server.worker.js' },
  { ...node, in: 'server/src/cli.ts', out: 'cli.cjs', banner: { js: '#!/usr/bin/env node' } },
  { ...modulesFirst, platform: 'neutral', format: 'esm', target: 'es2022', in: 'server/src/api.ts', out: 'api.js' },
];
