import type { Measurements, ScenarioMeasurements } from './measurements.ts';
import type { ServerSetup } from './servers.ts';
import { median, quantile, ratioInterval } from './statistics.ts';

export interface Conditions {
  readonly node: string;
  readonly processors: string;
  readonly setups: readonly [ServerSetup, ...ServerSetup[]];
}

/** The tables of a run in Markdown. Ratios are other ÷ ours: above 1, we are faster or smaller. */
export function report({ node, processors, setups }: Conditions, { scenarios }: Measurements): string {
  const given = setups.map(({ name, description }) => `- \`${name}\`: ${description}`);
  return [
    `Node ${node}, ${processors}. Medians, 95th percentiles in parentheses; ratio to ${setups[0].name} with its 95 % interval.`,
    given.join('\n'),
    ...scenarios.map((scenario) => section(scenario, setups)),
  ].join('\n\n');
}

function section(scenario: ScenarioMeasurements, [ours, ...others]: Conditions['setups']): string {
  const names = [ours, ...others].map(({ name }) => name);
  const ratios = others.map(({ name }) => `${name} ÷ ${ours.name}`);
  const rows = Object.entries(scenario.metrics).map(([metric, samples]) => {
    const own = samples[ours.name] ?? [];
    return [
      `${metric} (n=${own.length})`,
      ...names.map((name) => figures(samples[name] ?? [])),
      ...others.map(({ name }) => ratio(samples[name] ?? [], own)),
    ];
  });
  const checks = Object.entries(scenario.checks).map(([check, counts]) => {
    const results = names.map((name) => `${name} ${counts[name]?.right ?? 0}/${counts[name]?.of ?? 0}`);
    return `- right answers, ${check}: ${results.join(', ')}`;
  });
  const header = ['', ...names, ...ratios];
  const line = header.map((_, column) => (column === 0 ? '---' : '---:'));
  const table = [header, line, ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
  return `## ${scenario.name}: ${scenario.title}\n\n${table}\n\n${checks.join('\n')}`;
}

function figures(sample: readonly number[]): string {
  return sample.length > 0 ? `${short(median(sample))} (${short(quantile(sample, 0.95))})` : '–';
}

function ratio(sample: readonly number[], own: readonly number[]): string {
  if (sample.length === 0 || own.length === 0) return '–';
  const [low, high] = ratioInterval(sample, own);
  return `**${short(median(sample) / median(own))}** (${short(low)}–${short(high)})`;
}

/** Three digits say enough. */
function short(value: number): string {
  if (value >= 100) return Math.round(value).toLocaleString('en-US');
  return value.toPrecision(value >= 10 ? 3 : 2);
}
