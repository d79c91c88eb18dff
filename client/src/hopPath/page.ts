/** The part of a webview that a page is loaded into. Places are those of the editor, whatever it takes for one. */
export interface PageHost<Place> {
  /** What the editor serves to the page, for its Content-Security-Policy. */
  readonly cspSource: string;
  asWebviewUri(place: Place): { toString(): string };
  options: { readonly enableScripts?: boolean; readonly localResourceRoots?: readonly Place[] };
  html: string;
}

/** Loads the page. It can reach the folder that was built for it, and nothing else. */
export function loadPage<Place>(host: PageHost<Place>, folder: Place, within: (name: string) => Place): void {
  const address = (name: string) => host.asWebviewUri(within(name)).toString();
  host.options = { enableScripts: true, localResourceRoots: [folder] };
  host.html = pageHtml({
    source: host.cspSource,
    script: address('hopPath.js'),
    styles: address('hopPath.css'),
    nonce: newNonce(),
  });
}

interface PageParts {
  readonly source: string;
  readonly script: string;
  readonly styles: string;
  readonly nonce: string;
}

/** The page runs and loads its own script and its own styles, and nothing from anywhere else. */
export function pageHtml({ source, script, styles, nonce }: PageParts): string {
  const policy = `default-src 'none'; style-src ${source}; script-src 'nonce-${nonce}'`;
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Hop Path</title>
<link rel="stylesheet" href="${styles}">
</head>
<body>
<main id="page"></main>
<script nonce="${nonce}" src="${script}"></script>
</body>
</html>`;
}

const NONCE_BYTES = 16;

/** Different for each load, so that nothing on the page can know it beforehand. */
export function newNonce(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
