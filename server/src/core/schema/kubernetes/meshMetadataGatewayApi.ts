import { keysOfMesh, type MetadataKey } from './metadataKey.ts';
import { anyText } from './metadataValues.ts';

/** Labels of the Gateway API itself. */

const { label } = keysOfMesh('gateway-api');
const GENERATED = ['ServiceAccount', 'Deployment', 'Service', 'Pod', 'PodDisruptionBudget', 'HorizontalPodAutoscaler'];

export const GATEWAY_API: readonly MetadataKey[] = [
  label(
    'gateway.networking.k8s.io/gateway-name',
    GENERATED,
    anyText,
    'The **Gateway** for which a controller made the object. Selectors of policies for the pods of a gateway or waypoint use it.',
    { setByMesh: true },
  ),
  label(
    'gateway.networking.k8s.io/gateway-class-name',
    GENERATED,
    anyText,
    'The class of the Gateway for which a controller made the object.',
    { setByMesh: true },
  ),
];
