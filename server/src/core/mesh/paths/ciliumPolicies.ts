import type { PathContext } from './context.ts';
import type { PathDraft } from './draft.ts';
import type { Ends } from './ends.ts';
import { type Judgement, NO_JUDGEMENT } from './judgement.ts';

export function judgeCilium(_context: PathContext, _ends: Ends, _draft: PathDraft): Judgement {
  return NO_JUDGEMENT;
}
