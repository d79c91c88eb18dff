import picomatch from 'picomatch';

/** A predicate over relative paths, with `/` between the parts, from globs. Names that begin with a dot are like any other. */
export function globMatcher(globs: readonly string[]): (relative: string) => boolean {
  if (globs.length === 0) return () => false;
  // Paths have been brought to one form before, whatever the operating system.
  const matches = picomatch([...globs], { dot: true, windows: false });
  return (relative) => matches(relative);
}
