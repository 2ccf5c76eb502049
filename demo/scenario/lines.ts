import type { Chance } from './chance.ts';

/** What the demo's programs print. Every function gives one line, or several joined by newlines, for a moment in epoch milliseconds. */

const PATHS = ['/', '/products', '/products/4711', '/cart', '/checkout', '/assets/app.8f3b.js', '/api/search?q=lamp'] as const;
const AGENTS = [
  'Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101 Firefox/144.0',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 19_1) Safari/605.1',
] as const;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;

export function nginxLine(at: number, chance: Chance): string {
  const time = new Date(at).toISOString();
  const date = `${time.slice(8, 10)}/${MONTHS[Number(time.slice(5, 7)) - 1]}/${time.slice(0, 4)}:${time.slice(11, 19)} +0000`;
  const status = chance.next() < 0.03 ? 404 : chance.next() < 0.1 ? 304 : 200;
  const client = `10.20.${chance.between(0, 255)}.${chance.between(1, 254)}`;
  return `${client} - - [${date}] "GET ${chance.pick(PATHS)} HTTP/1.1" ${status} ${chance.between(200, 48_000)} "-" "${chance.pick(AGENTS)}"`;
}

export function apiLine(at: number, chance: Chance): string {
  const status = chance.next() < 0.02 ? 404 : chance.next() < 0.004 ? 503 : 200;
  return JSON.stringify({
    level: 'info',
    time: new Date(at).toISOString(),
    msg: 'request completed',
    method: chance.next() < 0.8 ? 'GET' : 'POST',
    path: chance.pick(PATHS),
    status,
    duration_ms: chance.between(2, 180),
  });
}

export function workerLine(at: number, chance: Chance): string {
  const order = chance.between(100_000, 999_999);
  const message = chance.pick([
    `order ${order} packed, 0 errors`,
    `retry queue is empty, no failed orders`,
    `order ${order}: error budget untouched`,
    `batch done: ok=${chance.between(20, 60)} error=0 fatal=0`,
  ]);
  return JSON.stringify({ level: 30, time: at, pid: 1, name: 'order-worker', msg: message });
}

export function postgresLine(at: number, chance: Chance): string {
  const time = new Date(at).toISOString();
  const stamp = `${time.slice(0, 10)} ${time.slice(11, 23)} UTC [${chance.between(60, 90)}]`;
  return chance.pick([
    `${stamp} LOG:  checkpoint starting: time`,
    `${stamp} LOG:  checkpoint complete: wrote ${chance.between(12, 400)} buffers (0.1%); 0 WAL file(s) added, 0 removed, 1 recycled`,
    `${stamp} LOG:  automatic vacuum of table "shop.public.carts": index scans: 1`,
    `${stamp} LOG:  duration: ${chance.between(510, 900)}.213 ms  statement: SELECT * FROM orders WHERE state = 'error'`,
  ]);
}

/** pino lines of a payment service; the share that fails is given. */
export function paymentLine(at: number, chance: Chance, errorShare: number): string {
  const order = `ord_${chance.between(100_000, 999_999)}`;
  const head = { time: at, pid: 1, hostname: 'payments', req: `r-${chance.between(4096, 65_535).toString(16)}` };
  if (chance.next() >= errorShare) {
    return JSON.stringify({ level: 30, ...head, msg: 'charge accepted', order, ms: chance.between(40, 220) });
  }
  const [msg, code] = chance.pick([
    ['charge failed: acquirer did not answer within 5000 ms', 'ETIMEDOUT'],
    ['charge failed: acquirer closed the connection', 'ECONNRESET'],
    ['charge failed: acquirer answered 503', 'EUNAVAILABLE'],
  ]);
  return JSON.stringify({ level: 50, ...head, msg, order, code, acquirer: 'https://acquirer.example.net/v2/charges' });
}

function javaTime(at: number): string {
  return new Date(at).toISOString().replace('Z', '+00:00');
}

