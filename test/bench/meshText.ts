import { type Random, seeded } from './statistics.ts';

// The generated manifests that are measured: the kinds and proportions of a repository that deploys services in a mesh.

interface Service {
  readonly name: string;
  readonly namespace: string;
  readonly port: number;
}

const NOUNS = [
  'basket',
  'catalog',
  'checkout',
  'delivery',
  'invoice',
  'ledger',
  'login',
  'rating',
  'search',
  'stock',
] as const;
const TEAMS = ['customer', 'finance', 'warehouse', 'web'] as const;

/** The services of a repository. What is written about them names one another, and what is named exists. */
function serviceList(teams: readonly string[]): Services {
  const all = teams.flatMap((namespace, team) =>
    NOUNS.map((name, noun) => ({ name, namespace, port: [8080, 8443, 9090][(team + noun) % 3] ?? 8080 })),
  );
  return all as [Service, ...Service[]];
}

const SERVICES = serviceList(TEAMS);

type Services = readonly [Service, ...Service[]];

function head(apiVersion: string, kind: string, { name, namespace }: Service): string {
  return `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata:\n  name: ${name}\n  namespace: ${namespace}\n`;
}

function hostOf({ name, namespace }: Service): string {
  return `${name}.${namespace}.svc.cluster.local`;
}

/** Writes a resource of a service; where it names another one, that is one of `others`. */
type Writer = (service: Service, random: Random, others: Services) => string;

const workload: Writer = (service, random, others) => `${head('apps/v1', 'Deployment', service)}  labels:
    app: ${service.name}
spec:
  replicas: ${1 + random.below(8)}
  selector:
    matchLabels:
      app: ${service.name}
  template:
    metadata:
      labels:
        app: ${service.name}
        version: v1
    spec:
      serviceAccountName: ${service.name}
      containers:
        - name: main
          image: registry.example.com/${service.namespace}/${service.name}:${random.below(90)}
          ports:
            - containerPort: ${service.port}
          env:
            - name: REGION
              value: north
            - name: WORKERS
              value: "${1 + random.below(16)}"
            - name: UPSTREAM
              value: http://${hostOf(random.pick(others))}:${service.port}
            - name: NODE_NAME
              valueFrom:
                fieldRef:
                  fieldPath: spec.nodeName
          livenessProbe:
            httpGet:
              path: /live
              port: ${service.port}
            periodSeconds: ${5 + random.below(20)}
          resources:
            requests:
              cpu: ${100 + random.below(900)}m
              memory: ${128 + random.below(900)}Mi
            limits:
              memory: 2Gi
          volumeMounts:
            - name: scratch
              mountPath: /scratch
      volumes:
        - name: scratch
          emptyDir: {}
`;

const service: Writer = (one) => `${head('v1', 'Service', one)}spec:
  selector:
    app: ${one.name}
  ports:
    - name: http
      port: ${one.port}
      targetPort: ${one.port}
      protocol: TCP
`;

const serviceAccount: Writer = (one) => head('v1', 'ServiceAccount', one);

/** One route of a VirtualService; the typed line of the scenarios stands where its timeout is. */
function route(one: Service, random: Random, others: Services): string {
  const other = random.pick(others);
  return `    - match:
        - uri:
            prefix: /${random.pick(NOUNS)}/${random.below(1000)}
          headers:
            x-tenant:
              exact: tenant-${random.below(100)}
      timeout: ${10 + random.below(30)}s
      retries:
        attempts: ${1 + random.below(3)}
        perTryTimeout: ${1 + random.below(3)}s
        retryOn: connect-failure,refused-stream
      route:
        - destination:
            host: ${hostOf(other)}
            port:
              number: ${other.port}
          weight: 75
        - destination:
            host: ${hostOf(one)}
            port:
              number: ${one.port}
          weight: 25
`;
}

