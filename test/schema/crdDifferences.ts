/** Where our definitions differ from the published CRDs on purpose. `difference` is the start of the reported line. */
export const INTENDED: readonly { readonly difference: string; readonly reason: string }[] = [];
