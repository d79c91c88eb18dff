import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { mentionsMesh } from '../../client/src/meshText.ts';

describe('when the language server is needed', () => {
  it('sees mesh and gateway resources, labels and annotations', () => {
    for (const text of [
      'apiVersion: networking.istio.io/v1',
      '{"apiVersion":"policy.linkerd.io/v1beta3"}',
      "apiVersion: 'gateway.networking.k8s.io/v1'",
      'apiVersion: gateway.networking.x-k8s.io/v1alpha1',
      'apiVersion: split.smi-spec.io/v1alpha2',
      'metadata:\n  labels:\n    istio.io/dataplane-mode: ambient',
      'annotations: {linkerd.io/inject: enabled}',
      'sidecar.istio.io/inject: "false"',
      'labels:\n  istio-injection: enabled',
    ]) {
      assert.ok(mentionsMesh(text), text);
    }
  });

  it('stays away from other YAML', () => {
    for (const text of [
      'apiVersion: apps/v1\nkind: Deployment',
      'image: docker.io/istio/proxyv2:1.30.0',
      'name: istio',
      'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy',
      'host: mylinkerd.io/path',
      'steps:\n  - run: linkerd check',
    ]) {
      assert.ok(!mentionsMesh(text), text);
    }
  });
});
