// One line per log format. The more special ones are tried first: those whose lines can begin with fewer bytes.
export { accessLog } from './access-log.ts';
export { datedRequest } from './dated-request.ts';
export { dotnet } from './dotnet.ts';
export { erlang } from './erlang.ts';
export { gin } from './gin.ts';
export { iis } from './iis.ts';
export { json } from './json.ts';
export { klog } from './klog.ts';
export { loadBalancer } from './load-balancer.ts';
export { logfmt } from './logfmt.ts';
export { phpServer } from './php-server.ts';
export { plain } from './plain.ts';
export { postgresqlCsv } from './postgresql-csv.ts';
export { redis } from './redis.ts';
export { squid } from './squid.ts';
export { syslog } from './syslog.ts';
