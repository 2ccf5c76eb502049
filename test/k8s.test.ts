import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { suite, test } from 'node:test';
import { parseAllDocuments } from 'yaml';
import { loadConfiguration } from '../src/config/load.ts';
import { ACCESS } from '../src/kubernetes/session/access.ts';

interface Policy {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
  readonly resourceNames?: readonly string[];
}

suite('the manifests', () => {
  const documents = (file: string) => parseAllDocuments(readFileSync(`k8s/${file}`, 'utf8')).map((document) => document.toJS());
  const first = (file: string) => documents(file)[0];
  const kustomization = first('kustomization.yaml');
  const deployment = first('deployment.yaml');
  const [container] = deployment.spec.template.spec.containers;

  test('k8s/rules is a copy of rules: `cp rules/*.yaml k8s/rules/` makes it one', () => {
    const read = (folder: string) =>
      Object.fromEntries(readdirSync(folder).map((file) => [file, readFileSync(`${folder}/${file}`, 'utf8')]));
    assert.deepEqual(read('k8s/rules'), read('rules'));
  });

  test('the kustomization names every manifest and every rule file', () => {
    const manifests = readdirSync('k8s').filter((file) => file.endsWith('.yaml'));
    assert.deepEqual([...kustomization.resources, 'kustomization.yaml', 'tocsin.yaml'].sort(), manifests.sort());
    const maps = Object.fromEntries(
      kustomization.configMapGenerator.map(({ name, files }: { name: string; files: string[] }) => [name, files]),
    );
    assert.deepEqual(maps, {
      'tocsin-settings': ['tocsin.yaml'],
      'tocsin-rules': readdirSync('rules').map((file) => `rules/${file}`),
    });
    assert.equal(
      kustomization.generatorOptions.disableNameSuffixHash,
      true,
      'an edited rule reloads instead of restarting the pod',
    );
  });

  test('what a ConfigMap holds fits into one', () => {
    const bytes = readdirSync('k8s/rules').reduce((sum, file) => sum + readFileSync(`k8s/rules/${file}`).length, 0);
    assert.ok(bytes < 1024 * 1024, `${bytes} bytes`);
  });

  test('the service account may do exactly what Tocsin asks for', () => {
    const granted = documents('rbac.yaml')
      .filter((document) => document.kind === 'ClusterRole')
      .flatMap((role): Policy[] => role.rules)
      .flatMap(({ apiGroups, resources, verbs, resourceNames }) => {
        assert.equal(resourceNames, undefined);
        return apiGroups.flatMap((group) => resources.map((resource) => `${group}/${resource}: ${verbs.join(' ')}`));
      });
    const asked = ACCESS.map(({ group, resource, verbs }) => `${group}/${resource}: ${verbs.join(' ')}`);
    assert.deepEqual(granted.sort(), asked.sort());
    assert.ok(!granted.some((line) => /secrets|exec|proxy|\*|create|update|patch|delete/.test(line)), 'it only reads');
  });

  test('the pod runs as nobody, with nothing to write to but its volume', () => {
    const { securityContext } = deployment.spec.template.spec;
    assert.equal(securityContext.runAsUser, 65532);
    assert.equal(securityContext.runAsNonRoot, true);
    assert.equal(container.securityContext.readOnlyRootFilesystem, true);
    assert.equal(container.securityContext.allowPrivilegeEscalation, false);
    assert.deepEqual(container.securityContext.capabilities, { drop: ['ALL'] });
    const writable = container.volumeMounts.filter((mount: { readOnly?: boolean }) => mount.readOnly !== true);
    assert.deepEqual(
      writable.map((mount: { mountPath: string }) => mount.mountPath),
      ['/data'],
    );
  });

  test('the heap is bounded by a share of the memory limit, also where the image says a size', () => {
    const options = container.env.find(({ name }: { name: string }) => name === 'NODE_OPTIONS').value;
    const heap =
      'console.log(v8.getHeapStatistics().heap_size_limit, Math.min(process.constrainedMemory() || Infinity, os.totalmem()))';
    const said = execFileSync(process.execPath, ['--max-old-space-size=160', '-e', heap], {
      env: { NODE_OPTIONS: options },
      encoding: 'utf8',
    });
    const [limit = 0, memory = 0] = said.split(' ').map(Number);
    assert.ok(limit / memory > 0.38 && limit / memory < 0.45, said);
  });

  test('the image has the version of the package', () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
    assert.equal(container.image, `tocsin:${version}`);
  });

  test('the settings of the ConfigMap are good without any variable set', () => {
    const { settings, problems } = loadConfiguration({
      cwd: process.cwd(),
      file: 'k8s/tocsin.yaml',
      required: true,
      env: {},
      overrides: { rules: 'k8s/rules' },
    });
    assert.deepEqual(problems, []);
    assert.equal(settings?.store.path, '/data');
  });
});
