import { jsonField } from '../fields/json-field.ts';
import { pairField } from '../fields/pair-field.ts';
import { HEAD_LINES } from './record-hash.ts';

/** Of a record so many characters, and its last line, say what it is about. */
export const GIST_CHARACTERS = 2_048;
const LAST_LINE = 300;
const LONGEST_ERROR = 300;

/**
 * What a record is about, before anything is masked: the message of JSON and logfmt with the error beside it, else the first line; and for a stack
 * trace the class of its exception. The same trace with other line numbers or causes has the same gist.
 */
export function gistOf(text: string): string {
  const head = text.slice(0, GIST_CHARACTERS);
  const lineEnd = head.indexOf('\n');
  const line = lineEnd === -1 ? head : head.slice(0, lineEnd);
  const message = head.startsWith('{') ? jsonGist(head) : (pairGist(line) ?? line);
  const thrown = lineEnd === -1 ? null : exceptionIn(head, lastLine(text));
  return thrown === null || message.includes(thrown) ? message : `${message} ${thrown}`;
}

const MESSAGE_KEYS = ['msg', 'message', '@m', '@mt', 'short_message', 'log', 'event', 'text', 'MESSAGE', 'textPayload'];
const ERROR_KEYS = ['err', 'error', 'err.message', 'error.message', 'exception', 'cause', 'reason'];
const CLASS_KEYS = [
  'err.type',
  'error.type',
  'exception.type',
  'exception.class',
  'error.kind',
  'error_class',
  'exception_class',
];
const STACK_KEYS = [
  'stack',
  'err.stack',
  'error.stack',
  'error.stack_trace',
  'stack_trace',
  'exc_info',
  'exception',
  'stacktrace',
];

function jsonGist(text: string): string {
  const message = first(text, MESSAGE_KEYS);
  if (message === null) return withoutFrame(text);
  const error = first(text, ERROR_KEYS);
  const thrown = first(text, CLASS_KEYS) ?? classOf(first(text, STACK_KEYS) ?? '');
  return joined(message, error, thrown);
}

function pairGist(line: string): string | null {
  const message = pairField(line, 'msg') ?? pairField(line, 'message');
  if (message === null) return null;
  const error = pairField(line, 'err') ?? pairField(line, 'error');
  return joined(message, error, null);
}

/** Message, error and class, each once. */
function joined(message: string, error: string | null, thrown: string | null): string {
  const head = firstLine(message);
  const cause = error === null ? '' : firstLine(error).slice(0, LONGEST_ERROR);
  const both = cause === '' || head.includes(cause) ? head : `${head}: ${cause}`;
  return thrown === null || both.includes(thrown) ? both : `${both} ${thrown}`;
}

function first(text: string, keys: readonly string[]): string | null {
  for (const key of keys) {
    const value = jsonField(text, 0, key);
    if (value !== null && value !== '') return value;
  }
  return null;
}

/** An object without a message: its members, without what frames every line. */
function withoutFrame(text: string): string {
  return text
    .replace(/"(?:time|timestamp|@timestamp|@t|ts|pid|hostname)":\s*(?:"[^"]*"|[^,}]*)/g, '')
    .replace(/"([^"]*)":\s*"?/g, ' $1=')
    .replace(/[",{}]/g, ' ')
    .trim();
}

function firstLine(text: string): string {
  const end = text.indexOf('\n');
  return end === -1 ? text : text.slice(0, end);
}

function lastLine(text: string): string {
  const start = text.lastIndexOf('\n') + 1;
  return text.slice(start, start + LAST_LINE);
}

const THROWN =
  /^(?:Caused by: |Exception in thread "[^"]*" )?((?:[A-Za-z_$][\w$]*[.\\:]+)*[A-Z][\w$]*(?:Exception|Error|Throwable|Warning|Fault)|[A-Z][\w$]*(?:::[A-Z][\w$]*)*Error)\b/;

/** The class that a trace's text begins with. */
function classOf(text: string): string | null {
  return THROWN.exec(text)?.[1] ?? null;
}

/** The first exception below the head line; Python names it at the end. */
function exceptionIn(head: string, last: string): string | null {
  if (head.includes('Traceback (most')) return /^([\w.]+)(?:: |$)/.exec(last)?.[1] ?? null;
  for (const line of head.split('\n', HEAD_LINES).slice(1)) {
    const thrown = classOf(line);
    if (thrown !== null) return thrown;
  }
  return null;
}
