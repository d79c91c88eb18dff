import { anything, field, fragment, int, list, map, object, string } from './define.ts';

/** The metadata that every Kubernetes object has. Only what people write in files is described in detail. */
export const objectMeta = fragment(() =>
  object({
    name: field(string({ max: 253 }), 'The name of the resource, unique in its namespace for its kind.'),
    generateName: field(string(), 'A prefix from which the API server makes a unique name when `name` is absent.'),
    namespace: field(
      string({ max: 63 }),
      'The namespace that the resource lives in. For policies this is also their reach: without a selector they hold for this namespace, and in the root namespace for the whole mesh.',
    ),
    labels: field(
      map(string()),
      'Key-value pairs that selectors match. Mesh membership, waypoints and injection are labels.',
    ),
    annotations: field(map(string()), 'Key-value pairs for tools; selectors do not see them.'),
    finalizers: field(list(string()), 'Names of controllers that must clean up before the object disappears.'),
    ownerReferences: field(list(anything()), 'Objects that own this one; it is deleted with them.'),
    managedFields: field(list(anything()), 'Written by the API server: which tool set which field.'),
    uid: field(string(), 'Written by the API server: the identity of this very object.'),
    resourceVersion: field(string(), 'Written by the API server: changes with every write.'),
    generation: field(int(), 'Written by the API server: counts changes of the specification.'),
    creationTimestamp: field(anything(), 'Written by the API server: when the object was created.'),
    deletionTimestamp: field(anything(), 'Written by the API server: when deletion was asked for.'),
    deletionGracePeriodSeconds: field(int(), 'Written by the API server: seconds left before the object is removed.'),
    selfLink: field(string(), 'Written by old API servers: the path of the object.'),
  }),
);
