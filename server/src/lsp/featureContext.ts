import type { ClientFeatures } from './capabilities.ts';
import type { Documents } from './documents.ts';
import type { SettingsStore } from './settings.ts';

/** What the answer to an editor's request is made from. */
export interface FeatureContext {
  readonly client: ClientFeatures;
  readonly documents: Documents;
  readonly settings: SettingsStore;
}
