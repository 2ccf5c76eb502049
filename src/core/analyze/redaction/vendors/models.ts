import { exact, opening } from '../detector.ts';
import type { VendorShape } from './vendor-shape.ts';

/** Of models and their hosts. */
export const models: readonly VendorShape[] = [
  ['anthropic-key', exact('sk-ant-'), '(sk-ant-[A-Za-z0-9_-]{20,})'],
  ['openai-key', exact('sk-proj-', 'sk-svcacct-', 'sk-admin-', 'sk-or-'), '(sk-(?:proj|svcacct|admin|or)-[A-Za-z0-9_-]{20,})'],
  ['openai-key', opening('sk-'), `(sk-(?=[A-Za-z0-9_-]{0,64}\\d)[A-Za-z0-9]{20,}[A-Za-z0-9_-]*)`],
  ['langfuse-key', opening('sk-'), '(sk-lf-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})'],
  ['huggingface-token', opening('hf_'), '(hf_[A-Za-z0-9]{30,})'],
  ['huggingface-token', exact('api_org_'), '(api_org_[A-Za-z0-9]{34})'],
  ['replicate-token', opening('r8_'), '(r8_[A-Za-z0-9]{37,})'],
  ['groq-key', exact('gsk_'), '(gsk_[A-Za-z0-9]{40,})'],
  ['xai-key', exact('xai-'), '(xai-[A-Za-z0-9_]{60,})'],
  ['perplexity-key', exact('pplx-'), '(pplx-[A-Za-z0-9]{40,})'],
  ['nvidia-key', exact('nvapi-'), '(nvapi-[A-Za-z0-9_-]{40,})'],
];
