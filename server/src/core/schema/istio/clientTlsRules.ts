import { at, bool, entriesOf, has, text } from '../../yaml/access.ts';
import type { YamlNode } from '../../yaml/tree.ts';
import { isNewer } from '../releases.ts';
import type { CheckFacts, Rule } from '../rule.ts';
import { fieldNode, isFilled, listOf } from '../rules.ts';
import { isDnsLabel } from './hosts.ts';

/** What the parts of a client's TLS setting must and must not be together. */

const SOURCE = 'istio/istio pkg/config/validation/agent/validation.go, ValidateTLS';

function isModeIn(node: YamlNode, ...modes: string[]): boolean {
  return modes.includes(text(node, 'mode') ?? '');
}

const VERIFY_CONFLICT: CheckFacts = {
  code: 'skip-verify-with-ca',
  severity: 'error',
  what: '`insecureSkipVerify: true` together with what the server is to be verified against.',
  why: 'One says not to verify, the other how; the webhook of istiod refuses the resource.',
  todo: 'Remove `insecureSkipVerify`, or the CA and the subject names.',
  source: SOURCE,
};

const skipVerifyAlone: Rule = {
  facts: VERIFY_CONFLICT,
  run(node, report) {
    if (bool(node, 'insecureSkipVerify') !== true || !isModeIn(node, 'SIMPLE', 'MUTUAL')) return;
    // With MUTUAL the credential may hold the certificate of the client alone.
    const names = ['caCertificates', 'subjectAltNames', ...(isModeIn(node, 'SIMPLE') ? ['credentialName'] : [])];
    const name = names.find(
      (candidate) => isFilled(node, candidate) || (candidate === 'subjectAltNames' && has(node, candidate)),
    );
    if (name) {
      report(
        fieldNode(node, name),
        `\`${name}\` says how to verify the server, and \`insecureSkipVerify\` says not to.`,
      );
    }
  },
};

const CREDENTIAL_CONFLICT: CheckFacts = {
  code: 'credential-with-files',
  severity: 'error',
  what: '`credentialName` together with paths of certificate files.',
  why: 'Certificates come either from a Secret or from files; the webhook of istiod refuses both.',
  todo: 'Keep `credentialName`, or the files.',
  source: SOURCE,
};

const credentialAlone: Rule = {
  facts: CREDENTIAL_CONFLICT,
  run(node, report) {
    if (!isModeIn(node, 'SIMPLE', 'MUTUAL') || !isFilled(node, 'credentialName')) return;
    for (const name of ['clientCertificate', 'privateKey', 'caCertificates', 'caCrl']) {
      if (isFilled(node, name)) {
        report(
          fieldNode(node, name),
          `\`${name}\` and \`credentialName\` exclude each other: the Secret holds all certificates.`,
        );
      }
    }
  },
};

const MUTUAL_INCOMPLETE: CheckFacts = {
  code: 'mutual-tls-without-certificate',
  severity: 'error',
  what: '`mode: MUTUAL` without a client certificate or without its key.',
  why: 'The server asks for a certificate that nobody gave the proxy; the webhook of istiod refuses the resource.',
  todo: 'Set `clientCertificate` and `privateKey`, or `credentialName`. Between workloads of the mesh use `ISTIO_MUTUAL`, which needs neither.',
  source: SOURCE,
};

const mutualComplete: Rule = {
  facts: MUTUAL_INCOMPLETE,
  needsWhole: true,
  run(node, report) {
    if (!isModeIn(node, 'MUTUAL') || isFilled(node, 'credentialName')) return;
    const missing = ['clientCertificate', 'privateKey'].filter((name) => !isFilled(node, name));
    if (missing.length > 0) {
      report(fieldNode(node, 'mode'), `\`MUTUAL\` needs ${listOf(missing)} (or \`credentialName\`).`);
    }
  },
};

const CONFIG_MAP_CREDENTIAL: CheckFacts = {
  code: 'foreign-credential',
  severity: 'error',
  what: 'A `configmap://` credential of another namespace, or a malformed one.',
  why: 'A proxy may only read ConfigMaps of the namespace of the resource; the webhook of istiod refuses it.',
  todo: 'Write `configmap://name`, or `configmap://namespace/name` with the own namespace.',
  source: SOURCE,
};

const CONFIG_MAP = 'configmap://';

export const ownConfigMap: Rule = {
  facts: CONFIG_MAP_CREDENTIAL,
  run(node, report, context) {
    const name = text(node);
    if (!name?.startsWith(CONFIG_MAP)) return;
    const parts = name.slice(CONFIG_MAP.length).split('/');
    const [namespace, configMap] = parts.length === 1 ? [undefined, parts[0]] : parts;
    if (!configMap || parts.length > 2 || (namespace !== undefined && !isDnsLabel(namespace))) {
      report(
        node,
        `\`${name}\` does not name a ConfigMap; write \`configmap://name\` or \`configmap://namespace/name\`.`,
      );
    } else if (namespace !== undefined && context.namespace !== undefined && namespace !== context.namespace) {
      report(
        node,
        `The ConfigMap must be in \`${context.namespace}\`, the namespace of this resource, not in \`${namespace}\`.`,
      );
    }
  },
};

