import { actionUnsupportedByZtunnel } from './ambient/actionUnsupportedByZtunnel.ts';
import { backendPolicySkipped } from './ambient/backendPolicySkipped.ts';
import { bothSidecarAndAmbient } from './ambient/bothSidecarAndAmbient.ts';
import { bypassGuardCutsIngress } from './ambient/bypassGuardCutsIngress.ts';
import { bypassGuardCutsSidecars } from './ambient/bypassGuardCutsSidecars.ts';
import { ciliumConfigAgainstAmbient } from './ambient/ciliumConfigAgainstAmbient.ts';
import { ciliumL7UnderMesh } from './ambient/ciliumL7UnderMesh.ts';
import { consumerDestinationRuleIgnored } from './ambient/consumerDestinationRuleIgnored.ts';
import { consumerRouteIgnored } from './ambient/consumerRouteIgnored.ts';
import { destinationRuleWithoutWaypoint } from './ambient/destinationRuleWithoutWaypoint.ts';
import { dryRunIgnoredByZtunnel } from './ambient/dryRunIgnoredByZtunnel.ts';
import { egressWaypointBypassable } from './ambient/egressWaypointBypassable.ts';
import { extensionWithoutProxy } from './ambient/extensionWithoutProxy.ts';
import { fieldIgnoredByZtunnel } from './ambient/fieldIgnoredByZtunnel.ts';
import { gatewayClassTargetNotWaypoint } from './ambient/gatewayClassTargetNotWaypoint.ts';
import { gatewayClassTargetOutsideRoot } from './ambient/gatewayClassTargetOutsideRoot.ts';
import { gatewaySelectedByLabels } from './ambient/gatewaySelectedByLabels.ts';
import { headlessServiceBypassesWaypoint } from './ambient/headlessServiceBypassesWaypoint.ts';
import { hostNetworkNotMeshed } from './ambient/hostNetworkNotMeshed.ts';
import { ingressBypassesWaypoint } from './ambient/ingressBypassesWaypoint.ts';
import { l7AllowDeniesAll } from './ambient/l7AllowDeniesAll.ts';
import { l7AllowRuleDropped } from './ambient/l7AllowRuleDropped.ts';
import { l7DenyOnTcpPort } from './ambient/l7DenyOnTcpPort.ts';
import { l7DenyWidened } from './ambient/l7DenyWidened.ts';
import { l7DenyWithoutEffect } from './ambient/l7DenyWithoutEffect.ts';
import { meshClientBypassesWaypoint } from './ambient/meshClientBypassesWaypoint.ts';
import { mtlsDisableIsPermissive } from './ambient/mtlsDisableIsPermissive.ts';
import { namespaceNeverMeshed } from './ambient/namespaceNeverMeshed.ts';
import { networkPolicyBlocksHbone } from './ambient/networkPolicyBlocksHbone.ts';
import { plaintextClientBypassesWaypoint } from './ambient/plaintextClientBypassesWaypoint.ts';
import { podAddressBypassesWaypoint } from './ambient/podAddressBypassesWaypoint.ts';
import { policyNotAtWaypoint } from './ambient/policyNotAtWaypoint.ts';
import { principalHiddenByWaypoint } from './ambient/principalHiddenByWaypoint.ts';
import { requestAuthenticationUnenforced } from './ambient/requestAuthenticationUnenforced.ts';
import { rootSelectorIgnoredInAmbient } from './ambient/rootSelectorIgnoredInAmbient.ts';
import { routeKindsMixed } from './ambient/routeKindsMixed.ts';
import { routeWithoutWaypoint } from './ambient/routeWithoutWaypoint.ts';
import { servicePolicySkippedByPodAddress } from './ambient/servicePolicySkippedByPodAddress.ts';
import { sidecarClientBypassesWaypoint } from './ambient/sidecarClientBypassesWaypoint.ts';
import { sidecarContainerInAmbient } from './ambient/sidecarContainerInAmbient.ts';
import { sidecarResourceInAmbient } from './ambient/sidecarResourceInAmbient.ts';
import { sidecarSettingInAmbient } from './ambient/sidecarSettingInAmbient.ts';
import { sidecarWithoutHbone } from './ambient/sidecarWithoutHbone.ts';
import { targetRefIgnoredBySidecar } from './ambient/targetRefIgnoredBySidecar.ts';
import { targetRefNotFound } from './ambient/targetRefNotFound.ts';
import { targetWaypointUnused } from './ambient/targetWaypointUnused.ts';
import { targetWithoutWaypoint } from './ambient/targetWithoutWaypoint.ts';
import { telemetryWithoutProxy } from './ambient/telemetryWithoutProxy.ts';
import { tlsModeIgnoredInAmbient } from './ambient/tlsModeIgnoredInAmbient.ts';
import { useWaypointWithoutAmbient } from './ambient/useWaypointWithoutAmbient.ts';
import { waypointAttachmentDenied } from './ambient/waypointAttachmentDenied.ts';
import { waypointNotFound } from './ambient/waypointNotFound.ts';
import { waypointTrafficMismatch } from './ambient/waypointTrafficMismatch.ts';
import { wildcardServiceEntryWithoutWaypoint } from './ambient/wildcardServiceEntryWithoutWaypoint.ts';
import { workloadWithoutWaypoint } from './ambient/workloadWithoutWaypoint.ts';
import type { WorkspaceCheck } from './check.ts';
import { ciliumCidrInvalid } from './cilium/ciliumCidrInvalid.ts';
import { ciliumDenyWithoutAllow } from './cilium/ciliumDenyWithoutAllow.ts';
import { ciliumEntityUnknown } from './cilium/ciliumEntityUnknown.ts';
import { ciliumIcmpInvalid } from './cilium/ciliumIcmpInvalid.ts';
import { ciliumL7Misplaced } from './cilium/ciliumL7Misplaced.ts';
import { ciliumL7TypesMixed } from './cilium/ciliumL7TypesMixed.ts';
import { ciliumPeersCombined } from './cilium/ciliumPeersCombined.ts';
import { ciliumPortInvalid } from './cilium/ciliumPortInvalid.ts';
import { ciliumSelectorInvalid } from './cilium/ciliumSelectorInvalid.ts';
import { backendNotFound } from './gatewayApi/backendNotFound.ts';
import { backendPolicyTargetNotFound } from './gatewayApi/backendPolicyTargetNotFound.ts';
import { backendPortNotFound } from './gatewayApi/backendPortNotFound.ts';
import { gatewayAddressShared } from './gatewayApi/gatewayAddressShared.ts';
import { gatewayClassNotFound } from './gatewayApi/gatewayClassNotFound.ts';
import { gatewayListenerShared } from './gatewayApi/gatewayListenerShared.ts';
import { grantNamespaceNotFound } from './gatewayApi/grantNamespaceNotFound.ts';
import { parentNotFound } from './gatewayApi/parentNotFound.ts';
import { referenceNotGranted } from './gatewayApi/referenceNotGranted.ts';
import { routeHostnameMismatch } from './gatewayApi/routeHostnameMismatch.ts';
import { routeNotAccepted } from './gatewayApi/routeNotAccepted.ts';
import { authenticationNotFound } from './linkerd/authenticationNotFound.ts';
import { authorizationAdmitsEveryone } from './linkerd/authorizationAdmitsEveryone.ts';
import { clientHiddenByGateway } from './linkerd/clientHiddenByGateway.ts';
import { defaultDenyGap } from './linkerd/defaultDenyGap.ts';
import { destinationNotMeshed } from './linkerd/destinationNotMeshed.ts';
import { egressBackendParent } from './linkerd/egressBackendParent.ts';
import { egressNetworksOverlap } from './linkerd/egressNetworksOverlap.ts';
import { egressPolicyClientSide } from './linkerd/egressPolicyClientSide.ts';
import { headlessParent } from './linkerd/headlessParent.ts';
import { linkerdInjectionSkipped } from './linkerd/linkerdInjectionSkipped.ts';
import { linkerdUdpPort } from './linkerd/linkerdUdpPort.ts';
import { meshIdentityNotFound } from './linkerd/meshIdentityNotFound.ts';
import { opaquePortsMismatch } from './linkerd/opaquePortsMismatch.ts';
import { policyOnSkippedPort } from './linkerd/policyOnSkippedPort.ts';
import { policyTargetNotFound } from './linkerd/policyTargetNotFound.ts';
import { rateLimitRepeated } from './linkerd/rateLimitRepeated.ts';
import { routeKindsConflict } from './linkerd/routeKindsConflict.ts';
import { routeLocksOutProbes } from './linkerd/routeLocksOutProbes.ts';
import { routeOnOpaquePort } from './linkerd/routeOnOpaquePort.ts';
import { serverAuthorizationDefaultNetworks } from './linkerd/serverAuthorizationDefaultNetworks.ts';
import { serverAuthorizationSuperseded } from './linkerd/serverAuthorizationSuperseded.ts';
import { serverOverlap } from './linkerd/serverOverlap.ts';
import { serverPortNotExposed } from './linkerd/serverPortNotExposed.ts';
import { serviceProfileShadowsRoute } from './linkerd/serviceProfileShadowsRoute.ts';
import { targetRouteGroup } from './linkerd/targetRouteGroup.ts';
import { autoImageNotInjected } from './security/autoImageNotInjected.ts';
import { gatewayCredentialMalformed } from './security/gatewayCredentialMalformed.ts';
import { identityWithoutMtls } from './security/identityWithoutMtls.ts';
import { issuerRepeated } from './security/issuerRepeated.ts';
import { mtlsClientsMissing } from './security/mtlsClientsMissing.ts';
import { mtlsLostToNarrowerRule } from './security/mtlsLostToNarrowerRule.ts';
import { mtlsNotRequired } from './security/mtlsNotRequired.ts';
import { mtlsToPlaintextServer } from './security/mtlsToPlaintextServer.ts';
import { namespaceInjectedByDefault } from './security/namespaceInjectedByDefault.ts';
import { namespaceWithoutMesh } from './security/namespaceWithoutMesh.ts';
import { networkPolicySelectsNothing } from './security/networkPolicySelectsNothing.ts';
import { nothingAllowed } from './security/nothingAllowed.ts';
import { operationHostNotFound } from './security/operationHostNotFound.ts';
import { peerAuthenticationRepeated } from './security/peerAuthenticationRepeated.ts';
import { plaintextToStrictServer } from './security/plaintextToStrictServer.ts';
import { podAccountNotFound } from './security/podAccountNotFound.ts';
import { principalNotFound } from './security/principalNotFound.ts';
import { proxyUserTaken } from './security/proxyUserTaken.ts';
import { rootPolicySelector } from './security/rootPolicySelector.ts';
import { selectorMatchesNothing } from './security/selectorMatchesNothing.ts';
import { sourceNamespaceNotFound } from './security/sourceNamespaceNotFound.ts';
import { strictRefusesOutsiders } from './security/strictRefusesOutsiders.ts';
import { trustDomainUnknown } from './security/trustDomainUnknown.ts';
import { unmeshedCallerOfStrict } from './security/unmeshedCallerOfStrict.ts';
import { workloadGroupAccountNotFound } from './security/workloadGroupAccountNotFound.ts';
import { workloadGroupRepeated } from './security/workloadGroupRepeated.ts';
import { workloadWithoutPolicy } from './security/workloadWithoutPolicy.ts';
import { telemetryRepeated } from './telemetry/telemetryRepeated.ts';
import { telemetryWithoutProvider } from './telemetry/telemetryWithoutProvider.ts';
import { claimRouteWithoutAuthentication } from './traffic/claimRouteWithoutAuthentication.ts';
import { destinationHostNotFound } from './traffic/destinationHostNotFound.ts';
import { destinationPortMissing } from './traffic/destinationPortMissing.ts';
import { destinationPortNotFound } from './traffic/destinationPortNotFound.ts';
import { destinationRuleRepeated } from './traffic/destinationRuleRepeated.ts';
import { exportNamespaceNotFound } from './traffic/exportNamespaceNotFound.ts';
import { externalNamePort } from './traffic/externalNamePort.ts';
import { gatewayCertificateShared } from './traffic/gatewayCertificateShared.ts';
import { gatewayCredentialNotFound } from './traffic/gatewayCredentialNotFound.ts';
import { gatewayHostNotServed } from './traffic/gatewayHostNotServed.ts';
import { gatewayNotFound } from './traffic/gatewayNotFound.ts';
import { gatewayPortNotExposed } from './traffic/gatewayPortNotExposed.ts';
import { gatewayServerShared } from './traffic/gatewayServerShared.ts';
import { ingressIgnoresSubsetRoute } from './traffic/ingressIgnoresSubsetRoute.ts';
import { networkRegistryUnknown } from './traffic/networkRegistryUnknown.ts';
import { outboundPolicyWithoutMode } from './traffic/outboundPolicyWithoutMode.ts';
import { rootSidecarWithSelector } from './traffic/rootSidecarWithSelector.ts';
import { routeIgnoresSubsets } from './traffic/routeIgnoresSubsets.ts';
import { serviceAppProtocol } from './traffic/serviceAppProtocol.ts';
import { serviceEntryPortRepeated } from './traffic/serviceEntryPortRepeated.ts';
import { serviceEntryProtocolConflict } from './traffic/serviceEntryProtocolConflict.ts';
import { servicePortName } from './traffic/servicePortName.ts';
import { serviceSelectsNothing } from './traffic/serviceSelectsNothing.ts';
import { sidecarEgressHostNotFound } from './traffic/sidecarEgressHostNotFound.ts';
import { sidecarRepeated } from './traffic/sidecarRepeated.ts';
import { subsetNotFound } from './traffic/subsetNotFound.ts';
import { subsetSelectsNothing } from './traffic/subsetSelectsNothing.ts';
import { targetPortInvalid } from './traffic/targetPortInvalid.ts';
import { targetPortNotExposed } from './traffic/targetPortNotExposed.ts';
import { templateSelectorMismatch } from './traffic/templateSelectorMismatch.ts';
import { virtualServiceHostRepeated } from './traffic/virtualServiceHostRepeated.ts';
import { workloadPortProtocols } from './traffic/workloadPortProtocols.ts';
import { workloadSelectorMatchesNothing } from './traffic/workloadSelectorMatchesNothing.ts';