/** A Spring Boot service that cannot reach its database: what it prints from start to end. */
export function checkoutStart(at: number): string {
  const info = (offset: number, logger: string, message: string) =>
    `${javaTime(at + offset)}  INFO 1 --- [checkout] [           main] ${logger.padEnd(40)} : ${message}`;
  return [
    info(0, 'c.e.checkout.CheckoutApplication', 'Starting CheckoutApplication v2.14.0 using Java 21.0.5 with PID 1'),
    info(40, 'c.e.checkout.CheckoutApplication', 'The following 1 profile is active: "production"'),
    info(1310, 'o.s.b.w.embedded.tomcat.TomcatWebServer', 'Tomcat initialized with port 8080 (http)'),
    info(1890, 'com.zaxxer.hikari.HikariDataSource', 'HikariPool-1 - Starting...'),
  ].join('\n');
}

export function checkoutEnd(at: number): string {
  return [
    `${javaTime(at)} ERROR 1 --- [checkout] [           main] o.s.boot.SpringApplication               : Application run failed`,
    "org.springframework.beans.factory.BeanCreationException: Error creating bean with name 'orderRepository': could not open JPA EntityManager",
    '\tat org.springframework.beans.factory.support.AbstractAutowireCapableBeanFactory.initializeBean(AbstractAutowireCapableBeanFactory.java:1826)',
    '\tat org.springframework.boot.SpringApplication.refreshContext(SpringApplication.java:449)',
    '\tat com.example.checkout.CheckoutApplication.main(CheckoutApplication.java:24)',
    'Caused by: org.postgresql.util.PSQLException: Connection to orders-db.data.svc:5432 refused. Check that the hostname and port are correct',
    '\tat org.postgresql.core.v3.ConnectionFactoryImpl.openConnectionImpl(ConnectionFactoryImpl.java:352)',
    '\tat org.postgresql.Driver.connect(Driver.java:305)',
    'Caused by: java.net.ConnectException: Connection refused',
    '\tat java.base/sun.nio.ch.Net.pollConnect(Native Method)',
    '\t... 31 more',
  ].join('\n');
}

export function searchLine(at: number, chance: Chance): string {
  const took = `${chance.between(3, 90)} ms, ${chance.between(0, 400)} hits, shard ${chance.between(0, 7)}`;
  return `${new Date(at).toISOString()} INFO  query took ${took}`;
}

/** What the search server says before its liveness probe gives up. */
export function searchLastLine(at: number): string {
  return `${new Date(at).toISOString()} WARN  gc pause of 14.2s, heap 97% full, requests are waiting`;
}

export function resizeLine(at: number, message: string): string {
  return `time="${new Date(at).toISOString()}" level=info msg="${message}" worker=3`;
}

export function meshLine(at: number): string {
  return `[${new Date(at).toISOString()}][info][main] cluster manager: 12 clusters, 0 errors, 0 failed`;
}

export function reportLine(at: number, chance: Chance, mebibytes: number): string {
  return JSON.stringify({
    timestamp: new Date(at).toISOString(),
    severity: 'INFO',
    message: `report ${chance.between(100, 999)} rendered, ${mebibytes} MiB of caches kept`,
  });
}

/**
 * A log-in service that prints its secrets. None of them is real, and they are put together here so that no scanner takes them for such.
 */
export function authLine(at: number, chance: Chance): string {
  const time = new Date(at).toISOString();
  const user = `user${chance.between(100, 999)}`;
  return chance.pick([
    `${time} DEBUG session for ${user}: ${fakeToken(chance)}`,
    `${time} DEBUG calling profile service, Authorization: Bearer ${fakeText(chance, 40)}`,
    `${time} DEBUG uploading avatar with key ${'AK'}IA${fakeText(chance, 16).toUpperCase()}`,
    `${time} INFO log-in of ${user} ok in ${chance.between(9, 60)} ms`,
  ]);
}

export function authFatalLine(at: number, chance: Chance): string {
  const url = `postgres://auth:${fakeText(chance, 12)}@sessions-db.data.svc:5432/sessions`;
  return `${new Date(at).toISOString()} FATAL session store is gone, giving up on ${url} with token ${fakeToken(chance)}`;
}

function fakeToken(chance: Chance): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'HS256', typ: 'JWT' })}.${part({ sub: `user${chance.between(100, 999)}`, role: 'customer' })}.${fakeText(chance, 43)}`;
}

const ALPHABET = 'abcdefghijkmnpqrstuvwxyz23456789';

function fakeText(chance: Chance, length: number): string {
  return Array.from({ length }, () => ALPHABET[chance.between(0, ALPHABET.length - 1)]).join('');
}
