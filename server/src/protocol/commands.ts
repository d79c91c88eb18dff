/**
 * The command that the code lenses of the server name, with a URI and a position. They are offered to clients that have
 * it: those that say `hopPathPanel: true` in their initialization options.
 */
export const SHOW_HOP_PATH = 'meshpath.showHopPath';
