/**
 * How the core names the file of a URI: the same text without percent escapes, so that a path written in a YAML file
 * (`patches/two words.yaml`) names the file that the client calls `…/two%20words.yaml`.
 */
export function pathOfUri(uri: string): string {
  try {
    return decodeURIComponent(uri);
  } catch {
    // Not an escape but a bare percent sign; clients may send that, and the URI itself is as good a name.
    return uri;
  }
}
