/** A seeded source of numbers (xorshift), so that every run measures the same texts. */
export interface Random {
  /** A whole number from 0 up to, but without, `limit`. */
  below(limit: number): number;
  pick<T>(items: readonly [T, ...T[]]): T;
}

export function seeded(seed: number): Random {
  let state = seed | 0 || 1;
  const below = (limit: number) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % limit;
  };
  return { below, pick: (items) => items[below(items.length)] ?? items[0] };
}

/** The value below which a share of the sample lies, interpolated. NaN for an empty sample. */
export function quantile(sample: readonly number[], share: number): number {
  const sorted = sample.toSorted((a, b) => a - b);
  const place = (sorted.length - 1) * share;
  const lower = sorted[Math.floor(place)] ?? Number.NaN;
  const upper = sorted[Math.ceil(place)] ?? Number.NaN;
  return lower + (upper - lower) * (place - Math.floor(place));
}

export function median(sample: readonly number[]): number {
  return quantile(sample, 0.5);
}

const RESAMPLES = 500;

/** The 95 % interval of the ratio of two medians, from samples drawn again with replacement. */
export function ratioInterval(a: readonly number[], b: readonly number[]): readonly [number, number] {
  const random = seeded(20_260_101);
  const again = (sample: readonly number[]) =>
    median(sample.map(() => sample[random.below(sample.length)] ?? Number.NaN));
  const ratios = Array.from({ length: RESAMPLES }, () => again(a) / again(b));
  return [quantile(ratios, 0.025), quantile(ratios, 0.975)];
}
