/** One request that the simulated cluster saw. */
export interface RequestRecord {
  readonly at: number;
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly userAgent: string;
  /** Of the pod whose log was read. */
  readonly node: string | null;
  /** 0 until it is answered, and for ever when it never is. */
  status: number;
}

const MAX_RECORDS = 20_000;

/** What clients asked for: for tests of manners (rates, requests in flight, what is never asked twice). */
export class Traffic {
  #records: RequestRecord[] = [];
  #inFlight = 0;
  #peak = 0;
  readonly #perNode = new Map<string, number>();
  #nodePeak = 0;
  #connections = 0;

  /** The newest requests, oldest first, at most 20,000. */
  get requests(): readonly RequestRecord[] {
    return this.#records;
  }
  /** Most requests that were in flight at once, in all and for one node's logs; and how many connections were made. */
  get peaks(): { readonly inFlight: number; readonly perNode: number; readonly connections: number } {
    return { inFlight: this.#peak, perNode: this.#nodePeak, connections: this.#connections };
  }

  clear(): void {
    this.#records = [];
    this.#peak = 0;
    this.#nodePeak = 0;
    this.#connections = 0;
  }

  connected(): void {
    this.#connections++;
  }

  /** Notes that a request came; the result notes that its connection is done with it. */
  begin(record: RequestRecord): () => void {
    this.#records.push(record);
    if (this.#records.length > MAX_RECORDS) this.#records = this.#records.slice(MAX_RECORDS / 2);
    this.#peak = Math.max(this.#peak, ++this.#inFlight);
    if (record.node !== null) this.#nodePeak = Math.max(this.#nodePeak, this.#count(record.node, 1));
    return () => {
      this.#inFlight--;
      if (record.node !== null) this.#count(record.node, -1);
    };
  }

  #count(node: string, step: number): number {
    const count = (this.#perNode.get(node) ?? 0) + step;
    this.#perNode.set(node, count);
    return count;
  }
}
