/** The texts of `--help`, each with an example that can be run as it stands in a folder with manifests. */

export const HELP = `Meshpath shows what Istio, Linkerd and Gateway API YAML will do before it is applied.

Usage: meshpath <command> [options] [paths...]

Commands:
  check    Report the faults of mesh resources in files
  lsp      Run the language server, for an editor

Options:
  -h, --help       This text; after a command, the text for it
  -v, --version    The version

Example: check all manifests below the current folder
  meshpath check
`;

export const CHECK_HELP = `Report the faults of mesh resources in YAML and JSON files.

Usage: meshpath check [options] [paths...]

Paths are files or folders; without any, the current folder. In folders, .yaml, .yml and .json files are read, except
below node_modules and .git and what the setting "exclude" names; symbolic links are not followed. Files that are named
are always read. A single - reads standard input.

Options:
  --format FORMAT    text (default), json, sarif for code scanning, or github for annotations in a workflow
  --fail-on LEVEL    error (default), warning, info or never: findings of this level or above give exit code 1
  --config FILE      Settings; by default .meshpath.yaml in the current folder or above it, up to the repository's root
  -h, --help         This text
  -v, --version      The version

Exit codes:
  0    nothing at or above the level of --fail-on
  1    findings
  2    bad usage, or input that cannot be read

Example: fail a pipeline on warnings too, and upload the result to code scanning
  meshpath check --fail-on warning --format sarif deploy/ > meshpath.sarif
`;

export const LSP_HELP = `Run the language server over standard input and output, for any editor that speaks LSP.

Usage: meshpath lsp --stdio

Options:
  --stdio          Talk over standard input and output
  -h, --help       This text
  -v, --version    The version

Example: in the configuration of Helix (languages.toml)
  [language-server.meshpath]
  command = "meshpath"
  args = ["lsp", "--stdio"]
`;
