/** The page that describes a check. A constant: which page is shown depends on the code alone, never on a setting. */
const CHECKS_PAGE = 'https://github.com/meshpath/meshpath/blob/main/docs/checks.md';

export function checkPage(code: string): string {
  return `${CHECKS_PAGE}#${code}`;
}
