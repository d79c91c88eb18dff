/**
 * The documents that Meshpath looks at, wherever they are stored. JSON takes part because Kubernetes reads it too; the
 * server ignores JSON that is no manifest.
 */
export const documentSelector = [{ language: 'yaml' }, { language: 'helm' }, { language: 'json' }];
