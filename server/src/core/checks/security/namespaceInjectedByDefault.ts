import { isAmbientNamespace } from '../../mesh/enrolment.ts';
import { defaultInjectionOf } from '../../mesh/injectionDefaults.ts';
import { asMap, at } from '../../yaml/access.ts';
import { addEntry } from '../../yaml/edits.ts';
import { workspaceCheck } from '../check.ts';

/** A namespace whose pods get sidecars although nothing in it says so. */
export const namespaceInjectedByDefault = workspaceCheck({
  facts: {
    code: 'namespace-injected-by-default',
    severity: 'info',
    what: 'A Namespace has no label about injection, and the installation injects such namespaces.',
    why: 'Its pods get sidecars because of `enableNamespacesByDefault`, which nobody sees who reads this Namespace; with another installation they would not.',
    todo: 'Say it here: `istio-injection: enabled`, or `disabled` where the pods are to stay outside.',
    peers: ['IST0148'],
    source: 'istio/istio pkg/config/analysis/analyzers/injection/injection.go',
  },
  kinds: ['/Namespace'],
  run(located, { world, meshConfig, report }) {
    const name = at(located.root, 'metadata', 'name');
    const setting = defaultInjectionOf(world, located.name);
    if (!name || !setting || located.name === meshConfig.rootNamespace) return;
    const labels = asMap(at(located.root, 'metadata', 'labels'));
    const ambient = isAmbientNamespace(world, located.name);
    // Who writes the mode of ambient pods wants no sidecars there.
    const value = ambient ? 'disabled' : 'enabled';
    const effect = ambient ? ', and so do not join ambient mode' : '';
    report(
      name,
      `The pods of this namespace get sidecars although no label asks for it${effect}: the installation says so.`,
      {
        related: [{ site: setting, message: 'Injects namespaces without a label' }],
        fixes: labels
          ? [
              {
                title: `Add the label \`istio-injection: ${value}\``,
                safe: false,
                edits: [addEntry(located.document.text, labels, 'istio-injection', value)],
              },
            ]
          : [],
      },
    );
  },
});
