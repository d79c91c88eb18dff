import { type PathRequestJson, readRequests } from './path.ts';

// Links to the hop path of a request, as people send them to each other: vscode://meshpath.meshpath/path?request={…}

const LINK_PATH = '/path';
const PARAMETER = 'request=';
/** More than any request needs; a link can come from anywhere. */
const MOST_CHARACTERS = 16_384;

export function requestLink(scheme: string, extension: string, request: PathRequestJson): string {
  return `${scheme}://${extension}${LINK_PATH}?${PARAMETER}${encodeURIComponent(JSON.stringify(request))}`;
}

/** The request of a link that the editor took apart and decoded. Throws a `TypeError` that says what is wrong. */
export function readRequestLink({ path, query }: { readonly path: string; readonly query: string }): PathRequestJson {
  if (path !== LINK_PATH || !query.startsWith(PARAMETER)) throw new TypeError('it is no link to a hop path');
  if (query.length > MOST_CHARACTERS) throw new TypeError(`it is longer than ${MOST_CHARACTERS} characters`);
  const [request, ...others] = readRequests(parsed(query.slice(PARAMETER.length)));
  if (!request || others.length > 0) throw new TypeError('it must hold one request');
  return request;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new TypeError('its request is not JSON');
  }
}
