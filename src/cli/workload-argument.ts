import { ConfigError } from '../base/errors.ts';
import { compileGlob } from '../base/glob.ts';

/** The parts of a WORKLOAD argument; `null` takes all. */
export interface WorkloadArgument {
  readonly namespace: string | null;
  readonly kind: string | null;
  readonly workload: string | null;
}

/** Reads `NAMESPACE/KIND/NAME`, `NAMESPACE/NAME` or `NAMESPACE`; each part may be a glob. */
export function parseWorkload(text: string | undefined): WorkloadArgument {
  if (text === undefined) return { namespace: null, kind: null, workload: null };
  const parts = text.split('/');
  if (parts.length > 3 || parts.some((part) => part === '')) {
    throw new ConfigError(`expected a workload as NAMESPACE/KIND/NAME or NAMESPACE/NAME, found ${JSON.stringify(text)}`);
  }
  for (const part of parts) {
    try {
      compileGlob(part);
    } catch (error) {
      throw new ConfigError(
        `bad glob ${JSON.stringify(part)} in ${JSON.stringify(text)}: ${error instanceof Error ? error.message : error}`,
      );
    }
  }
  const [namespace = null, second = null, third = null] = parts;
  return third === null ? { namespace, kind: null, workload: second } : { namespace, kind: second, workload: third };
}
