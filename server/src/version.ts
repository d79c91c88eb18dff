/** The release, as in package.json; a test keeps the two equal. A constant, because bundles have no package.json beside them. */
export const VERSION = '0.1.0';
