import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A folder that is gone at the end of the test. */
export function temporaryFolder() {
  const path = mkdtempSync(join(tmpdir(), 'tocsin-test-'));
  return {
    path,
    /** Writes a file and returns its path. */
    write(name: string, content: string): string {
      const file = join(path, name);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, content, { mode: 0o700 });
      return file;
    },
    [Symbol.dispose]() {
      rmSync(path, { recursive: true, force: true });
    },
  };
}
