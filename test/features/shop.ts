/** A small shop in two namespaces, as a backdrop for names; files of a scene, without a cursor. */
export const SHOP = `#- shop/catalog.yaml
apiVersion: v1
kind: Service
metadata:
  name: catalog
  namespace: shop
spec:
  selector:
    app: catalog
  ports:
    - name: http
      port: 80
      targetPort: web
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: catalog-v1
  namespace: shop
spec:
  selector:
    matchLabels:
      app: catalog
      version: v1
  template:
    metadata:
      labels:
        app: catalog
        version: v1
    spec:
      serviceAccountName: catalog
      containers:
        - name: main
          ports:
            - name: web
              containerPort: 8080
---
apiVersion: v1
kind: ServiceAccount
metadata:
  name: catalog
  namespace: shop
#- shop/rule.yaml
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata:
  name: catalog
  namespace: shop
spec:
  host: catalog
  subsets:
    - name: stable
      labels:
        version: v1
    - name: canary
      labels:
        version: v2
#- pay/ledger.yaml
apiVersion: v1
kind: Namespace
metadata:
  name: pay
---
apiVersion: v1
kind: Service
metadata:
  name: ledger
  namespace: pay
spec:
  ports:
    - name: tcp
      port: 5432
---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata:
  name: cards
  namespace: pay
spec:
  hosts:
    - api.cards.example
  ports:
    - number: 443
      name: tls
      protocol: TLS
---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata:
  name: front
  namespace: pay
spec:
  selector:
    app: front
  servers: []
#- edge/gateway.yaml
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata:
  name: edge
  namespace: edge
spec:
  gatewayClassName: istio
  listeners:
    - name: web
      port: 80
      protocol: HTTP
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata:
  name: waypoint
  namespace: shop
spec:
  gatewayClassName: istio-waypoint
  listeners:
    - name: mesh
      port: 15008
      protocol: HBONE
`;

/** A VirtualService of the shop with one route; `destination` is a flow map's inside. */
export function routeTo(destination: string, namespace = 'shop'): string {
  return `${SHOP}#- shop/route.yaml
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: catalog
  namespace: ${namespace}
spec:
  hosts: [catalog]
  http:
    - route:
        - destination:
            ${destination.split('\n').join('\n            ')}
`;
}
