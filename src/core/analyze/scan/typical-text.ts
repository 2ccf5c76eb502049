/**
 * What logs mostly consist of: how often bytes and their neighbours occur in it says which part of a literal is rare. The words that secrets
 * are announced by stand in prose too, without a secret.
 */
const TYPICAL_TEXT = `
{"level":"info","ts":1795269600.152,"caller":"server/handler.go:217","msg":"request completed in 35 ms, 12 waiting","trace_id":"4bf92f3577b34da6a3ce929d0e0e4736","status":200}
{"level":30,"time":1795269600000,"pid":1,"hostname":"api-7d9c6b5f4-x2v8k","reqId":"req-ebfd2b30f05c","msg":"order 74602 handed to the index service"}
time=2026-11-21T14:00:00.152Z level=info component=controller msg="reconciled the object" namespace=default name=checkout duration=112ms error=null
ts=2026-11-21T14:00:01.004Z level=warn caller=main.go:88 msg="the token of a session has expired, refreshing it" user=alice attempt=3 key=value
I1121 14:00:00.123456       1 controller.go:314] Successfully started the informer for pods in kube-system; resource version is 118293
2026-11-21 14:00:00,123 INFO  [http-nio-8080-exec-7] com.example.orders.OrderService - created order 18823 for customer 9917, total 12.50
2026-11-21 14:00:00.123 ERROR 1 --- [main] o.s.boot.SpringApplication : Application run failed: java.lang.IllegalStateException: could not connect to the database
	at org.springframework.web.servlet.DispatcherServlet.doDispatch(DispatcherServlet.java:1067)
	at java.base/java.util.concurrent.ThreadPoolExecutor.runWorker(ThreadPoolExecutor.java:1136)
10.42.17.203 - - [21/Nov/2026:14:00:00 +0000] "GET /api/items?id=4711&page=2 HTTP/1.1" 200 5123 "https://shop.example.com/" "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36"
INFO:     10.0.3.17:53422 - "POST /v1/users/17/cart HTTP/1.1" 201 Created
[2026-11-21 14:00:00 +0000] [7] [INFO] Booting worker with pid: 17, listening at: http://0.0.0.0:8000
2026-11-21T14:00:00.123456Z  WARN app::storage: the queue is full, dropping the message partition=3 offset=991823
2026/11/21 14:00:00 [error] 31#31: *1482 connect() failed (111: Connection refused) while connecting to upstream, client: 10.1.2.3, server: _
  File "/usr/lib/python3.12/site-packages/flask/app.py", line 1498, in wsgi_app
{"level":"debug","msg":"session token refreshed, the secret was synced, credentials are valid","session":"open","tokens":128}
level=info msg="authorization succeeded, passing the token to the session store" basic=true cookies=3 public_key=ok keys=4 header=x
the database issued a token to the user, no token of this release was found in the base image, the lease of a purchase is in use by the service
GET /api/users/17/sessions HTTP/1.1" 200 "GET /services/cart HTTP/1.1" 304 Error: the replica of the inventory has no index, waiting in units of 35
user 4711 logged in from 10.1.2.3 by the login form, the user has no order, the users' page is served; user=17 userId=4711 user_id: 42 login=ok
Traceback (most recent call last): app.jobs.worker.run(job) app.queue.take() app.lease.renew() app.js:41:11 app.py:88 app.log in 300 units
checkout 85348 handed to payment in 287 units, 3 waiting; when 40 units are open the buffer is written, then the other member opens a new one
{"user":{"id":659,"name":"bob","roles":["admin"]},"items":[419,787,987],"sha":"9870a0064b0097c0072d4e48","total":48,"price":"19.99","open":true}
Nov 21 14:00:00 node-3 kubelet[1312]: Started container payment, image sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
`;

/** Shares of all bytes, of all pairs of neighbours and of all three in a row. */
export interface Frequencies {
  readonly byte: Float64Array;
  pair(first: number, second: number): number;
  triple(first: number, second: number, third: number): number;
}

/** What stands in so many places of typical text is in many lines of any log. */
const OFTEN = 3;
const TYPICAL_LOWER = TYPICAL_TEXT.toLowerCase();

/** Whether a literal is so common that finding it tells little. */
export function isCommon({ text, folded }: { readonly text: string; readonly folded: boolean }): boolean {
  return (folded ? TYPICAL_LOWER.split(text.toLowerCase()) : TYPICAL_TEXT.split(text)).length > OFTEN;
}

let known: Frequencies | null = null;

export function typicalFrequencies(): Frequencies {
  known ??= countFrequencies();
  return known;
}

export function typicalBytes(): Buffer {
  return Buffer.from(TYPICAL_TEXT);
}

function countFrequencies(): Frequencies {
  const bytes = typicalBytes();
  const share = 1 / bytes.length;
  const byte = new Float64Array(256);
  const pairs = new Map<number, number>();
  const triples = new Map<number, number>();
  const note = (counts: Map<number, number>, key: number) => void counts.set(key, (counts.get(key) ?? 0) + share);
  for (let i = 0; i < bytes.length; i++) {
    const [first, second, third] = [bytes[i] ?? 0, bytes[i + 1] ?? 0, bytes[i + 2] ?? 0];
    byte[first] = (byte[first] ?? 0) + share;
    note(pairs, (first << 8) | second);
    note(triples, (first << 16) | (second << 8) | third);
  }
  return {
    byte,
    pair: (first, second) => pairs.get((first << 8) | second) ?? 0,
    triple: (first, second, third) => triples.get((first << 16) | (second << 8) | third) ?? 0,
  };
}