function virtualServiceWith(routes: number): Writer {
  return (one, random, others) => `${head('networking.istio.io/v1', 'VirtualService', one)}spec:
  hosts:
    - ${hostOf(one)}
  http:
${Array.from({ length: routes }, () => route(one, random, others)).join('')}    - route:
        - destination:
            host: ${hostOf(one)}
`;
}

const virtualService: Writer = (one, random, others) => virtualServiceWith(1 + random.below(3))(one, random, others);

const destinationRule: Writer = (one, random) => `${head('networking.istio.io/v1', 'DestinationRule', one)}spec:
  host: ${hostOf(one)}
  trafficPolicy:
    connectionPool:
      tcp:
        maxConnections: ${50 + random.below(500)}
      http:
        http2MaxRequests: ${100 + random.below(900)}
    outlierDetection:
      consecutive5xxErrors: ${2 + random.below(8)}
      interval: 20s
      baseEjectionTime: ${30 + random.below(60)}s
    tls:
      mode: ISTIO_MUTUAL
  subsets:
    - name: v1
      labels:
        version: v1
    - name: whole
      labels:
        app: ${one.name}
`;

const authorizationPolicy: Writer = (one, random, others) => {
  const caller = random.pick(others);
  return `${head('security.istio.io/v1', 'AuthorizationPolicy', one)}spec:
  selector:
    matchLabels:
      app: ${one.name}
  action: ${random.pick(['ALLOW', 'DENY'])}
  rules:
    - from:
        - source:
            principals:
              - cluster.local/ns/${caller.namespace}/sa/${caller.name}
      to:
        - operation:
            methods: [GET, PUT]
            paths:
              - /${random.pick(NOUNS)}/*
`;
};

const peerAuthentication: Writer = (one, random) => `${head('security.istio.io/v1', 'PeerAuthentication', one)}spec:
  selector:
    matchLabels:
      app: ${one.name}
  mtls:
    mode: ${random.pick(['STRICT', 'PERMISSIVE'])}
`;

const httpRoute: Writer = (one, random) => `${head('gateway.networking.k8s.io/v1', 'HTTPRoute', one)}spec:
  parentRefs:
    - group: ""
      kind: Service
      name: ${one.name}
      port: ${one.port}
  rules:
    - matches:
        - path:
            type: PathPrefix
            value: /${random.pick(NOUNS)}
      filters:
        - type: RequestHeaderModifier
          requestHeaderModifier:
            set:
              - name: x-team
                value: ${one.namespace}
      backendRefs:
        - name: ${one.name}
          port: ${one.port}
      timeouts:
        request: ${1 + random.below(20)}s
`;

const gateway: Writer = (one) => `${head('gateway.networking.k8s.io/v1', 'Gateway', one)}spec:
  gatewayClassName: istio
  listeners:
    - name: https
      port: 443
      protocol: HTTPS
      hostname: ${one.name}.example.com
      tls:
        certificateRefs:
          - name: ${one.name}-certificate
`;

const linkerdServer: Writer = (one) => `${head('policy.linkerd.io/v1beta3', 'Server', one)}spec:
  podSelector:
    matchLabels:
      app: ${one.name}
  port: ${one.port}
  proxyProtocol: HTTP/2
`;

const linkerdPolicy: Writer = (one) => `${head('policy.linkerd.io/v1alpha1', 'AuthorizationPolicy', one)}spec:
  targetRef:
    group: policy.linkerd.io
    kind: Server
    name: ${one.name}
  requiredAuthenticationRefs:
    - group: policy.linkerd.io
      kind: MeshTLSAuthentication
      name: ${one.name}
`;

const meshTls: Writer = (one, random, others) => {
  const caller = random.pick(others);
  return `${head('policy.linkerd.io/v1alpha1', 'MeshTLSAuthentication', one)}spec:
  identities:
    - ${caller.name}.${caller.namespace}.serviceaccount.identity.linkerd.cluster.local
`;
};

