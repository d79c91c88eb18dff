import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';
import { KINDS } from '../server/src/core/schema/catalog.ts';
import { filesUnder, functionsOf, importsOf, ROOT, type SourceText } from './sources.ts';

// What every change must keep: the layers, small files, and a text without leftovers.

const SERVER = filesUnder('server/src', /\.ts$/);
const CLIENT = filesUnder('client', /\.ts$/);
const PRODUCT = [...SERVER, ...CLIENT];
const TESTS = filesUnder('test', /\.ts$/);
const CODE = [...PRODUCT, ...TESTS, ...filesUnder('scripts', /\.(?:ts|mjs)$/)];
const CORE = 'server/src/core/';

/** The layers of the core; each may import those below it, and its own files. */
const LAYERS: readonly (readonly string[])[] = [
  ['yaml'],
  ['schema', 'settings.ts'],
  ['model'],
  ['mesh'],
  ['checks', 'migrations'],
  ['features'],
];

function partOf(path: string): string {
  return path.slice(CORE.length).split('/')[0] ?? '';
}

function layerOf(path: string): number {
  return LAYERS.findIndex((parts) => parts.includes(partOf(path)));
}

function offences(files: readonly SourceText[], wrong: (file: SourceText) => readonly string[]): string[] {
  return files.flatMap((file) => wrong(file).map((what) => `${file.path}: ${what}`));
}

/** The lines of a file that a pattern finds, strings and comments included. */
function linesWith(pattern: RegExp): (file: SourceText) => string[] {
  return ({ text }) =>
    text.split('\n').flatMap((line, index) => (pattern.test(line) ? [`${index + 1}: ${line.trim()}`] : []));
}

describe('imports', () => {
  it('name files that exist', () => {
    assert.deepEqual(
      offences(CODE, (file) => importsOf(file).filter((target) => target.startsWith('missing '))),
      [],
    );
  });

  it('point downwards through the layers of the core', () => {
    const core = SERVER.filter(({ path }) => path.startsWith(CORE));
    assert.deepEqual(
      core.filter(({ path }) => layerOf(path) === -1).map(({ path }) => path),
      [],
      'every part of the core has a layer',
    );
    const upwards = offences(core, (file) =>
      importsOf(file).filter((target) => target.startsWith(CORE) && layerOf(target) > layerOf(file.path)),
    );
    assert.deepEqual(upwards, []);
  });

  it('leave the core alone: no host, no protocol, no node, no editor', () => {
    const allowed = new Set(['yaml', 'zod/mini', 're2js', 'fastest-levenshtein', 'picomatch']);
    // The snippets are data, bundled as they are.
    const ours = (target: string) => target.startsWith(CORE) || /^snippets\/[\w-]+\.json$/.test(target);
    const core = SERVER.filter(({ path }) => path.startsWith(CORE));
    assert.deepEqual(
      offences(core, (file) => importsOf(file).filter((target) => !ours(target) && !allowed.has(target))),
      [],
    );
  });

  it('keep the protocol free of everything but zod', () => {
    const protocol = SERVER.filter(({ path }) => path.startsWith('server/src/protocol/'));
    const own = (target: string) => target.startsWith('server/src/protocol/') || target.startsWith('zod');
    assert.deepEqual(
      offences(protocol, (file) => importsOf(file).filter((target) => !own(target))),
      [],
    );
  });

  it('bring nothing of the server into the client but the protocol', () => {
    const foreign = (target: string) => target.startsWith('server/') && !target.startsWith('server/src/protocol/');
    assert.deepEqual(
      offences(CLIENT, (file) => importsOf(file).filter(foreign)),
      [],
    );
  });

  it('let no feature lean on another', () => {
    const feature = (path: string) => /^server\/src\/core\/(?:features|migrations)\/[^/.]+/.exec(path)?.[0];
    const features = SERVER.filter(({ path }) => feature(path) !== undefined);
    assert.deepEqual(
      offences(features, (file) =>
        importsOf(file).filter((target) => feature(target) !== undefined && feature(target) !== feature(file.path)),
      ),
      [],
    );
  });

  it('have no cycles', () => {
    const graph = new Map(PRODUCT.map((file) => [file.path, importsOf(file)]));
    const done = new Set<string>();
    const cycles: string[] = [];
    function visit(path: string, trail: readonly string[]): void {
      const at = trail.indexOf(path);
      if (at !== -1) cycles.push([...trail.slice(at), path].join(' → '));
      if (at !== -1 || done.has(path)) return;
      for (const target of graph.get(path) ?? []) visit(target, [...trail, path]);
      done.add(path);
    }
    for (const path of graph.keys()) visit(path, []);
    assert.deepEqual(cycles, []);
  });
});

