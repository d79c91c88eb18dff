// A file system over HTTP, as the ones of vscode.dev are: the front of the tests serves the files of the workspace.
const vscode = require('vscode');

/** @param {import('vscode').ExtensionContext} context */
exports.activate = (context) => {
  const root = vscode.Uri.joinPath(context.extensionUri, '/../../__files').toString(true);
  context.subscriptions.push(vscode.workspace.registerFileSystemProvider('webfiles', fileSystem(root)));
};

function fileSystem(root) {
  const changes = new vscode.EventEmitter();
  const times = new Map();

  async function get(uri) {
    const answer = await fetch(root + uri.path, { cache: 'no-store' });
    if (!answer.ok) throw vscode.FileSystemError.FileNotFound(uri);
    const isFolder = answer.headers.get('content-type') === 'application/json' && !uri.path.endsWith('.json');
    return { answer, isFolder };
  }

  return {
    onDidChangeFile: changes.event,
    watch: () => new vscode.Disposable(() => {}),
    async stat(uri) {
      const { answer, isFolder } = await get(uri);
      const { byteLength } = await answer.arrayBuffer();
      const type = isFolder ? vscode.FileType.Directory : vscode.FileType.File;
      return { type, ctime: 0, mtime: times.get(uri.path) ?? 0, size: byteLength };
    },
    async readDirectory(uri) {
      const { answer } = await get(uri);
      const entries = await answer.json();
      return entries.map(({ name, folder }) => [name, folder ? vscode.FileType.Directory : vscode.FileType.File]);
    },
    async readFile(uri) {
      const { answer } = await get(uri);
      return new Uint8Array(await answer.arrayBuffer());
    },
    async writeFile(uri, content) {
      await fetch(root + uri.path, { method: 'PUT', body: content });
      times.set(uri.path, Date.now());
      changes.fire([{ type: vscode.FileChangeType.Changed, uri }]);
    },
    createDirectory: () => Promise.reject(vscode.FileSystemError.NoPermissions()),
    delete: () => Promise.reject(vscode.FileSystemError.NoPermissions()),
    rename: () => Promise.reject(vscode.FileSystemError.NoPermissions()),
  };
}
