/**
 * The protocol's numbers for what the server says, as its specification lists them. They are written out because each
 * file that imports them from the protocol's package copies its hundreds of names when the server starts; a test compares
 * them with the package.
 */
export const DIAGNOSTIC_SEVERITY = { error: 1, warning: 2, info: 3, hint: 4 } as const;

export const DIAGNOSTIC_TAG = { unnecessary: 1, deprecated: 2 } as const;

export const COMPLETION_KIND = { class: 7, property: 10, snippet: 15, reference: 18, enumMember: 20 } as const;

export const COMPLETION_TAG = { deprecated: 1 } as const;

export const INSERT_TEXT_FORMAT = { snippet: 2 } as const;

export const INSERT_TEXT_MODE = { asIs: 1 } as const;

export const SYNC_KIND = { incremental: 2 } as const;

export const FILE_CHANGE = { deleted: 3 } as const;

export const CODE_ACTION_KIND = { quickFix: 'quickfix', fixAll: 'source.fixAll.meshpath' } as const;

export const HIGHLIGHT_KIND = { read: 2, write: 3 } as const;

/** Outline symbols have no kinds of their own for meshes; these are the ones whose icons fit. */
export const SYMBOL_KIND = { resource: 5, rule: 12, host: 20, listener: 11, subset: 22, port: 16 } as const;
