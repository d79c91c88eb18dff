import type { ServerSetup } from './servers.ts';

/** Everything that a run finds out, by scenario. */
export interface Measurements {
  readonly scenarios: ScenarioMeasurements[];
}

export interface ScenarioMeasurements {
  readonly name: string;
  readonly title: string;
  /** Samples by metric, then by server. */
  readonly metrics: Record<string, Record<string, number[]>>;
  readonly checks: Record<string, Record<string, CheckCount>>;
}

export interface CheckCount {
  right: number;
  of: number;
}

/** What a scenario is run with. */
export interface Bench {
  readonly setups: readonly [ServerSetup, ...ServerSetup[]];
  /** The folder that the servers are started in. */
  readonly workspace: string;
  /** Repetitions: fewer when the user is in a hurry. */
  times(full: number, quick: number): number;
  record(metric: string, server: ServerSetup, value: number): void;
  /** Counts an answer that has to be right; a server that is fast and wrong shows here. */
  check(name: string, server: ServerSetup, right: boolean): void;
}

export interface Scenario {
  readonly name: string;
  readonly title: string;
  run(bench: Bench): Promise<void>;
}

/** Memory, unlike every other metric, which is a time in milliseconds. */
export const PEAK_MEMORY = 'peak memory, MiB';

export async function measure(
  scenario: Scenario,
  context: Pick<Bench, 'setups' | 'workspace' | 'times'>,
): Promise<ScenarioMeasurements> {
  const metrics: ScenarioMeasurements['metrics'] = {};
  const checks: ScenarioMeasurements['checks'] = {};
  await scenario.run({
    ...context,
    record: (metric, { name }, value) => {
      metrics[metric] ??= {};
      metrics[metric][name] ??= [];
      metrics[metric][name].push(value);
    },
    check: (check, { name }, right) => {
      checks[check] ??= {};
      checks[check][name] ??= { right: 0, of: 0 };
      const count = checks[check][name];
      count.of++;
      if (right) count.right++;
    },
  });
  return { name: scenario.name, title: scenario.title, metrics, checks };
}

/** The checks that a server did not pass every time: what it took is then no figure to compare with. */
export function failedChecks({ scenarios }: Measurements, server: ServerSetup): string[] {
  return scenarios.flatMap(({ name, checks }) =>
    Object.entries(checks).flatMap(([check, counts]) => {
      const { right, of } = counts[server.name] ?? { right: 0, of: 0 };
      return right === of && of > 0 ? [] : [`${name}, ${check}: ${right} of ${of}`];
    }),
  );
}

/** Takes turns as A, B, B, A, so that the machine's moods hit all servers alike. */
export async function inTurns<T>(items: readonly T[], rounds: number, work: (item: T, round: number) => Promise<void>) {
  for (let round = 0; round < rounds; round++) {
    for (const item of round % 2 === 0 ? items : items.toReversed()) await work(item, round);
  }
}
