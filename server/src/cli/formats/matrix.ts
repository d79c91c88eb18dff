import type { AccessMatrix } from '../../core/mesh/paths/accessMatrix.ts';
import type { Outcome } from '../../core/mesh/paths/vocabulary.ts';
import { DIM, GREEN, paintFor, RED, YELLOW } from '../paint.ts';
import { printable, type Terminal } from '../terminal.ts';

const CELLS: Readonly<Record<Outcome['result'], readonly [sign: string, color: string]>> = {
  allow: ['yes', GREEN],
  deny: ['no', RED],
  unknown: ['?', YELLOW],
};

/** For people: a line for each client, a numbered column for each port, and below what the numbers mean. */
export function formatMatrix({ clients, targets, outcomes }: AccessMatrix, terminal: Pick<Terminal, 'color'>): string {
  if (targets.length === 0) return 'No Service here, so nobody to call.\n';
  const paint = paintFor(terminal);
  const width = Math.max(...clients.map(({ length }) => length));
  const column = Math.max(3, String(targets.length).length) + 1;
  const head = `${' '.repeat(width)}${targets.map((_, index) => String(index + 1).padStart(column)).join('')}`;
  const rows = clients.map((client, row) => {
    const cells = (outcomes[row] ?? []).map(({ result }) => {
      const [sign, color] = CELLS[result];
      return ' '.repeat(column - sign.length) + paint(color, sign);
    });
    return client.padEnd(width) + cells.join('');
  });
  const legend = targets.map(({ service, port }, index) => paint(DIM, `${index + 1}  ${service}:${port}`));
  return printable(`${[head, ...rows, '', ...legend].join('\n')}\n`);
}
