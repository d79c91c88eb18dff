import { spawnSync } from 'node:child_process';
import path from 'node:path';

export const repository = path.resolve(import.meta.dirname, '../../..');

/** Packages what dist/ holds as an extension file, the way it is published, and gives its path. */
export function packageExtension(folder: string): string {
  const vsix = path.join(folder, 'meshpath.vsix');
  const vsce = path.join(repository, 'node_modules/@vscode/vsce/vsce');
  const flags = ['--no-dependencies', '--allow-missing-repository', '--no-rewrite-relative-links'];
  const args = [vsce, 'package', ...flags, '--out', vsix];
  const run = spawnSync(process.execPath, args, {
    cwd: repository,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  if (run.status !== 0) throw new Error(`The extension could not be packaged:\n${run.stdout}${run.stderr}`);
  return vsix;
}
