/** Whose password `DB_PASS` or `smtp.pass` is. */
export const OWNERS = alternatives(`
  db database user smtp mail email imap redis mysql mariadb pg postgres mongo sql ldap admin root ftp sftp ssh rabbitmq
  amqp mqtt kafka proxy login auth basic http sudo become bind svc service vault elastic keystore truststore cert vpn
  wifi nexus registry docker git s3
`);

/** What a key is for that ends in `key` and opens something. */
export const OPENING = alternatives(`
  api app application access private signing encryption master auth license account service webhook integration shared
  preshared subscription storage admin deploy root write function functions hmac decryption cipher crypto activation
  registration server session secondary connection fernet jwt aes cookie wrapping unseal recovery host agent ingest
  ingestion insert instrumentation bot tsig backup enc sign decrypt encrypt secret
`);
/** The same, of words that end others, and of vendors. */
export const OPENING_ALONE = alternatives(`
  wpa wep wireguard sas product openai anthropic stripe twilio sendgrid mailgun gemini datadog dd newrelic algolia maps
  mapbox fastly recaptcha sentry segment amplitude mixpanel vultr linode honeycomb rollbar bugsnag pusher ably azure aws
  gcp ovh hetzner pagerduty opsgenie okta cloudflare postmark mandrill sparkpost plivo vonage nexmo
`);

/** What a key is for that finds something, and opens nothing. */
export const FOUND_BY = alternatives(`
  public pub partition routing sort primary foreign cache object row idempotency dedup group shard hash range map registry
  message event record index unique document file blob state lock restore s3 bucket job task queue metric lookup search
  request correlation composite natural translation i18n entity resource item order node issue project request child
  field column trace span step build artifact layer image chunk part store path url redis memo react list set
  surrogate websocket business process definition rate bucketing sticky affinity ring trie tree leaf page sync change
`);

function alternatives(words: string): string {
  return words.trim().split(/\s+/).join('|');
}
