import { Uri, type Webview } from 'vscode';

const NONCE_BYTES = 16;

/** What the page may load: its own script and its own styles, and nothing from anywhere else. */
export function pageHtml(webview: Webview, extensionUri: Uri): string {
  const nonce = randomHex();
  const asset = (name: string) => webview.asWebviewUri(Uri.joinPath(extensionUri, 'dist', name)).toString();
  const policy = `default-src 'none'; style-src ${webview.cspSource}; script-src 'nonce-${nonce}'`;
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Hop Path</title>
<link rel="stylesheet" href="${asset('hopPath.css')}">
</head>
<body>
<main id="page"></main>
<script nonce="${nonce}" src="${asset('hopPath.js')}"></script>
</body>
</html>`;
}

/** Different for each load, so that nothing on the page can know it beforehand. */
function randomHex(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
