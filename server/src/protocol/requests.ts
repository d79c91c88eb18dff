import * as z from 'zod/mini';

// Requests of our own. The two here go from the server to the client: in a browser only the client can read files, and
// it answers for every file system that the editor knows. A client that does not know them answers "method not found".

/**
 * What a folder holds; nothing when it cannot be read. The server walks the tree by itself: an editor's own search for
 * files never answers where a file system has no search to go with it.
 */
export const READ_FOLDER_REQUEST = 'meshpath/readFolder';

export const readFolderParams = z.object({ uri: z.string() });

export const readFolderResult = z.object({
  entries: z.array(z.object({ name: z.string(), kind: z.enum(['file', 'folder']), uri: z.string() })),
});

/** The text of one file; null when it cannot be read or is not UTF-8. */
export const READ_FILE_REQUEST = 'meshpath/readFile';

export const readFileParams = z.object({ uri: z.string() });

export const readFileResult = z.nullable(z.object({ text: z.string() }));

export type ReadFolderParams = z.infer<typeof readFolderParams>;
export type ReadFolderResult = z.infer<typeof readFolderResult>;
export type ReadFileParams = z.infer<typeof readFileParams>;
export type ReadFileResult = z.infer<typeof readFileResult>;
