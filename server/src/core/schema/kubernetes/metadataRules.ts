import type { Rule } from '../rule.ts';

export const metadataRule: Rule = {
  facts: { code: 'unknown-mesh-metadata', severity: 'warning', what: '', why: '', todo: '' },
  run() {},
};
