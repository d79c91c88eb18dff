import { isWaypoint } from '../../mesh/waypoints.ts';
import type { KindKey, Located } from '../../model/located.ts';
import type { World } from '../../model/world.ts';
import type { NameSource } from './names.ts';

/**
 * Names of the workspace in patterns. The text of a placeholder says what it stands for, as `${1:my-service}`; a user
 * who inserts the snippet without the server reads it as what has to be written there.
 */
const NAMES: Readonly<Record<string, (world: World, namespace: string | undefined) => readonly string[]>> = {
  'my-service': (world, namespace) => world.services(namespace).map(({ name }) => name),
  'my-account': (world, namespace) => named(world, '/ServiceAccount', namespace),
  'my-app': (world, namespace) => world.workloads(namespace).map(({ labels }) => labels.get('app') ?? ''),
  'my-waypoint': (world, namespace) => gateways(world, namespace, true),
  'my-gateway': (world, namespace) => gateways(world, namespace, false),
  'my-istio-gateway': (world, namespace) => named(world, 'networking.istio.io/Gateway', namespace),
  'my-server': (world, namespace) => named(world, 'policy.linkerd.io/Server', namespace),
  'my-callers': (world, namespace) => named(world, 'policy.linkerd.io/MeshTLSAuthentication', namespace),
};

/** More than these are no longer a choice that a person reads. */
const MAX_CHOICES = 12;

/** A pattern with what the workspace has: one name as the placeholder's text, several as a choice. */
export function withWorkspaceNames(body: string, source: NameSource): string {
  // Looked up for the first name that is asked for: most fragments have none, and then the workspace is not asked at all.
  let nearby: readonly string[] | undefined;
  return body.replace(/\$\{(\d+):(my-[a-z-]+)\}/g, (written, stop: string, placeholder: string) => {
    nearby ??= namespacesNearby(source);
    const found = placeholder === 'my-namespace' ? nearby : namesFor(placeholder, source, nearby[0]);
    const names = [...new Set(found)].filter(isPlain).slice(0, MAX_CHOICES);
    if (names.length === 0) return written;
    return names.length === 1 ? `\${${stop}:${names[0]}}` : `\${${stop}|${names.join(',')}|}`;
  });
}

/** Those of the namespace that the file is about; where it has none, those of all. */
function namesFor(placeholder: string, { snapshot }: NameSource, namespace: string | undefined): readonly string[] {
  const find = Object.hasOwn(NAMES, placeholder) ? NAMES[placeholder] : undefined;
  if (!find) return [];
  const near = namespace === undefined ? [] : find(snapshot.world, namespace);
  return near.length > 0 ? near : find(snapshot.world, undefined);
}

/** Names that Kubernetes accepts hold nothing that a snippet or YAML would read as more than a name. */
function isPlain(name: string): boolean {
  return /^[a-z][a-z0-9.-]*$/.test(name);
}

/** Namespaces, those of the same file first, then those of the same folder. */
function namespacesNearby({ snapshot, file }: NameSource): string[] {
  const folder = folderOf(file.path);
  const { world } = snapshot;
  const inFolder = world.all.filter(({ path }) => folderOf(path) === folder);
  const inFile = inFolder.filter(({ path }) => path === file.path);
  return [...new Set([...namespacesOf(inFile), ...namespacesOf(inFolder), ...[...world.namespaces()].sort()])];
}

function namespacesOf(resources: readonly Located[]): string[] {
  return resources.flatMap(({ resource, name, namespace, namespaceKnown }) => {
    if (resource.kind === 'Namespace') return [name];
    return namespaceKnown && namespace !== '' ? [namespace] : [];
  });
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/') + 1);
}

function resources(world: World, kind: KindKey, namespace: string | undefined): readonly Located[] {
  return namespace === undefined ? world.ofKind(kind) : world.inNamespace(kind, namespace);
}

function named(world: World, kind: KindKey, namespace: string | undefined): string[] {
  return resources(world, kind, namespace).map(({ name }) => name);
}

function gateways(world: World, namespace: string | undefined, waypoints: boolean): string[] {
  return resources(world, 'gateway.networking.k8s.io/Gateway', namespace)
    .filter((gateway) => isWaypoint(world, gateway) === waypoints)
    .map(({ name }) => name);
}
