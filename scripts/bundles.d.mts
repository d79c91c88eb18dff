import type { BuildOptions } from 'esbuild';

export const targets: readonly (BuildOptions & { readonly in: string; readonly out: string })[];
