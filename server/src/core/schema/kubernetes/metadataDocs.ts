import type { ScalarNode } from '../../yaml/tree.ts';
import type { KindDefinition } from '../kind.ts';

/** The documentation of a mesh label or annotation under the cursor, or of its value. */
export function metadataHover(_definition: KindDefinition, _path: readonly (string | number)[], _scalar: ScalarNode, _isKey: boolean): string | undefined {
  return undefined;
}
