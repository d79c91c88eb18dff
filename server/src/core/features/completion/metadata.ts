import type { KeyCursor, ValueCursor } from '../../yaml/cursor.ts';
import type { CompletionItem, Request } from './item.ts';

/** Mesh labels and annotations, with their values. Undefined where the cursor is in no label or annotation map. */
export function metadataKeyItems(_request: Request<KeyCursor>, _path: readonly (string | number)[]): CompletionItem[] | undefined {
  return undefined;
}

export function metadataValueItems(_request: Request<ValueCursor>, _path: readonly (string | number)[]): CompletionItem[] | undefined {
  return undefined;
}

export function metadataDoc(_path: readonly (string | number)[], _value: string | undefined): string | undefined {
  return undefined;
}
