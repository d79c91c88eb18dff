/** How a request arrives at a workload: through the proxy of its data plane, or directly. */

/** What the sender of the last network leg can speak, and as whom. */
export interface Sender {
  /** The kinds of mutual TLS that it can start, beside plaintext. */
  readonly speaks: ReadonlySet<'hbone' | 'istio-mtls' | 'linkerd-mtls'>;
  readonly identity: string | null;
  /** Whose address the receiver sees. */
  readonly srcIp: 'client' | 'previous-hop';
}
