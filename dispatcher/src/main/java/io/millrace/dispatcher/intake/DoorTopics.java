package io.millrace.dispatcher.intake;

import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.millrace.schemas.avro.InferenceRequest;
import io.millrace.schemas.avro.InferenceResult;
import io.millrace.schemas.id.TenantId;
import io.millrace.schemas.topic.TenantTopics;
import io.millrace.servicekit.kafka.Registry;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.SecurityDisabledException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * Makes what a tenant needs to produce straight to Kafka: its topics, its schemas under their
 * subjects, and its rights, where the cluster has any. Works through clients that stay the
 * caller's.
 *
 * @param replicationFactor of topics that are made
 */
public record DoorTopics(Admin admin, SchemaRegistryClient registry, short replicationFactor) {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /**
     * Makes what is missing; returns how many partitions the tenant's inbox has, 0 for none.
     *
     * @param principal who produces; empty when nobody does
     * @param results whether results are delivered
     * @throws KafkaException when the cluster refuses or does not answer
     * @throws IllegalStateException when the registry refuses
     */
    int ensure(TenantId tenant, Optional<String> principal, boolean results) {
        int partitions = 0;
        if (results) {
            String topic = TenantTopics.results(tenant);
            var _ = topic(topic, TenantTopics.resultsSettings());
            register(topic, InferenceResult.getClassSchema());
        }
        if (principal.isPresent()) {
            String topic = TenantTopics.inbox(tenant);
            partitions = topic(topic, TenantTopics.inboxSettings());
            register(topic, InferenceRequest.getClassSchema());
        }
        rights(tenant, principal, results);
        return partitions;
    }

    private void register(String topic, org.apache.avro.Schema schema) {
        Registry.register(registry, Map.of(TenantTopics.subject(topic), schema));
    }

    private int topic(String name, Map<String, String> settings) {
        try {
            int found = partitions(name);
            settle(name, settings);
            return found;
        } catch (UnknownTopicOrPartitionException e) {
            try {
                var _ =
                        done(
                                admin.createTopics(
                                                List.of(
                                                        new NewTopic(name, 1, replicationFactor)
                                                                .configs(settings)))
                                        .all());
                return 1;
            } catch (TopicExistsException made) {
                return partitions(name);
            }
        }
    }

    private int partitions(String name) {
        return done(admin.describeTopics(List.of(name)).allTopicNames()).values().stream()
                .mapToInt(topic -> topic.partitions().size())
                .sum();
    }

    /** Sets what differs, of a topic that somebody else made. */
    private void settle(String name, Map<String, String> settings) {
        ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, name);
        var found = done(admin.describeConfigs(List.of(topic)).all()).get(topic);
        List<AlterConfigOp> differ =
                settings.entrySet().stream()
                        .filter(wanted ->
                                found == null || !isSo(found.get(wanted.getKey()), wanted))
                        .map(wanted ->
                                new AlterConfigOp(
                                        new ConfigEntry(wanted.getKey(), wanted.getValue()),
                                        AlterConfigOp.OpType.SET))
                        .toList();
        if (!differ.isEmpty()) {
            var _ = done(admin.incrementalAlterConfigs(Map.of(topic, differ)).all());
        }
    }

    private static boolean isSo(
            @org.jspecify.annotations.Nullable ConfigEntry found,
            Map.Entry<String, String> wanted) {
        return found != null && wanted.getValue().equals(found.value());
    }

    /** Gives the tenant its rights on its own topics, and takes from others what is not theirs. */
    private void rights(TenantId tenant, Optional<String> principal, boolean results) {
        Set<AclBinding> wanted =
                principal.map(who -> DoorRights.of(tenant, who, results)).orElse(Set.of());
        try {
            Set<AclBinding> found = new HashSet<>();
            for (AclBindingFilter resource : DoorRights.resources(tenant)) {
                found.addAll(done(admin.describeAcls(resource).values()));
            }
            List<AclBinding> missing = wanted.stream().filter(acl -> !found.contains(acl)).toList();
            List<AclBindingFilter> strange =
                    found.stream()
                            .filter(acl -> !wanted.contains(acl))
                            .map(AclBinding::toFilter)
                            .toList();
            if (!strange.isEmpty()) {
                Collection<AclBinding> _ = done(admin.deleteAcls(strange).all());
            }
            if (!missing.isEmpty()) {
                var _ = done(admin.createAcls(missing).all());
            }
        } catch (SecurityDisabledException e) {
            // a cluster without an authorizer: everybody may do everything
        }
    }

    private static <T> T done(KafkaFuture<T> future) {
        try {
            return future.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof KafkaException cause ? cause : new KafkaException(e);
        } catch (TimeoutException e) {
            throw new KafkaException("the cluster did not answer within " + PATIENCE, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaException("interrupted while asking the cluster", e);
        }
    }
}
