import type { Edit, Span } from '../yaml/span.ts';
import type { YamlNode } from '../yaml/tree.ts';

export type Severity = 'error' | 'warning' | 'info' | 'hint';

/** A change that mends a problem. `safe` means: it cannot change which requests are allowed or where they go. */
export interface Fix {
  readonly title: string;
  readonly edits: readonly Edit[];
  readonly safe: boolean;
}

/** What a check says about itself once, for the generated page, the hover on a code and `--help`. */
export interface CheckFacts {
  /** Permanent, kebab-case, never reused. */
  readonly code: string;
  readonly severity: Severity;
  /** What is wrong, in general. */
  readonly what: string;
  /** What happens to traffic or to the apply because of it. */
  readonly why: string;
  /** What to do about it. */
  readonly todo: string;
  /** The peers' codes for the same fault, such as IST0106 or LKD:cidr-invalid. */
  readonly peers?: readonly string[];
  /** False for faults that istiod's webhook does not look at, so that IST0106 and IST0133 do not stand for them. */
  readonly webhook?: false;
  /** True for what most people know and want: silent until `meshpath.checks` gives the code a severity. */
  readonly optIn?: true;
  /** Where the rule comes from: repository@commit:path, or the CRD and rule. */
  readonly source?: string;
}

export interface RelatedPlace {
  readonly span: Span;
  readonly message: string;
  /** Set when the place is in another document: its file, and the document, which an edit above it may move. */
  readonly elsewhere?: { readonly path: string; readonly document: DocumentText };
}

/** A document, by identity. */
export interface DocumentText {
  readonly text: string;
}

export interface Problem {
  readonly code: string;
  readonly severity: Severity;
  readonly message: string;
  /** One key or one scalar. */
  readonly span: Span;
  readonly peers: readonly string[];
  readonly fixes: readonly Fix[];
  /** Other places that explain this one. */
  readonly related: readonly RelatedPlace[];
  /** Set for deprecated and unnecessary things, so that editors strike them through or fade them. */
  readonly tag?: 'deprecated' | 'unnecessary';
  /** Set for checks that are silent unless the user asks for them. */
  readonly optIn?: true;
}

export interface ReportExtras {
  readonly fixes?: readonly Fix[];
  readonly related?: Problem['related'];
  readonly severity?: Severity;
  readonly tag?: Problem['tag'];
}

/** Reports a problem at a node (its key or its scalar) or at an exact span. */
export type Report = (where: YamlNode | Span, message: string, extras?: ReportExtras) => void;

/** Which releases the user runs, from the setting `meshpath.targets`; versions are `major.minor`. */
export interface Targets {
  readonly istio: string;
  readonly linkerd: string;
  readonly gatewayApi: { readonly version: string; readonly channel: 'standard' | 'experimental' };
}

/** What a rule may know besides the node it stands on. */
export interface RuleContext {
  readonly group: string;
  /** The API version in use, such as `v1beta3`. */
  readonly version: string;
  readonly kind: string;
  readonly namespace: string | undefined;
  readonly name: string | undefined;
  readonly targets: Targets;
  /** The whole resource. */
  readonly root: YamlNode;
  /** The text of its document, for edits. */
  readonly text: string;
  /** True for Kustomize patches: what is missing here may be in the base. */
  readonly partial: boolean;
}

/**
 * A cross-field or value rule that stands beside the schema of the object, list or scalar it is about.
 * It runs only on nodes of the right type whose value is known; it never throws.
 */
export interface Rule {
  readonly facts: CheckFacts;
  /** True when the rule can complain about something missing: it is then not run on partial resources. */
  readonly needsWhole?: boolean;
  readonly run: (node: YamlNode, report: Report, context: RuleContext) => void;
}
