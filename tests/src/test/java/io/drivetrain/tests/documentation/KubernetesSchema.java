package io.drivetrain.tests.documentation;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import io.kubernetes.client.openapi.JSON;
import io.kubernetes.client.openapi.models.V1ConfigMap;
import io.kubernetes.client.openapi.models.V1Deployment;
import io.kubernetes.client.openapi.models.V1Job;
import io.kubernetes.client.openapi.models.V1PodDisruptionBudget;
import io.kubernetes.client.openapi.models.V1Secret;
import io.kubernetes.client.openapi.models.V1Service;
import io.kubernetes.client.openapi.models.V2HorizontalPodAutoscaler;
import io.kubernetes.client.openapi.models.V2HorizontalPodAutoscalerBehavior;
import java.io.IOException;
import java.util.Map;
import java.util.Set;

/**
 * Kubernetes' own schema, as its Java client was generated from it: unknown fields, missing ones
 * and values of another type are refused. KEDA's, which no artifact holds, is an excerpt: of the
 * kinds and the trigger that the manifests use.
 */
final class KubernetesSchema {

  private record Kind(Class<?> type, Check check) {}

  private interface Check {
    void accept(JsonElement element) throws IOException;
  }

  private static final Map<String, Kind> KINDS =
      Map.of(
          "v1 ConfigMap", new Kind(V1ConfigMap.class, V1ConfigMap::validateJsonElement),
          "v1 Secret", new Kind(V1Secret.class, V1Secret::validateJsonElement),
          "v1 Service", new Kind(V1Service.class, V1Service::validateJsonElement),
          "apps/v1 Deployment", new Kind(V1Deployment.class, V1Deployment::validateJsonElement),
          "batch/v1 Job", new Kind(V1Job.class, V1Job::validateJsonElement),
          "policy/v1 PodDisruptionBudget",
              new Kind(V1PodDisruptionBudget.class, V1PodDisruptionBudget::validateJsonElement),
          "autoscaling/v2 HorizontalPodAutoscaler",
              new Kind(
                  V2HorizontalPodAutoscaler.class, V2HorizontalPodAutoscaler::validateJsonElement));

  /** From the path of an object in KEDA's kinds to its fields; those of lists end in []. */
  private static final Map<String, Set<String>> KEDA =
      Map.ofEntries(
          Map.entry("TriggerAuthentication", Set.of("apiVersion", "kind", "metadata", "spec")),
          Map.entry("TriggerAuthentication.metadata", Set.of("name", "namespace", "labels")),
          Map.entry("TriggerAuthentication.spec", Set.of("secretTargetRef", "env", "podIdentity")),
          Map.entry(
              "TriggerAuthentication.spec.secretTargetRef[]", Set.of("parameter", "name", "key")),
          Map.entry("ScaledObject", Set.of("apiVersion", "kind", "metadata", "spec")),
          Map.entry("ScaledObject.metadata", Set.of("name", "namespace", "labels", "annotations")),
          Map.entry(
              "ScaledObject.spec",
              Set.of(
                  "scaleTargetRef",
                  "pollingInterval",
                  "cooldownPeriod",
                  "initialCooldownPeriod",
                  "idleReplicaCount",
                  "minReplicaCount",
                  "maxReplicaCount",
                  "fallback",
                  "advanced",
                  "triggers")),
          Map.entry(
              "ScaledObject.spec.scaleTargetRef",
              Set.of("apiVersion", "kind", "name", "envSourceContainerName")),
          Map.entry(
              "ScaledObject.spec.fallback", Set.of("failureThreshold", "replicas", "behavior")),
          Map.entry(
              "ScaledObject.spec.advanced",
              Set.of(
                  "restoreToOriginalReplicaCount",
                  "horizontalPodAutoscalerConfig",
                  "scalingModifiers")),
          Map.entry(
              "ScaledObject.spec.advanced.horizontalPodAutoscalerConfig",
              Set.of("name", "behavior")),
          Map.entry(
              "ScaledObject.spec.triggers[]",
              Set.of(
                  "type",
                  "name",
                  "metadata",
                  "authenticationRef",
                  "metricType",
                  "useCachedMetrics")),
          Map.entry("ScaledObject.spec.triggers[].authenticationRef", Set.of("name", "kind")),
          Map.entry(
              "ScaledObject.spec.triggers[].metadata",
              Set.of(
                  "bootstrapServers",
                  "consumerGroup",
                  "topic",
                  "partitionLimitation",
                  "lagThreshold",
                  "activationLagThreshold",
                  "offsetResetPolicy",
                  "allowIdleConsumers",
                  "scaleToZeroOnInvalidOffset",
                  "excludePersistentLag",
                  "limitToPartitionsWithLag",
                  "version",
                  "sasl",
                  "tls",
                  "unsafeSsl")));

  private static final Gson GSON = JSON.getGson();

  private KubernetesSchema() {}

  /**
   * Checks a manifest.
   *
   * @throws IllegalArgumentException if it does not fit, with the field
   */
  static void check(Object yaml) {
    JsonObject manifest = GSON.toJsonTree(yaml).getAsJsonObject();
    String kind = text(manifest, "kind");
    String name = text(manifest, "apiVersion") + " " + kind;
    if (name.startsWith("keda.sh/v1alpha1 ") && KEDA.containsKey(kind)) {
      checkKeda(kind, manifest);
      return;
    }
    Kind known = KINDS.get(name);
    if (known == null) {
      throw new IllegalArgumentException("no schema is known here for " + name);
    }
    check(known, manifest);
  }

  private static void check(Kind kind, JsonElement element) {
    try {
      kind.check().accept(element);
      GSON.fromJson(element, kind.type());
    } catch (IOException | JsonParseException e) {
      throw new IllegalArgumentException(kind.type().getSimpleName() + ": " + e.getMessage(), e);
    }
  }

  private static void checkKeda(String path, JsonElement element) {
    if (path.endsWith(".horizontalPodAutoscalerConfig.behavior")) {
      check(
          new Kind(
              V2HorizontalPodAutoscalerBehavior.class,
              V2HorizontalPodAutoscalerBehavior::validateJsonElement),
          element);
    } else if (element.isJsonObject()) {
      Set<String> fields = KEDA.get(path);
      if (fields == null) {
        throw new IllegalArgumentException(path + " is not in the excerpt of KEDA's schema");
      }
      for (Map.Entry<String, JsonElement> field : element.getAsJsonObject().entrySet()) {
        if (!fields.contains(field.getKey())) {
          throw new IllegalArgumentException(path + " has no field " + field.getKey());
        }
        checkKeda(path + "." + field.getKey(), field.getValue());
      }
    } else if (element.isJsonArray()) {
      element.getAsJsonArray().forEach(item -> checkKeda(path + "[]", item));
    } else if (path.matches(".*(Count|Interval|Period|Threshold|replicas)")
        && !path.contains("triggers[].metadata")) {
      requireNumber(path, element);
    } else if (!element.getAsJsonPrimitive().isString()) {
      throw new IllegalArgumentException(path + " is " + element + "; expected text");
    }
  }

  private static void requireNumber(String path, JsonElement element) {
    if (!element.getAsJsonPrimitive().isNumber()) {
      throw new IllegalArgumentException(path + " is " + element + "; expected a number");
    }
  }

  private static String text(JsonObject manifest, String field) {
    if (!manifest.has(field)) {
      throw new IllegalArgumentException("a manifest has no " + field);
    }
    return manifest.get(field).getAsString();
  }
}
