/** Bytes of every line without its newline. */
export const LINE_BYTES = 512;
const IMAGE = process.env['TOCSIN_TEST_IMAGE'] ?? 'docker.io/local/busybox:1';

/** A pod that prints numbered lines at a steady rate, and then waits. */
export interface Writer {
  readonly pod: string;
  readonly kibPerSecond: number;
  /** In all. */
  readonly lines: number;
}

export function writerOf(kibPerSecond: number, seconds: number): Writer {
  return { pod: `writer-${kibPerSecond}`, kibPerSecond, lines: Math.round((kibPerSecond * 1024 * seconds) / LINE_BYTES) };
}

/** Paced by the machine's own clock, so that a slow shell catches up. */
function script({ kibPerSecond, lines }: Writer): string {
  const perSecond = (kibPerSecond * 1024) / LINE_BYTES;
  const padding = 'x'.repeat(LINE_BYTES - 'line 1234567 '.length);
  return [
    `p=${padding}; i=0`,
    'now() { read u _ < /proc/uptime; n=${u%.*}${u#*.}; }',
    'now; s=$n',
    `while [ $i -lt ${lines} ]; do now; t=$(( (n - s) * ${perSecond} / 100 )); [ $t -gt ${lines} ] && t=${lines}`,
    'while [ $i -lt $t ]; do i=$((i+1)); echo "line $i $p"; done; sleep 0.05; done; sleep 3600',
  ].join('\n');
}

export function manifestOf(writer: Writer): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: writer.pod },
    spec: {
      terminationGracePeriodSeconds: 1,
      containers: [{ name: 'app', image: IMAGE, imagePullPolicy: 'IfNotPresent', command: ['sh', '-c', script(writer)] }],
    },
  });
}
