/** The page that describes a check. A constant: which page is shown depends on the code alone, never on a setting. */
const CHECK_PAGES = 'https://github.com/meshpath/meshpath/blob/main/docs/checks';

export function checkPage(code: string): string {
  return `${CHECK_PAGES}/${code}.md`;
}