describe('code', () => {
  it('has no `any`, and no comment that silences the compiler', () => {
    assert.deepEqual(
      offences(
        CODE,
        linesWith(/(?::|<|\bas|\|) any\b(?! \w)|<any>|@ts-(?:ignore|nocheck|expect-error)|noExplicitAny/),
      ).filter((line) => !line.startsWith('test/tidy')),
      [],
    );
  });

  it('makes no pattern and no code from texts', () => {
    assert.deepEqual(
      offences(
        CODE,
        linesWith(/\bRegExp\(|\beval\(|new Function\(|innerHTML|insertAdjacentHTML|document\.write/),
      ).filter((line) => !line.startsWith('test/tidy')),
      [],
    );
  });

  it('has no default exports and no files that only hand on', () => {
    assert.deepEqual(offences(CODE, linesWith(/^export default\b|^export \* from/)), []);
    const handsOn = PRODUCT.filter(({ text }) => {
      const code = text
        .replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '')
        .split('\n')
        .filter((line) => line.trim() !== '');
      return code.length > 0 && code.every((line) => /^(?:export .*from|import )/.test(line));
    });
    assert.deepEqual(
      handsOn.map(({ path }) => path),
      [],
    );
  });

  it('is in small files of small functions', () => {
    assert.ok(PRODUCT.flatMap(functionsOf).length > 500, 'functions are found');
    assert.deepEqual(
      CODE.filter(({ text }) => text.split('\n').length > 401).map(({ path }) => path),
      [],
    );
    assert.deepEqual(
      offences(PRODUCT, (file) =>
        functionsOf(file)
          .filter(({ lines }) => lines > 60)
          .map(({ name, lines }) => `${name} has ${lines} lines`),
      ),
      [],
    );
    const lengths = PRODUCT.map(({ text }) => text.split('\n').length).sort((a, b) => a - b);
    const median = lengths[lengths.length >> 1] ?? 0;
    assert.ok(median <= 130, `the median file has ${median} lines`);
  });

  it('says of each folder, in it or right above it, what belongs there', () => {
    const folders = new Map<string, SourceText[]>();
    for (const file of PRODUCT) folders.set(dirname(file.path), [...(folders.get(dirname(file.path)) ?? []), file]);
    const opening = /^(?:#!.*\n)?(?:import [^;]*;\s*)*\/\/ [A-Z].{20,}/;
    const described = (folder: string) => folders.get(folder)?.some(({ text }) => opening.test(text)) === true;
    const silent = [...folders.keys()].filter((folder) => !described(folder) && !described(dirname(folder)));
    assert.deepEqual(silent, []);
  });

  it('leaves no notes to itself', () => {
    assert.deepEqual(
      offences(CODE, linesWith(/\b(?:TODO|FIXME|XXX|HACK)\b/)).filter((line) => !line.startsWith('test/tidy')),
      [],
    );
    assert.deepEqual(
      offences(TESTS, linesWith(/\b(?:describe|it)\.(?:only|skip)\b|\bthis\.skip\(/)).filter(
        (line) => !line.startsWith('test/tidy'),
      ),
      [],
    );
  });
});

describe('names', () => {
  it('of files are camelCase, PascalCase for kinds', () => {
    const kinds = new Set(KINDS.map((definition) => definition.kind));
    const wrong = [...PRODUCT, ...TESTS].filter(({ path }) => {
      const name = path.slice(path.lastIndexOf('/') + 1).replace(/(?:\.test|\.d)?\.ts$/, '');
      return !/^[a-z][A-Za-z0-9]*$/.test(name) && !(path.startsWith(`${CORE}schema/`) && kinds.has(name));
    });
    assert.deepEqual(
      wrong.map(({ path }) => path),
      [],
    );
  });

  it('say something', () => {
    const empty = /(?:^|\/)(?:\w*(?:[mM]anager|[hH]elpers?|[uU]tils?|[cC]ommon|[mM]isc)|base)(?:\/|\.)/;
    assert.deepEqual(
      [...PRODUCT, ...TESTS].filter(({ path }) => empty.test(path)).map(({ path }) => path),
      [],
    );
  });

  it('each kind has a file of its own name, or stands among the kinds of Kubernetes itself', () => {
    const missing = KINDS.filter((definition) => definition.project !== 'kubernetes').filter(
      ({ kind }) => !SERVER.some(({ path }) => path.endsWith(`/${kind}.ts`)),
    );
    assert.deepEqual(
      missing.map(({ kind }) => kind),
      [],
    );
  });
});

describe('repository', () => {
  const TEXTS = filesUnder('', /\.(?:ts|mjs|js|json|ya?ml|md|tpl|html|css)$/);

  it('names no machine and no registry', () => {
    const place =
      /(?:^|[\s"'`(=])(?:\/work\/|\/home\/|\/root\/|\/Users\/|[A-Z]:\\Users)|registry\.npmjs\.org|registry\.yarnpkg|:4873\b/;
    assert.deepEqual(
      offences(TEXTS, linesWith(place)).filter((line) => !line.startsWith('test/tidy')),
      [],
    );
  });

  it('locks versions, not where they came from', () => {
    const locks = TEXTS.filter(({ path }) => path.endsWith('package-lock.json'));
    assert.ok(locks.length > 0);
    assert.deepEqual(offences(locks, linesWith(/"resolved": "\w+:|"integrity": ""/)), []);
  });

  it('tells in the README how to start and how to test', () => {
    const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
    for (const command of ['npm start', 'npm test'])
      assert.ok(readme.includes(command), `the README does not name \`${command}\``);
    const links = [...readme.matchAll(/\]\((?!https?:|#)([^)#]+)[^)]*\)/g)].map(([, target = '']) => target);
    assert.deepEqual(
      links.filter((target) => !existsSync(join(ROOT, target))),
      [],
    );
  });
});

// --- our own words -------------------------------------------------------------------------------------------------

/** The sentences of a text that are long enough to be somebody's, in a form in which copies are equal. */
function sentencesOf(text: string): string[] {
  const plain = text.replaceAll(/[`*_"'()[\]]/g, '').replaceAll(/\s+/g, ' ');
  const sentences = plain.split(/[.;:!?](?: |$)/).map((sentence) =>
    sentence
      .toLowerCase()
      .replaceAll(/[^a-z0-9 ]/g, '')
      .trim(),
  );
  return sentences.filter((sentence) => sentence.split(/\s+/).length >= 6);
}

function descriptionsIn(value: unknown, out: string[]): string[] {
  if (Array.isArray(value)) for (const item of value) descriptionsIn(item, out);
  else if (typeof value === 'object' && value !== null) {
    for (const [key, inner] of Object.entries(value)) {
      if (key === 'description' && typeof inner === 'string') out.push(inner);
      else descriptionsIn(inner, out);
    }
  }
  return out;
}

const crds = process.env.MESHPATH_CRDS;

if (crds !== undefined) {
  describe('documentation', () => {
    it('has no sentence of a published CRD', () => {
      const folders = ['istio', 'istio-next', 'linkerd', 'gateway-api/standard', 'gateway-api/experimental', 'smi'];
      const theirs = new Set<string>();
      for (const folder of folders) {
        for (const text of crdFiles(join(crds, folder)))
          for (const description of descriptionsIn(parse(text), []))
            for (const sentence of sentencesOf(description)) theirs.add(sentence);
      }
      assert.ok(theirs.size > 1000, 'the CRDs have descriptions');
      const definitions = SERVER.filter(({ path }) => path.startsWith(`${CORE}schema/`));
      const copied = offences(definitions, ({ text }) =>
        stringsOf(text)
          .flatMap(sentencesOf)
          .filter((sentence) => theirs.has(sentence)),
      );
      assert.deepEqual(copied, []);
    });
  });
}

function crdFiles(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => /\.ya?ml$/.test(name))
    .map((name) => readFileSync(join(folder, name), 'utf8'));
}

/** The string literals of a source file. */
function stringsOf(text: string): string[] {
  return [...text.matchAll(/'((?:[^'\\\n]|\\.)*)'|"((?:[^"\\\n]|\\.)*)"|`((?:[^`\\]|\\.)*)`/g)].map(
    (match) => match[1] ?? match[2] ?? match[3] ?? '',
  );
}
