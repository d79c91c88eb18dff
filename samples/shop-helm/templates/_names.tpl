{{- define "tasting-room.name" -}}
{{ .Release.Name }}-tasting-room
{{- end }}
{{- define "tasting-room.labels" -}}
app: {{ include "tasting-room.name" . }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end }}
