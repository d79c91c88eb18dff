// Who serves a YAML file when the YAML extension of Red Hat runs beside Meshpath. Pure decisions, so that tests can ask.

/**
 * - `none`: no mesh resource in it, not our business;
 * - `own`: Meshpath serves its structure, and Red Hat YAML is given a schema that says nothing;
 * - `shared`: Red Hat YAML keeps the schema it has for the file, and Meshpath leaves the structure to it.
 */
export type Sharing = 'none' | 'own' | 'shared';

export interface Neighbors {
  /** The Kubernetes extension contributes schemas of its own, which Red Hat YAML joins with ours. */
  kubernetesTools: boolean;
  /** The file patterns of `yaml.schemas`. */
  schemaPatterns: readonly string[];
}

/** The first line of a document that names a mesh API, and what stands before it on that line. */
const MESH_API_VERSION =
  /^([ \t{-]*)["']?apiVersion["']?[ \t]*:[ \t]*["']?(?:(?:[\w-]+\.)*(?:istio|linkerd)\.io|gateway\.networking\.(?:x-)?k8s\.io|split\.smi-spec\.io)\//m;
const MODELINE = /^#\s+(?:yaml-language-server\s*:.*\$schema=|\$schema:\s*)(\S+)/m;

/** Decides for one file. `uri` is the address as Red Hat YAML knows it, `text` the content of the editor. */
export function sharingOf(uri: string, text: string, neighbors: Neighbors): Sharing {
  const contents = splitDocuments(text).map(meshContent);
  if (contents.every((content) => content === 'none')) return 'none';
  // A schema that the file itself names beats whatever an extension contributes.
  const named = MODELINE.exec(text)?.[1];
  if (named !== undefined) return named === 'none' ? 'own' : 'shared';
  if (neighbors.kubernetesTools || contents.every((content) => content === 'all')) return 'own';
  // An answer of ours would take the place of `yaml.schemas` for the whole file, the other resources included.
  return neighbors.schemaPatterns.some((pattern) => matchesPattern(pattern, uri)) ? 'shared' : 'own';
}

/** How much of a document is ours: a List may hold mesh resources among others, which show by their indentation. */
function meshContent(document: string): 'all' | 'some' | 'none' {
  const indentation = MESH_API_VERSION.exec(document)?.[1];
  if (indentation === undefined) return 'none';
  return indentation === '' || indentation.startsWith('{') ? 'all' : 'some';
}

/** The documents of a YAML text that hold more than comments. */
function splitDocuments(text: string): string[] {
  return text.split(/^(?:---(?=\s|$)|\.\.\.(?=\s|$))/m).filter((part) => /^[ \t]*[^\s#%]/m.test(part));
}

/**
 * Patterns as Red Hat YAML reads them: a star stands for any characters, slashes included, everything else for itself,
 * and the pattern may begin anywhere in the address but has to reach its end.
 */
export function matchesPattern(pattern: string, uri: string): boolean {
  const literals = pattern.split('*');
  const last = literals.pop() ?? '';
  let from = 0;
  for (const literal of literals) {
    const at = uri.indexOf(literal, from);
    if (at < 0) return false;
    from = at + literal.length;
  }
  return uri.length - last.length >= from && uri.endsWith(last);
}

/** The patterns of the `yaml.schemas` setting, whose values are one pattern or several. */
export function patternsOf(schemas: unknown): string[] {
  if (typeof schemas !== 'object' || schemas === null) return [];
  return Object.values(schemas)
    .flat()
    .filter((pattern): pattern is string => typeof pattern === 'string');
}
