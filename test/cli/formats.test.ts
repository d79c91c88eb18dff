import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, it } from 'mocha';
import { check } from '../../server/src/api.ts';
import { LineIndex } from '../../server/src/lineIndex.ts';
import { checkResultSchema } from '../../server/src/protocol/check.ts';
import { ROOT } from '../sources.ts';
import { BAD, type Folder, GOOD, inFolder, ODD } from './run.ts';
import { type Sarif, sarifShape } from './sarifShape.ts';

const FIXTURES = join(ROOT, 'test/fixtures/checks');

/** Faults of three severities, a fix, an emoji before the fault, and two resources in one file. */
const MIXED = `${BAD}---\n${ODD}`;
const FAULTY = {
  'b c.yaml': MIXED,
  'a.yaml': GOOD.replace('{}', '').replace('name: default', 'name: "🦊", labels: {}'),
  'good.yaml': GOOD,
};

describe('check --format text', () => {
  it('shows place, severity, message, code and the line', async () => {
    await inFolder({ 'mixed.yaml': MIXED }, async ({ run }) => {
      const { out } = await run('check');
      const lines = out.split('\n');
      assert.equal(lines[0], 'mixed.yaml:8:5 error [unknown-field]');
      assert.match(lines[1] ?? '', /^ {2}\S.*`mod`/);
      assert.equal(lines[2], '  8 |     mod: STRICT');
      assert.equal(lines[3], '    |     ^^^');
      assert.match(out, /^mixed.yaml:17:5 warning \[empty-value\]$/m);
      assert.match(out, /^1 error, 1 warning in 1 file, 2 resources\.$/m);
    });
  });

  it('is plain unless colors are wanted', async () => {
    await inFolder({ 'bad.yaml': BAD }, async ({ run, runWith }) => {
      const plain = (await run('check')).out;
      const colored = (await runWith({ color: true }, 'check')).out;
      assert.ok(!plain.includes('\u001b'));
      assert.notEqual(colored, plain);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: this is how terminals are told colors
      assert.equal(colored.replace(/\u001b\[\d*m/g, ''), plain);
    });
  });

  it('says so when nothing is wrong', async () => {
    await inFolder({ 'good.yaml': GOOD }, async ({ run }) => {
      assert.equal((await run('check')).out, 'No problems in 1 file, 1 resource.\n');
    });
  });

  it('cuts long lines around the place and keeps tabs', async () => {
    const long = `{"apiVersion":"security.istio.io/v1","kind":"PeerAuthentication",\t"metadata":{"name":"${'a'.repeat(200)}"},"spec":{"mod":1}}\n`;
    await inFolder(
      { 'long.json': long, 'tab.json': long.replace(`"${'a'.repeat(200)}"`, '"a","namespace":"b"') },
      async ({ run }) => {
        const { out } = await run('check');
        const lines = out.split('\n');
        for (const line of lines) assert.ok(line.length <= 120, line);
        const carets = lines.flatMap((line, at) => {
          const column = line.indexOf('^');
          return column === -1 ? [] : [lines[at - 1]?.slice(column, line.lastIndexOf('^') + 1)];
        });
        assert.deepEqual(carets, ['"mod"', '"mod"']);
        assert.ok(lines.some((line) => /^\s+\|\s.*\t\s*\^/.test(line)));
      },
    );
  });

  it('does not let files speak to the terminal', async () => {
    const name = '\u001b[2J\u0007evil';
    await inFolder({ 'x.yaml': GOOD.replace('mode: STRICT', `"\u001b[31m${name}": 1 # \u202e`) }, async ({ run }) => {
      const { out } = await run('check');
      // biome-ignore lint/suspicious/noControlCharactersInRegex: none of these may come through
      assert.doesNotMatch(out, /[\u0000-\u0008\u000b-\u001f\u202e]/);
    });
  });
});

describe('check --format json', () => {
  it('has the published shape and is what the library answers', async () => {
    await inFolder(FAULTY, async ({ run, path }) => {
      const { out } = await run('check', '--format', 'json');
      const answer = checkResultSchema.parse(JSON.parse(out));
      const files = Object.entries(FAULTY).map(([name, text]) => ({ path: `${path}/${name}`, text }));
      const library = checkResultSchema.parse(JSON.parse(JSON.stringify(await check({ files }))));
      const shown = (file: string) => file.slice(path.length + 1);
      assert.ok(answer.diagnostics.length >= 3);
      assert.deepEqual(answer, {
        ...library,
        diagnostics: library.diagnostics.map((found) => ({ ...found, file: shown(found.file) })),
      });
    });
  });

  it('is the same however the files are given', async () => {
    await inFolder(FAULTY, async ({ run }) => {
      const { out } = await run('check', '--format', 'json');
      const names = Object.keys(FAULTY);
      assert.equal((await run('check', '--format', 'json', ...names)).out, out);
      assert.equal((await run('check', '--format', 'json', ...names.reverse())).out, out);
    });
  });
});

describe('check --format sarif', () => {
  it('is valid and complete', async () => {
    await inFolder(FAULTY, async (folder) => {
      const { runs } = await sarif(folder);
      const [run] = runs;
      assert.ok(run);
      const { rules } = run.tool.driver;
      assert.equal(new Set(rules.map(({ id }) => id)).size, rules.length);
      for (const { ruleId, ruleIndex } of run.results) assert.equal(rules[ruleIndex]?.id, ruleId);
      const places = run.results.map(({ ruleId, level, locations: [location] }) => [
        location?.physicalLocation.artifactLocation.uri,
        location?.physicalLocation.region.startLine,
        ruleId,
        level,
      ]);
      assert.deepEqual(places.slice(-2), [
        ['b%20c.yaml', 8, 'unknown-field', 'error'],
        ['b%20c.yaml', 17, 'empty-value', 'warning'],
      ]);
    });
  });

  it('carries fixes that do what they say', async () => {
    await inFolder({ 'bad.yaml': BAD }, async (folder) => {
      const [run] = (await sarif(folder)).runs;
      const change = run?.results[0]?.fixes?.[0]?.artifactChanges[0];
      assert.equal(change?.artifactLocation.uri, 'bad.yaml');
      const lines = new LineIndex(BAD);
      let fixed = BAD;
      for (const { deletedRegion, insertedContent } of change?.replacements ?? []) {
        const start = lines.offsetAt({ line: deletedRegion.startLine - 1, character: deletedRegion.startColumn - 1 });
        const end = lines.offsetAt({ line: deletedRegion.endLine - 1, character: deletedRegion.endColumn - 1 });
        fixed = fixed.slice(0, start) + insertedContent.text + fixed.slice(end);
      }
      assert.equal(fixed, GOOD);
    });
  });

  it('has fingerprints that survive moved lines and tell equal findings apart', async () => {
    const fingerprints = async (text: string) => {
      let found: string[] = [];
      await inFolder({ 'a.yaml': text }, async (folder) => {
        const [run] = (await sarif(folder)).runs;
        found = run?.results.map(({ partialFingerprints }) => Object.values(partialFingerprints).join()) ?? [];
      });
      return found;
    };
    const before = await fingerprints(`${MIXED}---\n${BAD}`);
    assert.equal(new Set(before).size, 3);
    assert.deepEqual(await fingerprints(`# moved\n\n---\n${GOOD}---\n${MIXED}---\n${BAD}`), before);
    assert.notDeepEqual(await fingerprints(`${MIXED.replaceAll('name: default', 'name: other')}---\n${BAD}`), before);
  });
});

describe('check --format sarif, for all fixtures at once', () => {
  let texts: ReadonlyMap<string, string>;
  let log: Sarif;

  before(async function () {
    this.timeout(60_000);
    const read = readdirSync(FIXTURES, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.yaml'))
      .map((name): [string, string] => [name.replaceAll('\\', '/'), readFileSync(join(FIXTURES, name), 'utf8')]);
    texts = new Map(read);
    await inFolder(Object.fromEntries(read), async (folder) => {
      log = await sarif(folder);
    });
  });

  const results = () => log.runs.flatMap((run) => run.results);
  const linesOf = (uri: string) => texts.get(decodeURIComponent(uri))?.split('\n');

  it('names the rule of each result, and reports most rules', () => {
    const rules = log.runs[0]?.tool.driver.rules ?? [];
    assert.equal(new Set(rules.map(({ id }) => id)).size, rules.length);
    for (const { ruleId, ruleIndex } of results()) assert.equal(rules[ruleIndex]?.id, ruleId);
    assert.ok(new Set(results().map(({ ruleId }) => ruleId)).size > rules.length / 2);
  });

  it('has regions that are in their files, columns in the unit that it declares', () => {
    assert.equal(log.runs[0]?.columnKind, 'utf16CodeUnits');
    const outside: string[] = [];
    for (const { ruleId, locations, relatedLocations = [], fixes = [] } of results()) {
      const places = [...locations, ...relatedLocations].map(({ physicalLocation }) => physicalLocation);
      const changes = fixes.flatMap((fix) => fix.artifactChanges);
      const regions = [
        ...places.map(({ artifactLocation, region }) => ({ uri: artifactLocation.uri, region })),
        ...changes.flatMap(({ artifactLocation, replacements }) =>
          replacements.map(({ deletedRegion }) => ({ uri: artifactLocation.uri, region: deletedRegion })),
        ),
      ];
      for (const { uri, region } of regions) {
        const lines = linesOf(uri);
        const [first, last] = [lines?.[region.startLine - 1], lines?.[region.endLine - 1]];
        if (first === undefined || last === undefined) outside.push(`${uri} ${ruleId}: no such line`);
        else if (region.startColumn > first.length + 1 || region.endColumn > last.length + 1)
          outside.push(`${uri} ${ruleId}: no such column`);
      }
    }
    assert.deepEqual(outside, []);
  });

  it('tells the findings of a file apart by their fingerprints', () => {
    const seen = new Set<string>();
    for (const { ruleId, locations, partialFingerprints } of results()) {
      const uri = locations[0]?.physicalLocation.artifactLocation.uri;
      seen.add([uri, ruleId, ...Object.values(partialFingerprints)].join(' '));
    }
    assert.equal(seen.size, results().length);
  });

  it('has fixes whose replacements do not overlap', () => {
    const fixes = results().flatMap((result) => result.fixes ?? []);
    assert.ok(fixes.length > 100, String(fixes.length));
    for (const { description, artifactChanges } of fixes) {
      for (const { replacements } of artifactChanges) {
        const regions = replacements
          .map(({ deletedRegion }) => deletedRegion)
          .sort((a, b) => a.startLine - b.startLine || a.startColumn - b.startColumn);
        for (const [index, { endLine, endColumn }] of regions.entries()) {
          const next = regions[index + 1];
          if (!next) continue;
          const apart = endLine < next.startLine || (endLine === next.startLine && endColumn <= next.startColumn);
          assert.ok(apart, description.text);
        }
      }
    }
  });
});

describe('check --format github', () => {
  it('writes one workflow command for each finding', async () => {
    await inFolder({ 'mixed.yaml': MIXED }, async ({ run }) => {
      const lines = (await run('check', '--format', 'github')).out.trimEnd().split('\n');
      assert.equal(lines.length, 2);
      assert.match(
        lines[0] ?? '',
        /^::error file=mixed\.yaml,line=8,col=5,endLine=8,endColumn=8,title=unknown-field::\S/,
      );
      assert.match(lines[1] ?? '', /^::warning file=mixed\.yaml,line=17,/);
    });
  });

  it('escapes what would end a command, and names files from the root of the repository', async () => {
    await inFolder({ 'deep/a,b:c%.yaml': BAD.replace('mod:', '"x%0A\\n::error::y":') }, async ({ runWith, path }) => {
      const { out } = await runWith({ cwd: 'deep', env: { GITHUB_WORKSPACE: path } }, 'check', '--format', 'github');
      assert.equal(out.trimEnd().split('\n').length, 1);
      assert.ok(out.startsWith('::error file=deep/a%2Cb%3Ac%25.yaml,'), out);
      assert.ok(!out.includes('x%0A'), 'a percent sign of the text is escaped itself');
    });
  });
});

async function sarif(folder: Folder): Promise<Sarif> {
  const { out } = await folder.run('check', '--format', 'sarif');
  return sarifShape.parse(JSON.parse(out));
}
