/** What a container's exit code says by itself, as a person would put it. */
const MEANINGS: Readonly<Record<number, string>> = {
  0: 'ended normally, although it was to keep running',
  1: 'the application reported an error',
  2: 'wrong usage: a bad argument, or a fault in a shell script',
  125: 'the container runtime could not start it',
  126: 'the command is not executable: no permission, or built for another CPU',
  127: 'the command was not found in the image',
  128: 'the container could not be started, or exited with an invalid code',
  129: 'SIGHUP: its terminal or parent went away',
  130: 'SIGINT: interrupted',
  131: 'SIGQUIT: quit, usually with a dump',
  132: 'SIGILL: an instruction that this CPU does not know',
  133: 'SIGTRAP: a breakpoint or an assertion',
  134: 'SIGABRT: the process aborted itself, such as on a failed assertion',
  135: 'SIGBUS: bad memory access',
  136: 'SIGFPE: bad arithmetic, such as a division by zero',
  137: 'SIGKILL: killed from outside, such as after a failed liveness probe, a stop that took too long, or by the kernel for memory',
  138: 'SIGUSR1: a signal that it did not handle',
  139: 'SIGSEGV: bad memory access in native code',
  140: 'SIGUSR2: a signal that it did not handle',
  141: 'SIGPIPE: wrote to a pipe that was closed',
  142: 'SIGALRM: a timer ran out',
  143: 'SIGTERM: asked to stop',
  152: 'SIGXCPU: used more CPU time than it may',
  153: 'SIGXFSZ: wrote a larger file than it may',
  159: 'SIGSYS: a system call that its security profile forbids',
  255: 'an exit code out of range, often -1: the application reported an error',
};

/** What an exit code means; the reason settles what the code leaves open (137 with `OOMKilled`). `null` when the code says nothing known. */
export function exitCodeMeaning(exitCode: number, reason = ''): string | null {
  if (reason === 'OOMKilled')
    return exitCode === 137
      ? 'SIGKILL by the kernel: the container used more memory than its limit'
      : 'the kernel killed a process in it that used more memory than its limit; what was left ended with this code';
  if (/ (?:probe|hook) failed$/.test(reason)) return 'stopped by the kubelet, whatever its exit code';
  if (exitCode === 128 && reason === 'StartError') return 'the container could not be started';
  const known = MEANINGS[exitCode];
  if (known !== undefined) return known;
  return exitCode > 128 && exitCode <= 192 ? `killed by signal ${exitCode - 128}` : null;
}
