import { choice, field, fragment, list, object, required, string } from '../define.ts';
import { headerName, headerValue, regexByType } from './headers.ts';
import { pathMatch } from './pathMatch.ts';

/** Which requests a rule of an HTTPRoute is about. */

export const httpMethod = fragment(() =>
  choice({
    GET: 'Requests that read, sent with GET.',
    HEAD: 'Requests for headers alone, sent with HEAD.',
    POST: 'Requests that send data, with POST.',
    PUT: 'Requests that write a resource, with PUT.',
    DELETE: 'Requests that remove something, with DELETE.',
    CONNECT: 'Requests that open a tunnel, with CONNECT.',
    OPTIONS: 'Requests with OPTIONS, such as the preflights of browsers.',
    TRACE: 'Requests with TRACE, which proxies often refuse.',
    PATCH: 'Requests that change a part, with PATCH.',
  }),
);

/** How a header or query parameter is compared. */
export const valueMatchType = fragment(() =>
  choice({
    Exact: 'The whole value is equal, in the same case.',
    RegularExpression:
      'The whole value matches the RE2 expression. Support is up to the implementation; Istio and Linkerd have it.',
  }),
);

export const headerMatches = fragment(() =>
  list(
    object(
      {
        type: field(valueMatchType(), 'How `value` is compared with the header.', { default: 'Exact' }),
        name: required(
          headerName(),
          'Which header to look at, in any case. Of two entries with one name, in different case, only the first counts.',
        ),
        value: required(
          headerValue(),
          'Text or expression that the header must have. A request without the header does not match.',
        ),
      },
      { rules: [regexByType] },
    ),
    { max: 16, mapKeys: ['name'] },
  ),
);

export function queryParamMatches<N extends ReturnType<typeof string>>(name: N) {
  return list(
    object(
      {
        type: field(valueMatchType(), 'How `value` is compared with the parameter.', { default: 'Exact' }),
        name: required(name, 'Which parameter to look at, in exactly this case.'),
        value: required(
          string({ min: 1, max: 1024 }),
          'Text or expression that the parameter must have. Which one counts when it stands in the query twice is undefined.',
        ),
      },
      { rules: [regexByType] },
    ),
    { max: 16, mapKeys: ['name'] },
  );
}

const httpMatch = fragment(() =>
  object({
    path: field(
      pathMatch(),
      'Condition on the path, without host and query. Every path, as `PathPrefix` of `/`, when absent.',
    ),
    headers: field(headerMatches(), 'Conditions on headers; all of them must hold.'),
    queryParams: field(
      queryParamMatches(headerName()),
      'Conditions on parameters of the query; all of them must hold.',
    ),
    method: field(httpMethod(), 'Method that the request must have; any when absent.'),
  }),
);

export const httpMatches = fragment(() => list(httpMatch(), { max: 64 }));
