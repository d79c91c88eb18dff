/**
 * Three-valued logic: what files leave open (an address, a value from a template) is neither true nor false, and must
 * not be taken for either.
 */
export type Truth = 'yes' | 'no' | 'unknown';

export function truthOf(value: boolean): Truth {
  return value ? 'yes' : 'no';
}

export function not(value: Truth): Truth {
  if (value === 'unknown') return 'unknown';
  return value === 'yes' ? 'no' : 'yes';
}

/** True of nothing at all. */
export function every<T>(items: Iterable<T>, test: (item: T) => Truth): Truth {
  let result: Truth = 'yes';
  for (const item of items) {
    const value = test(item);
    if (value === 'no') return 'no';
    if (value === 'unknown') result = 'unknown';
  }
  return result;
}

/** False of nothing at all. */
export function some<T>(items: Iterable<T>, test: (item: T) => Truth): Truth {
  let result: Truth = 'no';
  for (const item of items) {
    const value = test(item);
    if (value === 'yes') return 'yes';
    if (value === 'unknown') result = 'unknown';
  }
  return result;
}
