import { choice, field, fragment, int, list, object, required, string } from '../define.ts';
import type { CheckFacts } from '../rule.ts';
import { neededWhen, onlyWhen } from '../rules.ts';
import { backendObjectReference } from './backendRef.ts';
import { crdRule } from './names.ts';

/** The settings of the `ExternalAuth` filter: a server that is asked whether a request may pass. */

const PROTOCOL: CheckFacts = {
  code: 'external-auth-protocol-mismatch',
  severity: 'error',
  what: 'The `protocol` of an authorization server and the settings `http` or `grpc` do not agree.',
  why: 'The API server refuses the route.',
  todo: 'Set `http` (it may be `{}`) with protocol `HTTP`, and `grpc` with protocol `GRPC`, and not the other.',
  peers: [
    'CRD-CEL',
    crdRule('grpc-must-be-specified-when-protocol-is-set-to-grpc'),
    crdRule('protocol-must-be-grpc-when-grpc-is-set'),
    crdRule('http-must-be-specified-when-protocol-is-set-to-http'),
    crdRule('protocol-must-be-http-when-http-is-set'),
  ],
  source: 'Gateway API experimental CRDs, CEL rules on filters[].externalAuth',
};

const headerList = fragment(() => list(string(), { max: 64, unique: true }));

export const externalAuth = fragment(() =>
  object(
    {
      protocol: required(
        choice({
          HTTP: 'The request is repeated to an HTTP server; status 200 lets it pass, anything else is sent to the caller.',
          GRPC: "Envoy's external authorization protocol over gRPC, which carries the whole request as a message.",
        }),
        'How the authorization server is spoken to.',
      ),
      backendRef: required(
        backendObjectReference(),
        'The authorization server. When it cannot be reached, requests are refused.',
      ),
      grpc: field(
        object({
          allowedHeaders: field(
            headerList(),
            'Request headers that the authorization server is told; all of them when absent.',
          ),
        }),
        'What an authorization server that speaks gRPC is told; `{}` when nothing is to be said.',
      ),
      http: field(
        object({
          path: field(
            string({
              max: 1024,
              pattern: /^(?:[-A-Za-z0-9/._~!$&'()*+,;=:@]|[%][0-9a-fA-F]{2})+$/,
              means: 'a URL path, with other characters percent-encoded',
            }),
            "Stands in front of the request's own path when the authorization server is asked; nothing does when absent.",
          ),
          allowedHeaders: field(
            headerList(),
            'Request headers that the authorization server is told beside host, method, path, content length and authorization.',
          ),
          allowedResponseHeaders: field(
            headerList(),
            "Headers of the authorization server's answer that are copied into the request for the backend. All are when absent.",
          ),
        }),
        'How an authorization server that speaks HTTP is asked; `{}` when nothing is to be said.',
      ),
      forwardBody: field(
        object({
          maxSize: field(
            int(),
            'How many bytes of the body are sent along at most; a larger body is answered with status 413 or cut, as the implementation likes.',
          ),
        }),
        'Sends the body of the request to the authorization server too; headers alone when absent. The proxy must hold the body in memory meanwhile.',
      ),
    },
    {
      rules: [
        neededWhen('grpc', 'protocol', 'GRPC', { facts: PROTOCOL }),
        neededWhen('http', 'protocol', 'HTTP', { facts: PROTOCOL }),
        onlyWhen('grpc', 'protocol', 'GRPC', { facts: PROTOCOL }),
        onlyWhen('http', 'protocol', 'HTTP', { facts: PROTOCOL }),
      ],
    },
  ),
);
