import { at, entryOf, isPresent, text } from '../yaml/access.ts';
import { replaceScalar } from '../yaml/edits.ts';
import type { MapNode, ScalarNode } from '../yaml/tree.ts';
import { currentApiVersion, currentVersion, rulesOfResource, specShape } from './catalog.ts';
import * as check from './checks.ts';
import { anything, field, object, required } from './define.ts';
import { apiVersionOf, type KindDefinition } from './kind.ts';
import { objectMeta } from './metadata.ts';
import { isNewer, PROJECT_NAMES, targetOf } from './releases.ts';
import type { CheckFacts, Fix, Problem, ReportExtras, RuleContext } from './rule.ts';
import { type Field, type ObjectShape, objectShape, shapeOf } from './shape.ts';
import { validateNode } from './validate.ts';
import { brief, NODE_BUDGET, report, runRules, type Walk } from './walk.ts';

/**
 * Everything that one resource alone can get wrong: its version, its structure, the values and cross-field rules of its
 * kind, and the mesh labels and annotations on it.
 */
export function validateResource(
  definition: KindDefinition,
  root: MapNode,
  documentText: string,
  context: RuleContext,
): Problem[] {
  const specOf = (version: string) => specShape(definition, version);
  const walk: Walk = {
    definition,
    context,
    specOf,
    text: documentText,
    problems: [],
    around: [],
    budget: { nodes: NODE_BUDGET },
    told: {},
  };
  if (definition.project !== 'kubernetes') {
    checkVersion(walk, root);
    validateNode(walk, root, rootShape(definition, context.version));
  }
  runRules(walk, root, rulesOfResource(definition));
  return withoutEchoes(walk.problems).toSorted((a, b) => a.span.start - b.span.start || a.span.end - b.span.end);
}

/** Where a rule knows what is wrong with a field, the plain remark that there is no such field says nothing more. */
function withoutEchoes(problems: readonly Problem[]): readonly Problem[] {
  if (problems.length < 2) return problems;
  const explained = new Set(
    problems.filter(({ code }) => code !== check.UNKNOWN_FIELD.code).map(({ span }) => span.start),
  );
  return problems.filter(({ code, span }) => code !== check.UNKNOWN_FIELD.code || !explained.has(span.start));
}

const rootShapes = new Map<KindDefinition, Map<string, ObjectShape>>();

/** The shape of the whole resource: the five top-level fields with the kind's body among them. */
export function rootShape(definition: KindDefinition, written: string): ObjectShape {
  const version = Object.hasOwn(definition.versions, written) ? written : currentVersion(definition);
  let shapes = rootShapes.get(definition);
  if (!shapes) {
    shapes = new Map();
    rootShapes.set(definition, shapes);
  }
  let shape = shapes.get(version);
  if (!shape) {
    shape = buildRootShape(definition, version);
    shapes.set(version, shape);
  }
  return shape;
}

function buildRootShape(definition: KindDefinition, version: string): ObjectShape {
  const frame = shapeOf(
    object({
      apiVersion: required(anything(), 'The API group and version that define the fields below.'),
      kind: required(anything(), definition.doc),
      metadata: (definition.metadataRequired === false ? field : required)(
        objectMeta(),
        'Name, namespace, labels and annotations.',
      ),
      status: field(anything(), 'Written by controllers: what they made of the resource. It has no effect in a file.'),
    }),
  );
  const fields = new Map<string, Field>(frame.type === 'object' ? frame.fields : []);
  const name = definition.body ?? 'spec';
  const body: Field = {
    name,
    shape: specShape(definition, version),
    required: definition.specRequired === true,
    doc: { doc: definition.doc, readBy: definition.readBy },
  };
  const status = fields.get('status');
  fields.delete('status');
  fields.set(name, body);
  if (status) fields.set('status', status);
  return objectShape(fields);
}

function checkVersion(walk: Walk, root: MapNode): void {
  const { definition, context } = walk;
  const node = at(root, 'apiVersion');
  const written = text(root, 'apiVersion');
  if (node?.kind !== 'scalar' || written === undefined) return;
  const facts = Object.hasOwn(definition.versions, context.version) ? definition.versions[context.version] : undefined;
  const current = currentApiVersion(definition);
  const tell = (facts: CheckFacts, message: string, tag?: ReportExtras['tag']) =>
    report(walk, facts, node, message, { fixes: useVersion(node, current), ...(tag ? { tag } : {}) });
  if (!facts?.served) {
    const served = Object.entries(definition.versions).filter(([, version]) => version.served);
    const names = served.map(([version]) => apiVersionOf(definition.group, version)).join(', ');
    tell(
      check.UNSERVED_VERSION,
      `No current release serves ${definition.kind} as \`${brief(written)}\`; use ${names}.`,
    );
  } else if (facts.deprecated !== undefined) {
    tell(
      check.DEPRECATED_VERSION,
      `\`${written}\` is deprecated for ${definition.kind}. ${facts.deprecated}`,
      'deprecated',
    );
  } else if (isExperimental(walk, facts.channel)) {
    tell(
      check.EXPERIMENTAL_FIELD,
      `Only the experimental channel of the Gateway API serves ${definition.kind} as \`${written}\`; the standard channel has ${current}.`,
    );
  } else if (hasStableVersion(walk)) {
    tell(check.OLDER_VERSION, `${definition.kind} is stable: \`${current}\` has the same fields.`);
  }
  checkKind(walk, root, facts?.since);
}

/** Objects are stored in the stable version, in the release in use too; where they are not yet, it is too new to ask for. */
function hasStableVersion({ definition, context }: Walk): boolean {
  const current = currentVersion(definition);
  const facts = definition.versions[current];
  return (
    /^v\d+$/.test(current) &&
    !/^v\d+$/.test(context.version) &&
    facts?.storage === true &&
    facts.channel === undefined &&
    !isNewer(facts.since, definition.project, context.targets)
  );
}

function checkKind(walk: Walk, root: MapNode, versionSince: string | undefined): void {
  const { definition, context } = walk;
  const kindNode = entryOf(root, 'kind')?.value;
  if (!kindNode || !isPresent(kindNode)) return;
  const since = definition.since ?? versionSince;
  if (isNewer(since, definition.project, context.targets)) {
    report(
      walk,
      check.NEWER_FIELD,
      kindNode,
      `${definition.kind} came in this version with ${PROJECT_NAMES[definition.project]} ${since}, and the target is ${targetOf(definition.project, context.targets)}.`,
    );
  } else if (definition.channel === 'experimental' && context.targets.gatewayApi.channel === 'standard') {
    report(
      walk,
      check.EXPERIMENTAL_FIELD,
      kindNode,
      `${definition.kind} exists only in the experimental channel of the Gateway API.`,
    );
  }
}

function isExperimental(walk: Walk, channel: 'experimental' | undefined): boolean {
  return channel === 'experimental' && walk.context.targets.gatewayApi.channel === 'standard';
}

function useVersion(node: ScalarNode, apiVersion: string): Fix[] {
  return [{ title: `Use ${apiVersion}`, safe: false, edits: [replaceScalar(node, apiVersion)] }];
}
