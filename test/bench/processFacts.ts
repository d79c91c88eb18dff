import { existsSync, readFileSync } from 'node:fs';

// What Linux says about a process. Elsewhere these figures are left out.

const TICKS_PER_SECOND = 100;

export function canReadProcesses(): boolean {
  return existsSync('/proc/self/status');
}

/** The most memory that the process ever held, in MiB. */
export function peakMemory(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1]) / 1024;
}

/** Time on a processor, all threads together, in milliseconds. */
export function processorTime(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The second field is the name in parentheses, which may hold blanks; user and system time are fields 14 and 15.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return ((Number(fields[11]) + Number(fields[12])) * 1000) / TICKS_PER_SECOND;
}
