import type { WorkspaceCheck } from './check.ts';

/** Every check that looks beyond one resource, by code. A test keeps the list sorted and complete. */
export const WORKSPACE_CHECKS: readonly WorkspaceCheck[] = [];
