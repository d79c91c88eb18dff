import type { HopPathAnswer } from '../../server/src/protocol/panel.ts';
import type { PathRequestJson } from '../../server/src/protocol/path.ts';
import { element } from './elements.ts';

type Target = PathRequestJson['to'];
type Http = NonNullable<PathRequestJson['http']>;

export interface ChoicesForm {
  readonly form: HTMLFormElement;
  /** Shows the request of an answer; a field in which someone writes keeps what is written. */
  show(answer: HopPathAnswer): void;
}

/** The request as fields: each change asks for the path of the request as it then is. */
export function choicesForm(ask: (request: PathRequestJson) => void): ChoicesForm {
  const source = element('select', { id: 'source' });
  const target = element('select', { id: 'target' });
  const method = element('input', { id: 'method', type: 'text' });
  const path = element('input', { id: 'path', type: 'text' });
  const host = element('input', { id: 'host', type: 'text' });
  const headers = element('textarea', { id: 'headers', rows: '2' });
  const form = element('form', { class: 'choices' }, [
    field('From', source),
    field('To', target),
    field('Method', method),
    field('Path', path),
    field('Host', host),
    field('Headers, one on each line', headers),
  ]);
  let targets: readonly Target[] = [];
  const written = (): PathRequestJson | undefined => {
    const to = targets[target.selectedIndex];
    if (!to) return undefined;
    const http = httpOf(method.value, path.value, host.value, headers.value);
    return { from: source.value, to, ...(http ? { http } : {}) };
  };
  form.addEventListener('submit', (event) => event.preventDefault());
  form.addEventListener('change', () => {
    const request = written();
    if (request) ask(request);
  });
  return {
    form,
    show: ({ case: { request }, choices }) => {
      const { from, to, http } = request;
      const sources = choices.sources.includes(from) ? choices.sources : [from, ...choices.sources];
      const known = choices.targets.findIndex((choice) => sameTarget(choice, to));
      targets = known === -1 ? [to, ...choices.targets] : choices.targets;
      setOptions(source, sources, sources.indexOf(from));
      setOptions(target, targets.map(targetText), Math.max(known, 0));
      setValue(method, http?.method ?? '');
      setValue(path, http?.path ?? '');
      setValue(host, http?.host ?? '');
      setValue(headers, headerLines(http));
    },
  };
}

function field(label: string, input: HTMLElement): HTMLElement {
  return element('label', { class: 'field', for: input.id }, [element('span', {}, [label]), input]);
}

/** Plain TCP where no method is given. */
function httpOf(method: string, path: string, host: string, headers: string): Http | undefined {
  if (method.trim() === '') return undefined;
  const pairs = headers.split('\n').flatMap((line): [string, string][] => {
    const colon = line.indexOf(':', 1);
    return colon === -1 ? [] : [[line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()]];
  });
  return {
    method: method.trim().toUpperCase(),
    path: path.trim().startsWith('/') ? path.trim() : `/${path.trim()}`,
    ...(host.trim() === '' ? {} : { host: host.trim() }),
    ...(pairs.length === 0 ? {} : { headers: Object.fromEntries(pairs) }),
  };
}

function headerLines(http: Http | undefined): string {
  return Object.entries(http?.headers ?? {})
    .map(([name, value]) => `${name}: ${value}`)
    .join('\n');
}

function targetText(to: Target): string {
  if ('host' in to) return `host ${to.host}:${to.port}`;
  if ('pod' in to) return `pod of ${to.pod}:${to.port}`;
  return `Service ${to.service}:${to.port}${to.endpoint === undefined ? '' : `, endpoint ${to.endpoint}`}`;
}

function sameTarget(one: Target, other: Target): boolean {
  return targetText(one) === targetText(other);
}

function setOptions(select: HTMLSelectElement, texts: readonly string[], selected: number): void {
  const same = select.options.length === texts.length && texts.every((text, at) => select.options[at]?.text === text);
  if (!same) select.replaceChildren(...texts.map((text) => element('option', {}, [text])));
  select.selectedIndex = selected;
}

function setValue(input: HTMLInputElement | HTMLTextAreaElement, text: string): void {
  if (document.activeElement !== input) input.value = text;
}
