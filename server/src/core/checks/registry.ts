import type { WorkspaceCheck } from './check.ts';
import { backendNotFound } from './gatewayApi/backendNotFound.ts';
import { backendPortNotFound } from './gatewayApi/backendPortNotFound.ts';
import { gatewayAddressShared } from './gatewayApi/gatewayAddressShared.ts';
import { gatewayClassNotFound } from './gatewayApi/gatewayClassNotFound.ts';
import { gatewayListenerShared } from './gatewayApi/gatewayListenerShared.ts';
import { grantNamespaceNotFound } from './gatewayApi/grantNamespaceNotFound.ts';
import { parentNotFound } from './gatewayApi/parentNotFound.ts';
import { referenceNotGranted } from './gatewayApi/referenceNotGranted.ts';
import { routeNotAccepted } from './gatewayApi/routeNotAccepted.ts';
import { principalNotFound } from './security/principalNotFound.ts';
import { selectorMatchesNothing } from './security/selectorMatchesNothing.ts';
import { sourceNamespaceNotFound } from './security/sourceNamespaceNotFound.ts';
import { trustDomainUnknown } from './security/trustDomainUnknown.ts';
import { destinationHostNotFound } from './traffic/destinationHostNotFound.ts';
import { gatewayNotFound } from './traffic/gatewayNotFound.ts';
import { subsetNotFound } from './traffic/subsetNotFound.ts';

/** Every check that looks beyond one resource, by code. A test keeps the list sorted and complete. */
export const WORKSPACE_CHECKS: readonly WorkspaceCheck[] = [
  backendNotFound,
  backendPortNotFound,
  destinationHostNotFound,
  gatewayAddressShared,
  gatewayClassNotFound,
  gatewayListenerShared,
  gatewayNotFound,
  grantNamespaceNotFound,
  parentNotFound,
  principalNotFound,
  referenceNotGranted,
  routeNotAccepted,
  selectorMatchesNothing,
  sourceNamespaceNotFound,
  subsetNotFound,
  trustDomainUnknown,
];
