import { items } from '../../yaml/access.ts';
import { fullHost, hostsMatch, ownersOfHost, serviceOfHost } from '../hosts.ts';
import { describeLocated } from '../located.ts';
import { isVisibleIn } from '../visibility.ts';
import type { World } from '../world.ts';
import {
  type Candidate,
  type Declaration,
  declared,
  type NameForm,
  nameOf,
  namespaceOf,
  resourcesNamed,
  type Use,
} from './reference.ts';

/** Hosts: of Services in all their lengths, of ServiceEntries, and patterns over both. */

/** A wildcard may cover a whole cluster; nobody reads a list of more. */
const MAX_COVERED = 100;

export function ownersOf(written: string, use: Use): Declaration[] {
  const namespace = namespaceOf(use.located);
  const { world } = use.scope;
  if (written.startsWith('*')) return coveredBy(written, world);
  const named = serviceOfHost(written, namespace);
  const services = named ? resourcesNamed(use.scope, '/Service', named.namespace, named.name) : [];
  const entries = ownersOfHost(world, written, namespace).flatMap(({ located, node }) =>
    node === undefined ? [] : declared(located, node, 'host'),
  );
  const exact = [...services, ...entries.filter(({ node }) => !node.text.startsWith('*'))];
  // A wildcard says what a host is only where nothing has the host itself.
  return exact.length > 0 ? exact : entries;
}

function coveredBy(wildcard: string, world: World): Declaration[] {
  if (wildcard === '*') return [];
  const services = world
    .services()
    .filter((service) => hostsMatch(wildcard, fullHost(service.name, service.namespace)))
    .flatMap(({ located }) => nameOf(located));
  const entries = hostsOfEntries(world).filter(({ node }) => node.text === wildcard || hostsMatch(wildcard, node.text));
  return [...services, ...entries].slice(0, MAX_COVERED);
}

export function hostsOfEntries(world: World): Declaration[] {
  return world
    .ofKind('networking.istio.io/ServiceEntry')
    .flatMap((located) => items(located.root, 'spec', 'hosts').flatMap((node) => declared(located, node, 'host')));
}

/** Where the name of the declaration stands in a host: a Service is the first label, a ServiceEntry's host is all of it. */
function hostPart(written: string, declaration: Declaration, from = 0): { start: number; end: number } {
  const dot = written.indexOf('.', from);
  return { start: from, end: declaration.sort === 'resource' && dot !== -1 ? dot : written.length };
}

function serviceCandidates(use: Use, nameHere: (name: string, namespace: string) => string): Candidate[] {
  const own = namespaceOf(use.located);
  return use.scope.world.services().map(({ located, name, namespace }) => ({
    name: nameHere(name, namespace),
    detail: describeLocated(located),
    rank: namespace === own ? 0 : 2,
  }));
}

function entryCandidates(use: Use, withWildcards: boolean): Candidate[] {
  const own = namespaceOf(use.located);
  return hostsOfEntries(use.scope.world)
    .filter(
      ({ located, node }) =>
        !node.templated && (withWildcards || !node.text.includes('*')) && isVisibleIn(located, own),
    )
    .map(({ located, node }) => ({
      name: node.text,
      detail: describeLocated(located),
      rank: located.namespace === own ? 1 : 3,
    }));
}

function shortOrFull(use: Use): (name: string, namespace: string) => string {
  const own = namespaceOf(use.located);
  return (name, namespace) => (namespace === own ? name : fullHost(name, namespace));
}

/** A host as VirtualServices and DestinationRules write it: a short name is one of the own namespace. */
export const host: NameForm = {
  noun: 'host',
  resolve: ownersOf,
  candidates: (use) => [...serviceCandidates(use, shortOrFull(use)), ...entryCandidates(use, true)],
  part: (written, declaration) => hostPart(written, declaration),
};

/** A host that traffic is sent to, so that a pattern makes no sense. */
export const destinationHost: NameForm = {
  ...host,
  candidates: (use) => [...serviceCandidates(use, shortOrFull(use)), ...entryCandidates(use, false)],
};

/** The full name only, with or without `namespace/` before it: Sidecar egress, providers of the mesh config. */
export function scopedHost(prefix: 'required' | 'optional'): NameForm {
  return {
    noun: 'host',
    resolve: (written, use) => {
      const slash = written.indexOf('/');
      const [scope, name] = slash === -1 ? ['*', written] : [written.slice(0, slash), written.slice(slash + 1)];
      const wanted = scope === '.' ? namespaceOf(use.located) : scope;
      if (scope === '~' || name === '*') return [];
      return ownersOf(name, use).filter(({ located }) => wanted === '*' || located.namespace === wanted);
    },
    candidates: (use) => {
      const full = prefix === 'required' ? withNamespace(use) : fullHost;
      const services = serviceCandidates(use, full);
      if (prefix === 'optional') return [...services, ...entryCandidates(use, false)];
      return [
        { name: './*', detail: 'all hosts of the own namespace', rank: 0 },
        { name: `${use.scope.rootNamespace}/*`, detail: 'all hosts of the root namespace', rank: 1 },
        ...services,
      ];
    },
    part: (written, declaration) => hostPart(written, declaration, written.indexOf('/') + 1),
  };
}

function withNamespace(use: Use): (name: string, namespace: string) => string {
  const own = namespaceOf(use.located);
  return (name, namespace) => `${namespace === own ? '.' : namespace}/${fullHost(name, namespace)}`;
}

/** `host:port`, as Linkerd writes authorities; also the name of a ServiceProfile, which has no port. */
export const authority: NameForm = {
  noun: 'Service',
  resolve: (written, use) => ownersOf(written.replace(/:\d+$/, ''), use).filter(({ sort }) => sort === 'resource'),
  candidates: (use) => serviceCandidates(use, fullHost),
  part: (written, declaration) => hostPart(written.replace(/:\d+$/, ''), declaration),
};
