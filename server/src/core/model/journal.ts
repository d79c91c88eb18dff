/**
 * Which files have something new to be said about them: they changed themselves, or something that was looked at for
 * them did. Numbers grow with every entry; each file is kept with its last.
 */
export class Journal {
  readonly #numbers = new Map<string, number>();
  #last = 0;

  get last(): number {
    return this.#last;
  }

  note(path: string): void {
    this.#numbers.set(path, ++this.#last);
  }

  /** The files that were noted after a number. */
  since(number: number): string[] {
    if (number === this.#last) return [];
    return [...this.#numbers].flatMap(([path, last]) => (last > number ? [path] : []));
  }
}
