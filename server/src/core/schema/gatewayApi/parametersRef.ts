import { field, fragment, object, required } from '../define.ts';
import { apiGroup, kindName, namespaceName, objectName } from './names.ts';

/** Settings of a controller in a resource of its own, for GatewayClass and XMesh. */
export const parametersReference = fragment(() =>
  object({
    group: required(apiGroup(), 'API group of the resource with the settings; `""` for a ConfigMap.'),
    kind: required(kindName(), 'Kind of the resource with the settings, as the controller expects it.'),
    name: required(objectName(), 'Which resource holds the settings.'),
    namespace: field(namespaceName(), 'Where that resource lives; absent when it is cluster-scoped.'),
  }),
);