/** Every check that looks beyond one resource, by code. A test keeps the list sorted and complete. */
export const WORKSPACE_CHECKS: readonly WorkspaceCheck[] = [
  actionUnsupportedByZtunnel,
  authenticationNotFound,
  authorizationAdmitsEveryone,
  autoImageNotInjected,
  backendNotFound,
  backendPolicySkipped,
  backendPolicyTargetNotFound,
  backendPortNotFound,
  bothSidecarAndAmbient,
  bypassGuardCutsIngress,
  bypassGuardCutsSidecars,
  ciliumCidrInvalid,
  ciliumConfigAgainstAmbient,
  ciliumDenyWithoutAllow,
  ciliumEntityUnknown,
  ciliumIcmpInvalid,
  ciliumL7Misplaced,
  ciliumL7TypesMixed,
  ciliumL7UnderMesh,
  ciliumPeersCombined,
  ciliumPortInvalid,
  ciliumSelectorInvalid,
  claimRouteWithoutAuthentication,
  clientHiddenByGateway,
  consumerDestinationRuleIgnored,
  consumerRouteIgnored,
  defaultDenyGap,
  destinationHostNotFound,
  destinationNotMeshed,
  destinationPortMissing,
  destinationPortNotFound,
  destinationRuleRepeated,
  destinationRuleWithoutWaypoint,
  dryRunIgnoredByZtunnel,
  egressBackendParent,
  egressNetworksOverlap,
  egressPolicyClientSide,
  egressWaypointBypassable,
  exportNamespaceNotFound,
  extensionWithoutProxy,
  externalNamePort,
  fieldIgnoredByZtunnel,
  gatewayAddressShared,
  gatewayCertificateShared,
  gatewayClassNotFound,
  gatewayClassTargetNotWaypoint,
  gatewayClassTargetOutsideRoot,
  gatewayCredentialMalformed,
  gatewayCredentialNotFound,
  gatewayHostNotServed,
  gatewayListenerShared,
  gatewayNotFound,
  gatewayPortNotExposed,
  gatewaySelectedByLabels,
  gatewayServerShared,
  grantNamespaceNotFound,
  headlessParent,
  headlessServiceBypassesWaypoint,
  hostNetworkNotMeshed,
  identityWithoutMtls,
  ingressBypassesWaypoint,
  ingressIgnoresSubsetRoute,
  issuerRepeated,
  l7AllowDeniesAll,
  l7AllowRuleDropped,
  l7DenyOnTcpPort,
  l7DenyWidened,
  l7DenyWithoutEffect,
  linkerdInjectionSkipped,
  linkerdUdpPort,
  meshClientBypassesWaypoint,
  meshIdentityNotFound,
  mtlsClientsMissing,
  mtlsDisableIsPermissive,
  mtlsLostToNarrowerRule,
  mtlsNotRequired,
  mtlsToPlaintextServer,
  namespaceInjectedByDefault,
  namespaceNeverMeshed,
  namespaceWithoutMesh,
  networkPolicyBlocksHbone,
  networkPolicySelectsNothing,
  networkRegistryUnknown,
  nothingAllowed,
  opaquePortsMismatch,
  operationHostNotFound,
  outboundPolicyWithoutMode,
  parentNotFound,
  peerAuthenticationRepeated,
  plaintextClientBypassesWaypoint,
  plaintextToStrictServer,
  podAccountNotFound,
  podAddressBypassesWaypoint,
  policyNotAtWaypoint,
  policyOnSkippedPort,
  policyTargetNotFound,
  principalHiddenByWaypoint,
  principalNotFound,
  proxyUserTaken,
  rateLimitRepeated,
  referenceNotGranted,
  requestAuthenticationUnenforced,
  rootPolicySelector,
  rootSelectorIgnoredInAmbient,
  rootSidecarWithSelector,
  routeHostnameMismatch,
  routeIgnoresSubsets,
  routeKindsConflict,
  routeKindsMixed,
  routeLocksOutProbes,
  routeNotAccepted,
  routeOnOpaquePort,
  routeWithoutWaypoint,
  selectorMatchesNothing,
  serverAuthorizationDefaultNetworks,
  serverAuthorizationSuperseded,
  serverOverlap,
  serverPortNotExposed,
  serviceAppProtocol,
  serviceEntryPortRepeated,
  serviceEntryProtocolConflict,
  servicePolicySkippedByPodAddress,
  servicePortName,
  serviceProfileShadowsRoute,
  serviceSelectsNothing,
  sidecarClientBypassesWaypoint,
  sidecarContainerInAmbient,
  sidecarEgressHostNotFound,
  sidecarRepeated,
  sidecarResourceInAmbient,
  sidecarSettingInAmbient,
  sidecarWithoutHbone,
  sourceNamespaceNotFound,
  strictRefusesOutsiders,
  subsetNotFound,
  subsetSelectsNothing,
  targetPortInvalid,
  targetPortNotExposed,
  targetRefIgnoredBySidecar,
  targetRefNotFound,
  targetRouteGroup,
  targetWaypointUnused,
  targetWithoutWaypoint,
  telemetryRepeated,
  telemetryWithoutProvider,
  telemetryWithoutProxy,
  templateSelectorMismatch,
  tlsModeIgnoredInAmbient,
  trustDomainUnknown,
  unmeshedCallerOfStrict,
  useWaypointWithoutAmbient,
  virtualServiceHostRepeated,
  waypointAttachmentDenied,
  waypointNotFound,
  waypointTrafficMismatch,
  wildcardServiceEntryWithoutWaypoint,
  workloadGroupAccountNotFound,
  workloadGroupRepeated,
  workloadPortProtocols,
  workloadSelectorMatchesNothing,
  workloadWithoutPolicy,
  workloadWithoutWaypoint,
];
