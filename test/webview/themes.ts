// What the editor tells its pages about four of its themes, as far as the panel asks for it.

const NAMES = [
  'editor-foreground',
  'descriptionForeground',
  'charts-green',
  'errorForeground',
  'editor-background',
  'editorWidget-background',
  'contrastBorder',
  'widget-border',
  'input-foreground',
  'input-background',
  'input-border',
  'dropdown-foreground',
  'dropdown-background',
  'button-secondaryForeground',
  'button-secondaryBackground',
  'button-foreground',
  'button-background',
  'textLink-foreground',
  'focusBorder',
];

export type ThemeName = 'light' | 'dark' | 'high contrast' | 'high contrast light';

export interface Theme {
  readonly bodyClass: string;
  /** CSS variables with their values. */
  readonly variables: Readonly<Record<string, string>>;
}

/** Colors in the order of the names, `-` where the theme has none. */
function theme(bodyClass: string, colors: string): Theme {
  const values = colors.trim().split(/\s+/);
  const pairs = NAMES.flatMap((name, index): [string, string][] => {
    const value = values[index] ?? '-';
    return value === '-' ? [] : [[`--vscode-${name}`, value]];
  });
  const font = { '--vscode-font-family': 'system-ui, "Ubuntu", sans-serif', '--vscode-font-size': '13px' };
  return { bodyClass, variables: { ...Object.fromEntries(pairs), ...font } };
}

export const THEMES: Readonly<Record<ThemeName, Theme>> = {
  light: theme(
    'vscode-light',
    `#3b3b3b #3b3b3b #388a34 #f85149 #ffffff #f8f8f8 - #e5e5e5 #3b3b3b #ffffff #cecece #3b3b3b #ffffff
     #3b3b3b #e5e5e5 #ffffff #005fb8 #005fb8 #005fb8`,
  ),
  dark: theme(
    'vscode-dark',
    `#cccccc #9d9d9d #89d185 #f85149 #1f1f1f #202020 - #313131 #cccccc #313131 #3c3c3c #cccccc #313131
     #cccccc rgba(0,0,0,0) #ffffff #0078d4 #4daafc #0078d4`,
  ),
  'high contrast': theme(
    'vscode-high-contrast',
    `#ffffff rgba(255,255,255,0.7) #89d185 #f48771 #000000 #0c141f #6fc3df #6fc3df #ffffff #000000 #6fc3df #ffffff #000000
     #ffffff - #ffffff #000000 #21a6ff #f38518`,
  ),
  'high contrast light': theme(
    'vscode-high-contrast vscode-high-contrast-light',
    `#292929 rgba(41,41,41,0.7) #374e06 #b5200d #ffffff #ffffff #0f4a85 #0f4a85 #292929 #ffffff #0f4a85 #292929 #ffffff
     #292929 #ffffff #ffffff #0f4a85 #0f4a85 #006bbd`,
  ),
};
