import * as z from 'zod/mini';

// Requests of our own. The two here go from the server to the client: in a browser only the client can read files, and
// it answers for every file system that the editor knows. A client that does not know them answers "method not found".

/** Which files there are below a folder. */
export const LIST_FILES_REQUEST = 'meshpath/listFiles';

export const listFilesParams = z.object({
  /** URI of a workspace folder. */
  folder: z.string(),
  /** Glob of the files that are asked for, relative to the folder. */
  include: z.string(),
  /** Globs of what is left out, from the setting `exclude`. */
  exclude: z.array(z.string()),
});

export const listFilesResult = z.object({ uris: z.array(z.string()) });

/** The text of one file; null when it cannot be read or is not UTF-8. */
export const READ_FILE_REQUEST = 'meshpath/readFile';

export const readFileParams = z.object({ uri: z.string() });

export const readFileResult = z.nullable(z.object({ text: z.string() }));

export type ListFilesParams = z.infer<typeof listFilesParams>;
export type ListFilesResult = z.infer<typeof listFilesResult>;
export type ReadFileParams = z.infer<typeof readFileParams>;
export type ReadFileResult = z.infer<typeof readFileResult>;
