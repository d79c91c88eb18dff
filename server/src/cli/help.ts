/** The texts of `--help`, each with an example that can be run as it stands in a folder with manifests. */

export const HELP = `Meshpath shows what Istio, Linkerd and Gateway API YAML will do before it is applied.

Usage: meshpath <command> [options] [paths...]

Commands:
  check    Report the faults of mesh resources in files
  path     Show the way of a request, hop by hop, and what becomes of it
  access   Say whether a request is allowed, or who may call whom
  route    Say which rule of a route wins for a request, and where it sends it
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

const QUESTION_HELP = `The request:
  --from WORKLOAD    namespace/workload, gateway:namespace/name, outside or kubelet
  --to TARGET        service:namespace/name:port, pod:namespace/workload:port or host:name:port
  --method METHOD    GET when only other parts of a request are given; without any, the connection is plain TCP
  --path PATH        The path of the request, / by default
  --host HOST        The Host header, the addressed name by default
  --header K=V       A header; may be given often
  --request FILE     JSON with one request or a list of them: {"from", "to", "http"}
  --as MESH          The same request as if both ends were in ambient, waypoint (ambient with one), sidecar, linkerd or
                     cilium`;

export const PATH_HELP = `Show the way of a request through the mesh: each leg with its encryption, each proxy with what it sees, the policies
that decide, and what becomes of the request. Everything is read from files; what they cannot say is listed as assumed.

Usage: meshpath path --from WORKLOAD --to TARGET [options] [paths...]

${QUESTION_HELP}

Options:
  --format FORMAT    text (default), json, mermaid or svg
  --config FILE      Settings; by default .meshpath.yaml in the current folder or above it, up to the repository's root
  -h, --help         This text
  -v, --version      The version

Example: how the frontend reaches the cart, from the manifests in deploy/
  meshpath path --from shop/frontend --to service:shop/cart:80 --method GET --path /items deploy/
`;

export const ACCESS_HELP = `Say whether a request is allowed, by which policy, and why; or who may call whom.

Usage: meshpath access --from WORKLOAD --to TARGET [options] [paths...]
       meshpath access --matrix [--method METHOD] [--path PATH] [options] [paths...]

${QUESTION_HELP}

Options:
  --matrix           Every workload against every port of every Service, each with the same request
  --expect RESULT    allow or deny: exit code 1 when a request has another result
  --format FORMAT    text (default) or json
  --config FILE      Settings; by default .meshpath.yaml in the current folder or above it, up to the repository's root
  -h, --help         This text
  -v, --version      The version

Example: fail a pipeline when the outside can reach the admin pages
  meshpath access --from outside --to service:shop/admin:80 --path /admin --expect deny deploy/
`;

export const ROUTE_HELP = `Say which rule of a VirtualService, HTTPRoute or GRPCRoute wins for a request, where it sends the request, and why the
other rules do not win.

Usage: meshpath route --host HOST [options] [paths...]

The request:
  --host HOST        The Host header, with a port where rules ask for one; a Service as name.namespace
  --method METHOD    GET by default
  --path PATH        The path with its query, / by default
  --header K=V       A header; may be given often

Options:
  --format FORMAT    text (default) or json
  --config FILE      Settings; by default .meshpath.yaml in the current folder or above it, up to the repository's root
  -h, --help         This text
  -v, --version      The version

Example: who answers /checkout for users of the beta
  meshpath route --host shop.example.com --path /checkout --header x-beta=yes deploy/
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
