import type { WorkspaceCheck } from './check.ts';
import { principalNotFound } from './security/principalNotFound.ts';
import { selectorMatchesNothing } from './security/selectorMatchesNothing.ts';
import { sourceNamespaceNotFound } from './security/sourceNamespaceNotFound.ts';
import { trustDomainUnknown } from './security/trustDomainUnknown.ts';
import { destinationHostNotFound } from './traffic/destinationHostNotFound.ts';
import { gatewayNotFound } from './traffic/gatewayNotFound.ts';
import { subsetNotFound } from './traffic/subsetNotFound.ts';

/** Every check that looks beyond one resource, by code. A test keeps the list sorted and complete. */
export const WORKSPACE_CHECKS: readonly WorkspaceCheck[] = [destinationHostNotFound, gatewayNotFound, principalNotFound, selectorMatchesNothing, sourceNamespaceNotFound, subsetNotFound, trustDomainUnknown];
