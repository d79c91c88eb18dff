import { text } from '../../yaml/access.ts';
import { field, fragment, list, object, required, string } from '../define.ts';
import type { CheckFacts, Rule } from '../rule.ts';
import { atMostOneOf, fieldNode } from '../rules.ts';
import { destination } from './destination.ts';
import { answerStatus } from './fault.ts';
import { percentage } from './percentage.ts';
import { uint32 } from './port.ts';

/** What a route can do with a request beside sending it on: answer it, copy it, leave it to another resource. */

const LARGE_RESPONSE: CheckFacts = {
  code: 'large-direct-response',
  severity: 'error',
  what: 'The body of a direct response is larger than 100 KB (a warning) or 1 MB (refused).',
  why: 'The text is part of the configuration of every proxy that has the route, so it costs memory everywhere and slows istiod down.',
  todo: 'Serve large content from a service; keep bodies here to a few lines.',
  source: 'istio/istio pkg/config/validation/validation.go, validateHTTPDirectResponse',
};

const KB = 1024;

/** The number of bytes that a text takes in UTF-8. */
function utf8Size(value: string): number {
  let bytes = 0;
  for (const character of value) {
    const code = character.codePointAt(0) ?? 0;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return bytes;
}

const bodySize: Rule = {
  facts: LARGE_RESPONSE,
  run(node, report) {
    const plain = text(node, 'string');
    const encoded = text(node, 'bytes');
    const size =
      plain === undefined ? Math.floor(((encoded ?? '').replace(/[\s=]/g, '').length * 3) / 4) : utf8Size(plain);
    if (size <= 100 * KB) return;
    const where = fieldNode(node, plain === undefined ? 'bytes' : 'string');
    if (size > KB * KB) report(where, 'The body is larger than 1 MB, which istiod refuses; serve it from a service.');
    else {
      report(where, 'The body is larger than 100 KB and goes to every proxy that has the route.', {
        severity: 'warning',
      });
    }
  },
};

/** Groups of four characters, the last one filled up with `=`; lines may be broken. */
const BASE64 = /^\s*(?:(?:[A-Za-z0-9+/]\s*){4})*(?:(?:[A-Za-z0-9+/]\s*){2}=\s*=\s*|(?:[A-Za-z0-9+/]\s*){3}=\s*)?$/;

const body = fragment(() =>
  object(
    {
      string: field(string(), 'What the client gets, as plain text; the proxy adds no content type.'),
      bytes: field(
        string({ pattern: BASE64, means: 'base64' }),
        'What the client gets, in base64, for content that is not text.',
      ),
    },
    { rules: [atMostOneOf(['string', 'bytes']), bodySize] },
  ),
);

export const directResponse = fragment(() =>
  object({
    status: required(
      uint32([answerStatus]),
      'The status of the answer. For 3xx use `redirect`, which sets the location too.',
    ),
    body: field(body(), 'What the answer contains; its type can be said with `headers.response.set`.', {
      default: 'empty',
    }),
  }),
);

export const mirrors = fragment(() =>
  list(
    object({
      destination: required(destination(), 'Where copies are sent. Their answers are thrown away.'),
      percentage: field(percentage(), 'How many requests are copied.', { default: 'all' }),
    }),
  ),
);

export const delegate = fragment(() =>
  object({
    name: field(
      string(),
      'The name of a VirtualService without `hosts` that holds the rules for what this rule matches.',
    ),
    namespace: field(string(), 'The namespace of that VirtualService, which must be exported to this one.', {
      default: 'the namespace of this resource',
    }),
  }),
);