/** Each writer as often as its share of the documents. */
const MIX: readonly [Writer, ...Writer[]] = [
  ...(Array(5).fill(workload) as [Writer, ...Writer[]]),
  ...Array(5).fill(service),
  ...Array(3).fill(serviceAccount),
  ...Array(5).fill(virtualService),
  ...Array(3).fill(destinationRule),
  ...Array(3).fill(authorizationPolicy),
  ...Array(2).fill(httpRoute),
  ...[peerAuthentication, gateway, linkerdServer, linkerdPolicy, meshTls],
];

export interface MeshText {
  readonly text: string;
  readonly lines: number;
  readonly documents: number;
}

function joined(documents: readonly string[]): MeshText {
  const text = documents.join('---\n');
  return { text, lines: text.split('\n').length - 1, documents: documents.length };
}

/** A file of many documents, of at least so many lines. */
export function manyDocuments(lines: number, seed: number): MeshText {
  const random = seeded(seed);
  const documents = SERVICES.flatMap((one) =>
    [workload, service, serviceAccount].map((write) => write(one, random, SERVICES)),
  );
  let written = documents.join('').split('\n').length;
  // At most half of it: the other half is what is written about them.
  while (documents.length > 0 && written > lines / 2) written -= (documents.pop() ?? '').split('\n').length;
  while (written < lines) {
    const document = random.pick(MIX)(random.pick(SERVICES), random, SERVICES);
    documents.push(document);
    written += document.split('\n').length;
  }
  return joined(documents);
}

/** One document of about so many lines. */
export function oneDocument(lines: number, seed: number): MeshText {
  const random = seeded(seed);
  const perRoute = route(random.pick(SERVICES), random, SERVICES).split('\n').length - 1;
  return joined([virtualServiceWith(Math.round(lines / perRoute))(random.pick(SERVICES), random, SERVICES)]);
}

/** One small document of each kind. */
export function everyKind(): MeshText {
  const random = seeded(1);
  return joined([...new Set(MIX)].map((write) => write(random.pick(SERVICES), random, SERVICES)));
}

/** Small files of one kind each. */
export function smallFiles() {
  const random = seeded(2);
  const one = { name: 'checkout', namespace: 'web', port: 8080 };
  const routes = virtualServiceWith(1)(one, random, SERVICES);
  return {
    virtualService: routes,
    faulty: routes.replace('perTryTimeout', 'perTryTimeuot'),
    destinationRule: destinationRule(one, random, SERVICES),
    linkerd: joined([linkerdServer, linkerdPolicy, meshTls].map((write) => write(one, random, SERVICES))).text,
  };
}

export interface TextFile {
  readonly path: string;
  readonly text: string;
}

/** One file for each of these, beside the three that make a service. */
const ABOUT_A_SERVICE = [virtualService, destinationRule, authorizationPolicy, httpRoute, peerAuthentication] as const;

/** The namespace of a team in ambient mode, with the waypoint that its Services use. */
export function ambientNamespace(namespace: string): TextFile {
  const text = `apiVersion: v1
kind: Namespace
metadata:
  name: ${namespace}
  labels:
    istio.io/dataplane-mode: ambient
    istio.io/use-waypoint: waypoint
---
${head('gateway.networking.k8s.io/v1', 'Gateway', { name: 'waypoint', namespace, port: 0 })}spec:
  gatewayClassName: istio-waypoint
  listeners:
    - name: mesh
      port: 15008
      protocol: HBONE
`;
  return { path: `${namespace}/namespace.yaml`, text };
}

/** A repository of so many files with a resource each, in a folder for each namespace. */
export function manyFiles(count: number, seed: number): TextFile[] {
  const random = seeded(seed);
  const perService = 3 + ABOUT_A_SERVICE.length;
  const teams = Array.from({ length: Math.ceil(count / (NOUNS.length * perService)) }, (_, index) => `team-${index}`);
  const services = serviceList(teams);
  const files = services.flatMap((one) =>
    [workload, service, serviceAccount, ...ABOUT_A_SERVICE].map((write, index) => ({
      path: `${one.namespace}/${one.name}-${index}.yaml`,
      text: write(one, random, services),
    })),
  );
  return files.slice(0, count);
}
