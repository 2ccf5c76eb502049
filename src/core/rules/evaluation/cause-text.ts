/** What stands around the cause in the API's messages: how often, through which call, in which words for machines. */
const WRAPPING = [
  /^\(combined from similar events\): /,
  /^Failed to create pod sandbox: /,
  /\brpc error: code = \w+ desc = /g,
  /^.*\b(?:is forbidden|denied the request): /s,
];
/** Containerd's end of nearly every chain. */
const UNKNOWN = /: unknown$/;
/** Quotas, limit ranges, security standards (also OpenShift's), webhooks and policies, in the API server's words. */
const DECISION =
  /\b(?:exceeded quota|failed quota|(?:maximum|minimum) \S+ usage per|limit to request ratio per|violates PodSecurity|security context constraint|denied (?:the )?request)\b/;
const LONGEST = 100;

/** A message of Kubernetes without what stands around its cause: `exceeded quota: compute, …` of `Error creating: pods "web-x" is forbidden: …`. */
export function plainMessage(message: string): string {
  return WRAPPING.reduce((text, wrapping) => text.replace(wrapping, ''), message.trim());
}

const UNASKED = /\bfailed calling webhook ("[^"]*"): /;

/** Why pods are refused: by a quota or an admission webhook, or one that cannot be asked; `null` when the message says no such thing. */
export function refusalOf(message: string): string | null {
  const unasked = UNASKED.exec(message);
  if (unasked !== null)
    return `webhook ${unasked[1]} cannot be asked: ${lastCause(message.slice(unasked.index + unasked[0].length))}`;
  return /\b(?:is forbidden|denied the request): /.test(message) ? plainMessage(message) : null;
}

/** Whether that was decided, rather than that nobody could be asked or something was not there yet. */
export function isDecision(message: string): boolean {
  return DECISION.test(message);
}

/** Which nodes the scheduler has tried in vain and why, without what it says of claims and preemption after that. */
export function schedulingCause(message: string): string {
  const [first = ''] = message.split(/\.(?:\s|$)/, 1);
  return first;
}

/**
 * The end of a chain of causes, which says why: `lookup registry.example on 10.0.0.2:53: no such host`. With `links` 1 only the last, which may say
 * little by itself.
 */
export function lastCause(message: string, links: 1 | 2 = 2): string {
  const text = message.trim().replace(UNKNOWN, '');
  const last = text.split(': ').slice(-links).join(': ');
  return last.length > LONGEST ? `…${last.slice(1 - LONGEST)}`.toWellFormed() : last;
}
