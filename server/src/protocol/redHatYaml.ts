import * as z from 'zod/mini';

/**
 * What the client tells the server about the YAML extension of Red Hat, in `initializationOptions.redHatYaml` and, when
 * it changes, in the notification named here. Both extensions serve the same files: this says who reports what.
 */
export const RED_HAT_YAML_NOTIFICATION = 'meshpath/redHatYaml';

export const redHatYamlState = z.object({
  /** It runs, and reports YAML syntax errors: the server then reports none. */
  active: z.boolean(),
  /**
   * URIs of open documents that it validates against a schema of its own. For these the server leaves the structure
   * (unknown fields, types, enums, completion of what a schema can say) to it and reports what the mesh means.
   */
  shared: z.array(z.string()),
});

export type RedHatYamlState = z.infer<typeof redHatYamlState>;
