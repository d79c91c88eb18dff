import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { IOnigLib } from 'vscode-textmate';
import { ROOT } from '../sources.ts';

/** Colors YAML with the engine of VS Code, with the grammars that the manifest contributes or without them. */

// Both packages are CommonJS, whose names an import cannot see.
const require = createRequire(import.meta.url);
const oniguruma = require('vscode-oniguruma') as typeof import('vscode-oniguruma');
const textmate = require('vscode-textmate') as typeof import('vscode-textmate');

export interface Token {
  readonly text: string;
  readonly scopes: readonly string[];
}

interface Manifest {
  readonly contributes: { readonly grammars: readonly { scopeName: string; path: string; injectTo: string[] }[] };
}

const YAML = 'source.yaml';
const { contributes } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as Manifest;
const paths = new Map([
  [YAML, require.resolve('tm-grammars/grammars/yaml.json')],
  ...contributes.grammars.map(({ scopeName, path }) => [scopeName, join(ROOT, path)] as const),
]);

async function loadOniguruma(): Promise<IOnigLib> {
  const wasm = readFileSync(require.resolve('vscode-oniguruma/release/onig.wasm'));
  await oniguruma.loadWASM(new Uint8Array(wasm).buffer);
  return {
    createOnigScanner: (patterns) => new oniguruma.OnigScanner(patterns),
    createOnigString: (text) => new oniguruma.OnigString(text),
  };
}

const onigLib = loadOniguruma();

function grammarOf(withOurs: boolean) {
  const registry = new textmate.Registry({
    onigLib,
    loadGrammar: async (scope) => {
      const path = paths.get(scope);
      return path === undefined ? null : textmate.parseRawGrammar(readFileSync(path, 'utf8'), `${scope}.json`);
    },
    getInjections: (scope) =>
      withOurs
        ? contributes.grammars.filter(({ injectTo }) => injectTo.includes(scope)).map(({ scopeName }) => scopeName)
        : [],
  });
  return registry.loadGrammar(YAML);
}

const grammars = { ours: grammarOf(true), plain: grammarOf(false) };

export async function tokensOf(text: string, which: keyof typeof grammars = 'ours'): Promise<Token[]> {
  const grammar = await grammars[which];
  if (!grammar) throw new Error('the grammar of YAML is missing');
  let stack = textmate.INITIAL;
  return text.split('\n').flatMap((line) => {
    const { tokens, ruleStack } = grammar.tokenizeLine(line, stack);
    stack = ruleStack;
    return tokens.map(({ startIndex, endIndex, scopes }) => ({ text: line.slice(startIndex, endIndex), scopes }));
  });
}

/** What is colored as of a mesh: the text, and its innermost scope without the ending. */
export async function meshTokens(text: string): Promise<string[]> {
  const tokens = await tokensOf(text);
  return tokens.flatMap(({ text: part, scopes }) => {
    const scope = scopes.at(-1) ?? '';
    return scope.endsWith('.mesh') ? [`${part} ${scope.slice(0, -'.mesh'.length)}`] : [];
  });
}
