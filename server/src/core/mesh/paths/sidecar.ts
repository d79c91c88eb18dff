import type { PathContext } from './context.ts';
import type { PathDraft } from './draft.ts';
import type { Ends } from './ends.ts';

export function leaveSidecar(_context: PathContext, _ends: Ends, _draft: PathDraft): void {}
