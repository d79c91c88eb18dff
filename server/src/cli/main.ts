import { VERSION } from '../version.ts';
import { runAccess } from './access.ts';
import { runCheck } from './check.ts';
import { ACCESS_HELP, CHECK_HELP, HELP, LSP_HELP, PATH_HELP, ROUTE_HELP } from './help.ts';
import { runLsp } from './lsp.ts';
import { type OptionSpec, type Parsed, parseOptions } from './options.ts';
import { runPath } from './path.ts';
import { QUESTION_OPTIONS } from './questions.ts';
import { ROUTE_OPTIONS, runRoute } from './route.ts';
import { EXIT, type ExitCode, printable, type Terminal, UsageError } from './terminal.ts';

interface Command {
  readonly help: string;
  readonly options: Readonly<Record<string, OptionSpec>>;
  readonly run: (parsed: Parsed, terminal: Terminal) => Promise<ExitCode>;
}

const EVERYWHERE: Readonly<Record<string, OptionSpec>> = {
  help: { type: 'flag', short: 'h' },
  version: { type: 'flag', short: 'v' },
};

const COMMANDS: ReadonlyMap<string, Command> = new Map<string, Command>([
  [
    'check',
    {
      help: CHECK_HELP,
      options: {
        format: { type: 'value', choices: ['text', 'json', 'sarif', 'github'] },
        'fail-on': { type: 'value', choices: ['error', 'warning', 'info', 'never'] },
        config: { type: 'value' },
      },
      run: runCheck,
    },
  ],
  [
    'path',
    {
      help: PATH_HELP,
      options: { ...QUESTION_OPTIONS, format: { type: 'value', choices: ['text', 'json', 'mermaid', 'svg'] } },
      run: runPath,
    },
  ],
  [
    'access',
    {
      help: ACCESS_HELP,
      options: {
        ...QUESTION_OPTIONS,
        matrix: { type: 'flag' },
        expect: { type: 'value', choices: ['allow', 'deny'] },
        format: { type: 'value', choices: ['text', 'json'] },
      },
      run: runAccess,
    },
  ],
  ['route', { help: ROUTE_HELP, options: ROUTE_OPTIONS, run: runRoute }],
  ['lsp', { help: LSP_HELP, options: { stdio: { type: 'flag' } }, run: runLsp }],
]);

/** Runs a command line. Never rejects: what goes wrong is said on the terminal and in the exit code. */
export async function main(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const [name, ...rest] = args;
  const command = name === undefined ? undefined : COMMANDS.get(name);
  try {
    return command ? await runCommand(command, rest, terminal) : frame(args, terminal);
  } catch (error) {
    if (!(error instanceof UsageError)) {
      terminal.warn(
        `meshpath: this is a fault of Meshpath itself: ${error instanceof Error ? (error.stack ?? error.message) : error}\n`,
      );
      return EXIT.usage;
    }
    const where = command ? `meshpath ${name}` : 'meshpath';
    terminal.warn(`${where}: ${printable(error.message)}\nTry: ${where} --help\n`);
    return EXIT.usage;
  }
}

async function runCommand(command: Command, args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const parsed = parseOptions(args, { ...EVERYWHERE, ...command.options });
  return answerEverywhere(parsed, command.help, terminal) ?? command.run(parsed, terminal);
}

/** What there is without a command. */
function frame(args: readonly string[], terminal: Terminal): ExitCode {
  if (args.length === 0) {
    terminal.warn(HELP);
    return EXIT.usage;
  }
  const [first = ''] = args;
  if (!first.startsWith('-')) {
    throw new UsageError(`there is no command "${first}"; there are ${[...COMMANDS.keys()].join(', ')}`);
  }
  const answered = answerEverywhere(parseOptions(args, EVERYWHERE), HELP, terminal);
  if (answered === undefined) throw new UsageError(`a command must come first, before "${first}"`);
  return answered;
}

function answerEverywhere({ flags }: Parsed, help: string, terminal: Terminal): ExitCode | undefined {
  if (flags.has('help')) terminal.write(help);
  else if (flags.has('version')) terminal.write(`${VERSION}\n`);
  else return undefined;
  return EXIT.ok;
}