const UNVERIFIED_SERVER: CheckFacts = {
  code: 'tls-server-not-verified',
  severity: 'info',
  what: 'TLS to a host without saying which CA the server is verified by.',
  why: 'Since 1.22 the CAs of the operating system are used; before, any certificate was taken, so whoever stood between could read everything (then this is a warning). `credentialName` counts only at gateways, and at sidecars with `workloadSelector`.',
  todo: 'Set `caCertificates` (`system` says what happens anyway since 1.22), or `credentialName`; add `subjectAltNames`.',
  peers: ['IST0128'],
  source: 'istio/istio pkg/config/analysis/analyzers/destinationrule; default of VERIFY_CERTIFICATE_AT_CLIENT',
};

const UNVERIFIED_PORT: CheckFacts = {
  ...UNVERIFIED_SERVER,
  code: 'tls-port-server-not-verified',
  what: 'TLS to one port of a host without saying which CA the server is verified by.',
  peers: ['IST0129'],
};

/** The release since which servers are verified by the CAs of the operating system when no other CA is named. */
const VERIFIED_SINCE = '1.22';

/** The spec above a `tls` node, where `workloadSelector` stands. */
function specOf(node: YamlNode): YamlNode | undefined {
  let current: YamlNode | undefined = node;
  while (current && current.key?.text !== 'spec') current = current.parent;
  return current;
}

function isOnPort(node: YamlNode): boolean {
  return node.parent?.parent?.key?.text === 'portLevelSettings';
}

function verified(facts: CheckFacts, onPort: boolean): Rule {
  return {
    facts,
    needsWhole: true,
    run(node, report, { targets }) {
      if (!isModeIn(node, 'SIMPLE', 'MUTUAL') || isOnPort(node) !== onPort) return;
      if (isFilled(node, 'caCertificates') || bool(node, 'insecureSkipVerify') === true) return;
      const forSidecars = entriesOf(at(specOf(node), 'workloadSelector', 'matchLabels')).length > 0;
      if (isFilled(node, 'credentialName') && forSidecars) return;
      const because = isFilled(node, 'credentialName')
        ? '`credentialName` without `workloadSelector` is read by gateways only'
        : '`caCertificates` and `credentialName` are not set';
      const verifiedByDefault = !isNewer(VERIFIED_SINCE, 'istio', targets);
      const then = verifiedByDefault ? 'the CAs of the operating system are used' : 'any certificate is taken';
      report(fieldNode(node, 'mode'), `Nothing says which CA the server is verified by (${because}), so ${then}.`, {
        severity: verifiedByDefault ? 'info' : 'warning',
      });
    },
  };
}

const IGNORED_TLS_FIELD: CheckFacts = {
  code: 'tls-field-ignored',
  severity: 'warning',
  what: 'Certificates in a TLS setting whose mode does not use them, or a setting without `mode`.',
  why: '`ISTIO_MUTUAL` takes the certificates of the mesh. `DISABLE`, which is also what an absent mode means, takes none: the traffic is plain text.',
  todo: 'Set `mode: SIMPLE` or `mode: MUTUAL`, or remove the fields.',
  source: 'istio/api DestinationRule, ClientTLSSettings',
};

const CERTIFICATE_FIELDS = ['clientCertificate', 'privateKey', 'caCertificates', 'caCrl', 'credentialName'];

const usedFields: Rule = {
  facts: IGNORED_TLS_FIELD,
  needsWhole: true,
  run(node, report) {
    const present = [...CERTIFICATE_FIELDS, 'subjectAltNames', 'sni'].filter((name) => isFilled(node, name));
    if (!has(node, 'mode')) {
      const [first] = present;
      if (first) {
        report(
          fieldNode(node, first),
          `Without \`mode\` this setting means \`DISABLE\`: \`${first}\` is not read, and the traffic is plain text.`,
        );
      }
      return;
    }
    // The mesh's own TLS does honor names to verify and to ask for.
    const unread = isModeIn(node, 'DISABLE')
      ? present
      : isModeIn(node, 'ISTIO_MUTUAL')
        ? present.filter((name) => CERTIFICATE_FIELDS.includes(name))
        : [];
    for (const name of unread)
      report(fieldNode(node, name), `With \`${text(node, 'mode')}\` the field \`${name}\` is not read.`, {
        tag: 'unnecessary',
      });
  },
};

/** All rules about the setting as a whole. */
export const clientTlsRules: readonly Rule[] = [
  skipVerifyAlone,
  credentialAlone,
  mutualComplete,
  usedFields,
  verified(UNVERIFIED_SERVER, false),
  verified(UNVERIFIED_PORT, true),
];
